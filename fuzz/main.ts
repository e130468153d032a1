/**
 * Fuzzing of every container and decoder, guided by coverage and by cost: CONTRIBUTING.md has the options. Inputs that break a limit are kept
 * below .cache/fuzz and run first the next time. Exits 1 if anything was found.
 */
import { fork } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { engineAt } from "./engine.ts";
import { measureApart } from "./measure.ts";
import { broken, costText } from "./oracle.ts";
import { keepInput } from "./saved.ts";
import { type Finding, type Order, type Progress, type Report, runningInput } from "./shared.ts";
import { findTarget, type Target, targetsOf } from "./targets.ts";

const TOTAL_SECONDS = 600;
/** A run that V8 itself does not end: the process is killed. A busy machine gets its time. */
const HANG_MS = 60_000;
const START_MS = 120_000;
const WATCH_MS = 250;
const MAX_PROCESSES = 2;
/** Findings of one target: what comes after has the same causes most often. */
const MAX_FINDINGS = 60;
/** The share of a target's time in which coverage is followed. */
const COVERAGE_SHARE = 0.3;
/** Not worth a new process: a share of a target's time. */
const SHORTEST = 0.05;
/** A worker that needs more dies, and its input is kept. */
const WORKER_HEAP_MIB = 1024;

const { values } = parseArgs({
  options: {
    seconds: { type: "string" },
    total: { type: "string" },
    target: { type: "string", multiple: true },
    seed: { type: "string" },
    processes: { type: "string" },
    engine: { type: "string" },
    keep: { type: "string" },
    file: { type: "string" },
    findings: { type: "string" },
    costliest: { type: "string" },
  },
});
const engineName = resolve(values.engine ?? fileURLToPath(new URL("../src", import.meta.url)));
const keep = resolve(values.keep ?? fileURLToPath(new URL("../.cache/fuzz", import.meta.url)));
const engine = await engineAt(engineName);
const maxFindings = values.findings === undefined ? MAX_FINDINGS : Number(values.findings);
const chosen = values.target === undefined ? targetsOf(engine) : values.target.map((name) => findTarget(engine, name));
if (values.file === undefined) await fuzzAll();
else judge(resolve(values.file), chosen);

/** Says what one input costs, in a process of its own. */
function judge(file: string, of: readonly Target[]): void {
  for (const { name } of of) {
    const cost = measureApart(engineName, name, file);
    const kinds = cost === undefined ? ["memory"] : broken(cost);
    console.log(
      `${name}: ${cost === undefined ? "the process died of it" : costText(cost)}${kinds.length === 0 ? "" : `: ${kinds.join(", ")}`}`,
    );
    if (kinds.length > 0) process.exitCode = 1;
  }
}

async function fuzzAll(): Promise<void> {
  const processes = values.processes === undefined ? MAX_PROCESSES : Number(values.processes);
  const seed = values.seed === undefined ? Date.now() >>> 0 : Number(values.seed);
  const weights = chosen.reduce((sum, { weight }) => sum + weight, 0);
  const total = values.total === undefined ? TOTAL_SECONDS : Number(values.total);
  const secondsOf = ({ weight }: Target) =>
    values.seconds === undefined ? (total * processes * weight) / weights : Number(values.seconds);
  console.log(`${chosen.length} targets, ${processes} processes, seed ${seed}`);
  // The longest first: all processes end at about the same time.
  const queue = [...chosen].sort((a, b) => secondsOf(b) - secondsOf(a));
  const counts: number[] = [];
  const work = async (): Promise<void> => {
    for (let target = queue.shift(); target !== undefined; target = queue.shift()) counts.push(await fuzz(target, secondsOf(target), seed));
  };
  await Promise.all(Array.from({ length: processes }, work));
  const found = counts.reduce((sum, count) => sum + count, 0);
  console.log(found === 0 ? "nothing found" : `${found} found`);
  process.exitCode = found === 0 ? 0 : 1;
}

