/** A bucket in another process: the emulator over a folder, with a delay of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

const root = new URL("..", import.meta.url).pathname;

export interface ServedBucket {
  readonly url: string;
  signal(name: "SIGSTOP" | "SIGCONT"): void;
  close(): Promise<void>;
}

/** Serves `folder` (its folders are the buckets); every request takes at least `latency` milliseconds. */
export async function serveBucket(folder: string, latency = 0): Promise<ServedBucket> {
  const args = [`${root}dist/cli/main.js`, "emulate", folder, "--port", "0", "--latency", String(latency)];
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  if (child.stderr === null) throw new Error("the emulator has no stderr");
  for await (const line of createInterface({ input: child.stderr })) {
    const url = /^export STORAGE_EMULATOR_HOST=(\S+)$/.exec(line)?.[1];
    if (url === undefined) continue;
    return {
      url,
      signal: (name) => child.kill(name),
      close: () =>
        new Promise((resolve) => {
          child.once("exit", () => resolve());
          child.kill();
        }),
    };
  }
  throw new Error("the emulator did not start");
}
