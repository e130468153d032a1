/** Damaged files: `node bench/malformed.ts` prints which take the most time and memory. Needs a folder of them beside the real images. */
import { type ChildProcess, fork } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { corpus } from "../test/corpus.ts";
import type { Reading } from "./malformed-reader.ts";
import type { Measure } from "./measure.ts";

const MILLISECONDS = 1000;
const MEBIBYTES = 256;
/** Files that one process reads: not one each, whose start would cost more than they; not all, whose memory would hide theirs. */
const BATCH = 25;
/** For one that does not end. A busy machine gets its time. */
const PATIENCE = 10 * MILLISECONDS;

/** The damaged files beside the real images; undefined where there are none. */
export const malformed: string | undefined = corpus !== undefined && existsSync(`${corpus}/malformed`) ? `${corpus}/malformed` : undefined;

function next(child: ChildProcess, path: string): Promise<Reading> {
  return new Promise((resolve) => {
    const fail = () => finish({ path, outcome: undefined, milliseconds: Number.POSITIVE_INFINITY, mebibytes: Number.POSITIVE_INFINITY });
    const timer = setTimeout(fail, PATIENCE);
    const finish = (reading: Reading) => {
      clearTimeout(timer);
      child.off("message", finish).off("exit", fail);
      resolve(reading);
    };
    child.on("message", finish).on("exit", fail).send(path);
  });
}

async function readMalformed(folder: string): Promise<Reading[]> {
  const readings: Reading[] = [];
  const paths = readdirSync(folder).map((name) => `${folder}/${name}`);
  while (readings.length < paths.length) {
    const child = fork(new URL("./malformed-reader.ts", import.meta.url), { execArgv: [`--max-old-space-size=${MEBIBYTES}`] });
    for (const path of paths.slice(readings.length, readings.length + BATCH)) {
      const reading = await next(child, path);
      readings.push(reading);
      if (reading.outcome === undefined) break;
    }
    child.kill();
  }
  return readings;
}

function holds({ outcome, milliseconds, mebibytes }: Reading): boolean {
  return outcome !== undefined && milliseconds < MILLISECONDS && mebibytes < MEBIBYTES;
}

/** @param folder damaged files */
export async function measureMalformed(folder: string): Promise<Measure> {
  const readings = await readMalformed(folder);
  const ratio = readings.filter(holds).length / readings.length;
  return {
    what: `share of ${readings.length} damaged files that give a record or an error, each under 1 s and ${MEBIBYTES} MiB`,
    ratio,
    limit: "1",
    holds: ratio === 1,
  };
}

if (import.meta.main) {
  if (malformed === undefined) throw new Error("no folder of damaged files (malformed in IMAGEMETA_CORPUS, or in ../shared/corpus)");
  const readings = await readMalformed(malformed);
  const outcomes = Object.groupBy(readings, ({ outcome = "THROWN" }) => outcome);
  console.log(
    `${readings.filter(holds).length} of ${readings.length} damaged files hold: a record or an error, under 1 s and ${MEBIBYTES} MiB`,
  );
  for (const [outcome, some] of Object.entries(outcomes)) console.log(`${String(some?.length).padStart(6)}  ${outcome}`);
  const show = ({ path, milliseconds, mebibytes }: Reading) =>
    console.log(
      `${milliseconds.toFixed(1).padStart(8)} ms ${mebibytes.toFixed(1).padStart(7)} MiB  ${path.slice(path.lastIndexOf("/") + 1)}`,
    );
  console.log("most time:");
  readings
    .toSorted((a, b) => b.milliseconds - a.milliseconds)
    .slice(0, 10)
    .forEach(show);
  console.log("most memory:");
  readings
    .toSorted((a, b) => b.mebibytes - a.mebibytes)
    .slice(0, 10)
    .forEach(show);
}