/** Labels and messages may hold bytes of a hostile file: a terminal gets visible characters only. */
function visible(text: string): string {
  return text.replaceAll(/[^\x20-\x7e\n]/g, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`);
}

function tell({ target, kind, problem, origin, path, bytes, seconds, inputs }: Finding): void {
  console.log(visible(`FOUND ${kind} in ${target} after ${seconds.toFixed(1)} s and ${inputs} inputs: ${bytes} bytes by ${origin}`));
  console.log(visible(problem.replace(/^/gm, "  ")));
  console.log(`  npm run fuzz -- --target ${target} --file ${path}`);
}

/** Fuzzes one target to the end of its time, with a new process if one dies; how many findings there are. */
async function fuzz({ name }: Target, seconds: number, seed: number): Promise<number> {
  const [known, banned]: [string[], (readonly string[])[]] = [[], []];
  const start = Date.now();
  const total = { inputs: 0, pool: 0, ways: 0 };
  const running = join(tmpdir(), `imagemeta-fuzz-${process.pid}-${name.replaceAll("/", "_")}`);
  let found = 0;
  const report = (finding: Finding): void => {
    found++;
    known.push(finding.signature);
    if (finding.banned !== undefined && finding.kind !== "throw") banned.push(finding.banned);
    tell({ ...finding, seconds: finding.seconds + (begun - start) / 1000, inputs: finding.inputs + total.inputs });
  };
  let begun = start;
  const left = () => seconds - (Date.now() - start) / 1000;
  for (let round = 0; found < maxFindings && (round === 0 || left() > seconds * SHORTEST); round++) {
    begun = Date.now();
    // First the search for costs, then the one that follows coverage as well.
    const beforeCoverage = left() - seconds * COVERAGE_SHARE;
    const coverage = beforeCoverage < seconds * SHORTEST;
    const order = {
      engine: engineName,
      target: name,
      seconds: coverage ? left() : beforeCoverage,
      seed: seed + round,
      coverage,
      findings: maxFindings - found,
      ...(values.costliest === undefined ? {} : { costliest: join(resolve(values.costliest), name) }),
      kept: join(keep, name),
      replay: round === 0,
      running,
      known,
      banned,
    } satisfies Order;
    const { died, progress } = await runWorker(order, report);
    total.inputs += progress.inputs;
    total.pool = Math.max(total.pool, progress.pool);
    total.ways = Math.max(total.ways, progress.ways);
    if (died === undefined) continue;
    const last = runningInput(running);
    if (last === undefined) throw new Error(`${name} died at its start: ${died}`);
    // What killed it once may have died of what came before.
    const path = keepInput(order.kept, last.input);
    const cost = measureApart(engineName, name, path);
    const kinds = cost === undefined ? ["memory"] : broken(cost);
    if (last.origin.length > 0) banned.push(last.origin);
    const signature = `${kinds.join("+")} ${last.origin.join(", ").replaceAll(/\d+/g, "#")}`;
    if (kinds.length === 0 || known.includes(signature)) rmSync(path);
    else
      report({
        target: name,
        kind: kinds.join("+"),
        signature,
        problem: `${died}; apart: ${cost === undefined ? "the process died of it" : costText(cost)}`,
        origin: last.origin.join(", ") || "mutation of bytes",
        path,
        bytes: last.input.bytes.length,
        seconds: (Date.now() - begun) / 1000,
        inputs: progress.inputs,
      });
  }
  for (const path of [running, `${running}.apart`]) rmSync(path, { force: true, recursive: true });
  console.log(`${name.padEnd(20)} ${total.inputs} inputs, ${total.pool} kept for new code, ${total.ways} ways`);
  return found;
}

/** Runs a worker process to its end; what ended it, if it did not end by itself. */
function runWorker(order: Order, report: (finding: Finding) => void): Promise<{ died: string | undefined; progress: Progress }> {
  mkdirSync(order.kept, { recursive: true });
  rmSync(order.running, { force: true });
  return new Promise((done) => {
    const worker = fork(fileURLToPath(new URL("worker.ts", import.meta.url)), [JSON.stringify(order)], {
      execArgv: [`--max-old-space-size=${WORKER_HEAP_MIB}`],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let progress: Progress = { inputs: 0, pool: 0, ways: 0 };
    let [errors, hung] = ["", false];
    worker.stderr?.on("data", (piece: Buffer) => {
      errors = `${errors}${piece}`.slice(-4000);
    });
    let [count, since] = [-1, Date.now()];
    const watch = setInterval(() => {
      const now = runningInput(order.running)?.count ?? -1;
      if (now !== count) [count, since] = [now, Date.now()];
      else if (Date.now() - since > (now < 0 ? START_MS : HANG_MS)) {
        hung = true;
        worker.kill("SIGKILL");
      }
    }, WATCH_MS);
    worker.on("message", (message: Report) => {
      if ("finding" in message) report(message.finding);
      else progress = message.progress;
    });
    worker.on("close", (code, signal) => {
      clearInterval(watch);
      const died = hung
        ? `did not end in ${HANG_MS} ms`
        : code === 0
          ? undefined
          : `the process died: ${signal ?? `exit ${code}`}\n${errors.trim()}`;
      done({ died, progress });
    });
  });
}
