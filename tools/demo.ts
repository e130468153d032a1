/**
 * The main job on the sample bucket: the emulator serves samples/ as Google Cloud Storage in one process,
 * `imagemeta` reads it over HTTP in another. No account, no network.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const root = new URL("..", import.meta.url).pathname;
const imagemeta = `${root}dist/cli/main.js`;

const emulator = spawn(process.execPath, [imagemeta, "emulate", "samples", "--port", "0"], {
  cwd: root,
  stdio: ["ignore", "ignore", "pipe"],
});
let host: string | undefined;
for await (const line of createInterface({ input: emulator.stderr })) {
  host = /^export STORAGE_EMULATOR_HOST=(\S+)$/.exec(line)?.[1];
  if (host !== undefined) break;
}
if (host === undefined) throw new Error("the emulator did not start");

async function show(...args: string[]): Promise<void> {
  process.stdout.write(`\n$ imagemeta ${args.join(" ")}\n`);
  const run = spawn(process.execPath, [imagemeta, ...args], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, STORAGE_EMULATOR_HOST: host },
  });
  await once(run, "exit");
}

try {
  await show("--file", "/sample-bucket/2024/athens.jpg", "--only", "format,width,height,orientation,summary,thumbnail,read");
  await show("--bucket", "sample-bucket", "--format", "table");
  await show("--bucket", "sample-bucket", "--write", "out/sample-bucket.json");
} finally {
  emulator.kill();
}
