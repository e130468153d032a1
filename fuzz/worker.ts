/** Fuzzes one target for a time: runs what mutation makes, keeps what runs new code, tells of what fails. */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { getHeapStatistics } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { Coverage } from "./coverage.ts";
import { mutate } from "./mutate.ts";
import { Random } from "./random.ts";
import { keptFolder, seedsOf } from "./seeds.ts";
import type { Order, Report } from "./shared.ts";
import { COUNT, LENGTH, MEMORY, POOL, TIME, WAYS } from "./shared.ts";
import { type Input, targets } from "./targets.ts";

const order = workerData as Order;
const state = new Int32Array(order.state);
const current = new Uint8Array(order.input);
const target = targets.find(({ name }) => name === order.target);
if (target === undefined) throw new Error(`no target ${order.target}`);

const known = new Set<string>(order.known);

function tell(problem: string, signature: string, bytes: Uint8Array): void {
  if (known.has(signature)) return;
  known.add(signature);
  const folder = keptFolder(order.target);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}.bin`);
  writeFileSync(path, bytes);
  parentPort?.postMessage({ problem, signature, path, length: bytes.length } satisfies Report);
}

/** Where in the engine it was thrown, without what differs from input to input. */
function signatureOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return inspect(thrown).replace(/\d+/g, "#");
  const frame = /\/src\/[^\s)]+/.exec(thrown.stack ?? "")?.[0] ?? "";
  return `${thrown.name} ${thrown.message.replace(/\d+/g, "#").slice(0, 60)} ${frame}`;
}

function run(input: Input): void {
  current.set(input.bytes);
  Atomics.store(state, LENGTH, input.bytes.length);
  const before = getHeapStatistics().external_memory;
  const started = process.threadCpuUsage();
  const wrong = target?.run(input) ?? [];
  const { user, system } = process.threadCpuUsage(started);
  const milliseconds = (user + system) / 1000;
  const grown = getHeapStatistics().external_memory - before;
  Atomics.add(state, COUNT, 1);
  for (const thrown of wrong)
    tell(thrown instanceof Error ? (thrown.stack ?? thrown.message) : inspect(thrown), signatureOf(thrown), input.bytes);
  if (milliseconds > TIME) tell(`took ${Math.round(milliseconds)} ms of CPU`, "slow", input.bytes);
  if (grown > MEMORY) tell(`took ${grown >> 20} MiB beside the heap`, "memory", input.bytes);
}

const random = new Random(order.seed);
const seeds = seedsOf(target);
const coverage = new Coverage();
const pool: Input[] = [];
const end = Date.now() + order.milliseconds;
Atomics.store(state, LENGTH, 0);

function note(input: Input): void {
  if (coverage.news() > 0) pool.push(input);
  Atomics.store(state, POOL, pool.length);
  Atomics.store(state, WAYS, coverage.size);
}

for (const seed of seeds) {
  if (Date.now() > end) break;
  run(seed);
  note(seed);
}
if (pool.length === 0) pool.push(...seeds);
while (Date.now() < end) {
  // What came last runs code that few have run.
  const parent = random.below(2) === 0 ? random.one(pool) : random.one(pool.slice(-32));
  const input = { ...parent, bytes: mutate(parent.bytes, random.one(pool).bytes, random) };
  run(input);
  note(input);
}
