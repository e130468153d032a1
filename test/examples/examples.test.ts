import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/server.ts";

const root = new URL("../..", import.meta.url).pathname;
const fromSource = new URL("./from-source.ts", import.meta.url).href;
let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ folder: `${root}samples`, port: 0 });
});
afterAll(() => emulator.close());

/** Runs an example in a process of its own; gives what it prints. */
async function run(name: string, args: readonly string[], input: Uint8Array = Buffer.alloc(0)): Promise<string> {
  const child = spawn(process.execPath, ["--import", fromSource, `${root}examples/${name}`, ...args], {
    env: { ...process.env, STORAGE_EMULATOR_HOST: emulator.url },
  });
  child.stdin.end(input);
  const [out, problems] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return out + problems;
}

const photo = "2024/athens.jpg";

test("one-image.ts", async () => {
  const out = await run("one-image.ts", [`gs://sample-bucket/${photo}`]);
  expect(out).toMatch(/^JPEG, \d+ × \d+, taken 2024-\S+\n\d+ bytes read of \d+, requests: 1\n$/);
  expect(await run("one-image.ts", ["gs://sample-bucket/none.jpg"])).toMatch(/^NOT_FOUND: /);
  expect(await run("one-image.ts", [`${root}samples/sample-bucket/${photo}`])).toMatch(/^JPEG, /);
});

test("whole-bucket.ts", async () => {
  const out = await run("whole-bucket.ts", ["gs://sample-bucket"]);
  expect(out).toBe(await run("whole-bucket.ts", [`${root}samples/sample-bucket`]));
  expect(out).toMatch(/^\d+ unknown$/m);
});

test("upload.ts", async () => {
  expect(await run("upload.ts", [], readFileSync(`${root}samples/sample-bucket/${photo}`))).toMatch(
    /^taken at 37\.\d\d, 23\.\d\d\n\d+ groups of tags\n$/,
  );
  expect(await run("upload.ts", [], Buffer.from("no image at all"))).toBe("refused: NOT_AN_IMAGE\n");
});

test("every example is run", () => {
  // The page is run by test/package/browser.test.ts.
  expect(readdirSync(`${root}examples`).sort()).toEqual(["browser.html", "one-image.ts", "upload.ts", "whole-bucket.ts"]);
});
