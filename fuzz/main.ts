/**
 * Coverage-guided fuzzing of every container and decoder: `npm run fuzz -- [--seconds N] [--target NAME]… [--seed N]`.
 * N seconds a target; without it ten minutes are spread over all. Inputs that fail are kept below .cache/fuzz and run first the next time.
 * Exit 1 where anything failed.
 */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { LONGEST } from "./mutate.ts";
import { keptFolder } from "./seeds.ts";
import { COUNT, LENGTH, MEMORY, type Order, POOL, type Report, SLOTS, TIME, WAYS } from "./shared.ts";
import { targets } from "./targets.ts";

const ALL_SECONDS = 600;
/** The worker itself says when an input took too long; this is for those that do not end. A busy machine gets its time. */
const HANG = 5 * TIME;

const { values } = parseArgs({
  options: { seconds: { type: "string" }, target: { type: "string", multiple: true }, seed: { type: "string" } },
});
const chosen = values.target ?? targets.map(({ name }) => name);
for (const name of chosen)
  if (!targets.some((target) => target.name === name)) throw new Error(`no target ${name}: ${targets.map((t) => t.name).join(", ")}`);
const seconds = values.seconds === undefined ? ALL_SECONDS / chosen.length : Number(values.seconds);
const seed = values.seed === undefined ? Date.now() >>> 0 : Number(values.seed);

let failures = 0;
console.log(`${chosen.length} targets, ${seconds.toFixed(1)} s each, seed ${seed}`);
for (const name of chosen) await fuzz(name);
console.log(failures === 0 ? "nothing failed" : `${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;

function tell(target: string, { problem, path, length }: Report): void {
  failures++;
  console.log(`FAILED ${target}: ${length} bytes in ${path}\n${problem.replace(/^/gm, "  ")}`);
}

async function fuzz(name: string): Promise<void> {
  const known: string[] = [];
  const end = Date.now() + seconds * 1000;
  const total = { inputs: 0, pool: 0, ways: 0 };
  for (let round = 0; round === 0 || end - Date.now() > TIME; round++) {
    const state = new Int32Array(new SharedArrayBuffer(4 * SLOTS));
    const input = new SharedArrayBuffer(Math.max(LONGEST, 8 << 20));
    const order = {
      target: name,
      milliseconds: end - Date.now(),
      seed: seed + round,
      known,
      state: state.buffer,
      input,
    } satisfies Order;
    const died = await work(name, order, state, known);
    total.inputs += Atomics.load(state, COUNT);
    total.pool = Atomics.load(state, POOL);
    total.ways = Atomics.load(state, WAYS);
    if (died === undefined) break;
    const bytes = Buffer.from(new Uint8Array(input, 0, Atomics.load(state, LENGTH)));
    if (Atomics.load(state, COUNT) === 0 && bytes.length === 0) throw new Error(`${name} does not start: ${died}`);
    if (known.includes(died)) continue;
    known.push(died);
    const folder = keptFolder(name);
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}.bin`);
    writeFileSync(path, bytes);
    tell(name, { problem: died, signature: died, path, length: bytes.length });
  }
  console.log(`${name.padEnd(20)} ${total.inputs} inputs, ${total.pool} kept for new code, ${total.ways} ways`);
}

/** Runs a worker to its end; what killed it, where something did. */
function work(name: string, order: Order, state: Int32Array, known: string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      workerData: order,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY >> 20 },
    });
    let [count, since] = [0, Date.now()];
    const watch = setInterval(() => {
      const now = Atomics.load(state, COUNT);
      if (now !== count || Atomics.load(state, LENGTH) === 0) [count, since] = [now, Date.now()];
      else if (Date.now() - since > HANG) {
        finish(`did not end in ${HANG} ms`);
        void worker.terminate();
      }
    }, 100);
    const finish = (died: string | undefined) => {
      clearInterval(watch);
      resolve(died);
    };
    worker.on("message", (report: Report) => {
      known.push(report.signature);
      tell(name, report);
    });
    worker.on("error", (error) => finish(error.stack ?? error.message));
    worker.on("exit", () => finish(undefined));
  });
}
