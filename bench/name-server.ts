/**
 * A bucket of so many made-up names in a process of its own, each object the same small photo; ends with its standard input.
 *
 *   node bench/name-server.ts SHAPE COUNT [LATENCY_MS] [PAGE_LIMIT]
 *
 * prints `export STORAGE_EMULATOR_HOST=…` when it serves; any bucket's name will do.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { gcs } from "../src/storage/gcs/storage.ts";
import { resolveOptions } from "../src/storage/options.ts";
import { serveNames } from "../test/storage/name-server.ts";
import { namesOf, type Shape } from "../test/storage/name-shapes.ts";
import type { ServedBucket } from "./bucket.ts";

const root = new URL("..", import.meta.url).pathname;

export interface NamesToServe {
  readonly shape: Shape;
  readonly count: number;
  /** Milliseconds before each answer. Default 0. */
  readonly latency?: number;
  /** Objects of a page at most. Default 5000. */
  readonly pageLimit?: number;
}

export interface ServedNames extends Omit<ServedBucket, "signal"> {
  /** Requests for lists so far. */
  lists(): Promise<number>;
}

/** Starts the process. */
export async function serveBucketOfNames({ shape, count, latency = 0, pageLimit = 5000 }: NamesToServe): Promise<ServedNames> {
  const args = [import.meta.filename, shape, String(count), String(latency), String(pageLimit)];
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit", "ipc"] });
  if (child.stdout === null) throw new Error("the server has no stdout");
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^export STORAGE_EMULATOR_HOST=(\S+)$/.exec(line)?.[1];
    if (url === undefined) continue;
    return {
      url,
      lists: () =>
        new Promise((resolve) => {
          child.once("message", (count: number) => resolve(count));
          child.send("lists");
        }),
      close: () =>
        new Promise((resolve) => {
          child.once("exit", () => resolve());
          child.kill();
        }),
    };
  }
  throw new Error("the server of names did not start");
}

if (process.argv[1] === import.meta.filename) {
  const [shape = "", count = "", latency = "0", pageLimit = "5000"] = process.argv.slice(2);
  const names = namesOf(shape as Shape, Number(count));
  const content = readFileSync(`${root}samples/sample-bucket/press/harbour.jpg`);
  const server = await serveNames({ names: () => names, latency: Number(latency), pageLimit: Number(pageLimit), content });
  // Its answers are written now, not while it is measured.
  const storage = gcs(resolveOptions({ emulatorHost: server.url }));
  for await (const _page of storage.list({ root: "gs://names" }, AbortSignal.timeout(600_000))) break;
  await storage.close();
  server.lists.count = 0;
  process.stdout.write(`export STORAGE_EMULATOR_HOST=${server.url}\n`);
  process.on("message", () => process.send?.(server.lists.count));
  process.stdin.resume().once("end", () => process.exit());
}
