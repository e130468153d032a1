/**
 * Damaged and hostile files, from memory and by ranged requests: each must give a record or an error, within the limits of time and
 * memory. `node bench/hostile.ts [FOLDER]` prints which take the most.
 */
import { type ChildProcess, fork } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { attacks, corpus } from "../test/corpus.ts";
import type { Assignment, Reading } from "./hostile-reader.ts";
import type { Measure } from "./measure.ts";

const MAX_CPU_MS = 1000;
const MAX_MEBIBYTES = 256;
const MAX_WARNINGS = 1000;
const MAX_RECORD_BYTES = 4 << 20;
/** Files that one process reads: not one each, whose start would cost more than they; not all, whose memory would hide theirs. */
const BATCH = 25;
/** For a file that never ends. A busy machine gets its time. */
const READER_TIMEOUT_MS = 20 * MAX_CPU_MS;

/** The folders of damaged and of hostile files that this machine has. */
export const folders: readonly string[] = [
  ...(corpus === undefined ? [] : [`${corpus}/malformed`]),
  ...(attacks === undefined ? [] : [attacks]),
].filter((folder) => existsSync(folder));

function next(child: ChildProcess, assignment: Assignment): Promise<Reading> {
  return new Promise((resolve) => {
    const fail = () =>
      finish({ ...assignment, outcome: undefined, milliseconds: Number.POSITIVE_INFINITY, mebibytes: 0, warnings: 0, recordBytes: 0 });
    const timer = setTimeout(fail, READER_TIMEOUT_MS);
    const finish = (reading: Reading) => {
      clearTimeout(timer);
      child.off("message", finish).off("exit", fail);
      resolve(reading);
    };
    child.on("message", finish).on("exit", fail).send(assignment);
  });
}

async function readAll(assignments: readonly Assignment[]): Promise<Reading[]> {
  const readings: Reading[] = [];
  while (readings.length < assignments.length) {
    const child = fork(new URL("./hostile-reader.ts", import.meta.url));
    for (const assignment of assignments.slice(readings.length, readings.length + BATCH)) {
      const reading = await next(child, assignment);
      readings.push(reading);
      if (reading.outcome === undefined) break;
    }
    child.kill("SIGKILL");
  }
  return readings;
}

/** Serves the files of a folder by ranges, as Cloud Storage does. */
async function serveFolder(folder: string): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    const bytes = readFileSync(`${folder}/${decodeURIComponent(request.url ?? "").slice(1)}`);
    const [, from = "0", to = String(bytes.length - 1)] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    const part = bytes.subarray(Number(from), Number(to) + 1);
    response.writeHead(206, { "content-range": `bytes ${from}-${Number(from) + part.length - 1}/${bytes.length}`, etag: '"1"' }).end(part);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function readFolder(folder: string): Promise<Reading[]> {
  const served = await serveFolder(folder);
  try {
    const names = readdirSync(folder).filter((name) => !name.endsWith(".md"));
    const memory = names.map((name) => ({ path: `${folder}/${name}` }));
    const ranges = names.map((name) => ({ path: `${folder}/${name}`, url: `${served.url}/${encodeURIComponent(name)}` }));
    return [...(await readAll(memory)), ...(await readAll(ranges))];
  } finally {
    served.close();
  }
}

function holds({ outcome, milliseconds, mebibytes, warnings, recordBytes }: Reading): boolean {
  const isBounded = warnings <= MAX_WARNINGS && recordBytes <= MAX_RECORD_BYTES;
  return outcome !== undefined && milliseconds < MAX_CPU_MS && mebibytes < MAX_MEBIBYTES && isBounded;
}

export async function measureHostile(): Promise<readonly Measure[]> {
  const measures: Measure[] = [];
  for (const folder of folders) {
    const readings = await readFolder(folder);
    const ratio = readings.filter(holds).length / readings.length;
    const name = folder.slice(folder.lastIndexOf("/") + 1);
    const what = `share of the ${readings.length} readings of ${name} files, from memory and by ranges, that hold every limit`;
    measures.push({ what, ratio, limit: "1", holds: ratio === 1 });
  }
  return measures;
}

if (import.meta.main) {
  const [given] = process.argv.slice(2);
  for (const folder of given === undefined ? folders : [given]) {
    const readings = await readFolder(folder);
    console.log(`${folder}: ${readings.filter(holds).length} of ${readings.length} readings hold`);
    for (const [outcome, some] of Object.entries(Object.groupBy(readings, ({ outcome = "THROWN" }) => outcome)))
      console.log(`${String(some?.length).padStart(6)}  ${outcome}`);
    const show = (reading: Reading) => {
      const { path, url, milliseconds, mebibytes, warnings, recordBytes } = reading;
      const figures = `${milliseconds.toFixed(1).padStart(8)} ms ${mebibytes.toFixed(1).padStart(7)} MiB ${String(warnings).padStart(5)} warnings ${(recordBytes / 1024).toFixed(0).padStart(5)} KiB`;
      console.log(
        `${holds(reading) ? " " : "✗"} ${figures}  ${url === undefined ? "memory" : "ranges"}  ${path.slice(path.lastIndexOf("/") + 1)}`,
      );
    };
    for (const order of ["milliseconds", "mebibytes"] as const) {
      console.log(`most ${order}:`);
      readings
        .toSorted((a, b) => b[order] - a[order])
        .slice(0, 10)
        .forEach(show);
    }
  }
}
