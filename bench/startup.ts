/**
 * From start to ready, beside the least that such a process can take, in pairs: `imagemeta --version`, the push endpoint and the
 * function beside `node -e 0`; the worker, on Google's Pub/Sub emulator, beside a process that only imports the worker's client libraries.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { PubSub } from "@google-cloud/pubsub";
import { startPubsub } from "../test/pubsub-emulator.ts";
import { freePort } from "../test/stores/postgres-server.ts";
import { type Measure, median } from "./measure.ts";

const root = new URL("..", import.meta.url).pathname;
const main = `${root}dist/cli/main.js`;
const CLIENTS = `await Promise.all([import("@google-cloud/pubsub"), import("undici")])`;
/** Rounds that fill the compile cache and the disk's, and are not counted. */
const WARMING = 3;

type Take = () => number | Promise<number>;

/** Milliseconds from start to exit. */
function wholeRun(args: readonly string[]): number {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "ignore" });
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}`);
  return performance.now() - started;
}

/** Milliseconds from start to the line that says it is ready; then it is ended, and has left when this resolves. */
async function untilReady(args: readonly string[], ready: string, env = process.env): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const taken = await new Promise<number>((resolve, reject) => {
    let said = "";
    child.once("exit", () => reject(new Error(`it ended before it was ready: ${said}`)));
    for (const input of [child.stdout, child.stderr])
      createInterface({ input }).on("line", (line) => {
        said += line;
        if (line.includes(ready)) resolve(performance.now() - started);
      });
  });
  child.kill("SIGTERM");
  await exited;
  return taken;
}

const saying = (message: string): string => `"message":"${message}"`;

/** What the Functions Framework itself takes. */
const EMPTY_FUNCTION = `import { cloudEvent } from "@google-cloud/functions-framework";\ncloudEvent("imagemeta", () => {});\n`;

/** Starts `deploy/function`, deployed with this package as it is built, in Google's Functions Framework. @param index in place of its index.mjs */
async function functionIn(folder: string, index?: string): Promise<Take> {
  const source = mkdtempSync(`${folder}/function-`);
  cpSync(`${root}deploy/function`, source, { recursive: true });
  if (index !== undefined) writeFileSync(`${source}/index.mjs`, index);
  mkdirSync(`${source}/node_modules/@google-cloud`, { recursive: true });
  symlinkSync(root, `${source}/node_modules/imagemeta`);
  symlinkSync(`${root}node_modules/@google-cloud/functions-framework`, `${source}/node_modules/@google-cloud/functions-framework`);
  execFileSync(process.execPath, [`${source}/compile-cache.mjs`]);
  const framework = new URL("./main.js", import.meta.resolve("@google-cloud/functions-framework")).pathname;
  const port = await freePort();
  const env = { ...process.env, IMAGEMETA_TO: `${folder}/catalog.db`, NODE_COMPILE_CACHE: `${source}/.compile-cache` };
  return () => untilReady([framework, "--target=imagemeta", `--port=${port}`, `--source=${source}`], `http://localhost:${port}/`, env);
}

async function beside(what: string, most: number, rounds: number, ours: Take, bare: Take): Promise<Measure> {
  const ratios: number[] = [];
  for (let round = 0; round < rounds + WARMING; round++) {
    const floor = await bare();
    const ratio = (await ours()) / floor;
    if (round >= WARMING) ratios.push(ratio);
  }
  const ratio = median(ratios);
  return { what, ratio, limit: `at most ${most}`, holds: ratio <= most };
}

export async function measureStart(rounds = 40): Promise<readonly Measure[]> {
  const folder = mkdtempSync(`${tmpdir()}/imagemeta-bench-`);
  try {
    const nothing = () => wholeRun(["-e", "0"]);
    const ownFunction = await functionIn(folder);
    return [
      await beside("imagemeta --version beside node -e 0", 1.5, rounds, () => wholeRun([main, "--version"]), nothing),
      await beside(
        "imagemeta serve into SQLite, from start to ready, beside node -e 0",
        4,
        rounds,
        () => untilReady([main, "serve", "--to", `${folder}/catalog.db`, "--port", "0"], saying("taking requests")),
        nothing,
      ),
      await beside("the function in Google's Functions Framework, from start to ready, beside node -e 0", 4, rounds, ownFunction, nothing),
      await beside("the same beside an empty function", 1.25, rounds, ownFunction, await functionIn(folder, EMPTY_FUNCTION)),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function measureWorkerStart(rounds = 20): Promise<readonly Measure[]> {
  const folder = mkdtempSync(`${tmpdir()}/imagemeta-bench-`);
  const emulator = await startPubsub();
  process.env.PUBSUB_EMULATOR_HOST = emulator.host;
  const client = new PubSub({ projectId: "demo" });
  try {
    const [topic] = await client.createTopic("images");
    const [dead] = await client.createTopic("dead");
    await client.createSubscription(topic, "images", { deadLetterPolicy: { deadLetterTopic: dead.name, maxDeliveryAttempts: 20 } });
    const worker = [main, "worker", "--project", "demo", "--subscription", "images", "--to", `${folder}/catalog.db`, "--port", "0"];
    return [
      await beside(
        "imagemeta worker, from start to taking messages, beside the import of its client libraries",
        2,
        rounds,
        () => untilReady(worker, saying("taking messages")),
        () => wholeRun(["--input-type=module", "-e", CLIENTS]),
      ),
    ];
  } finally {
    await client.close();
    await emulator.stop();
    rmSync(folder, { recursive: true });
  }
}
