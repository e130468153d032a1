/** The built image at its work; `npm run image` builds it, then runs this. */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/server.ts";
import { version } from "../../src/record/version.ts";
import { execute, firstProcess, type Image, openImage, type RunOptions, removeImage, start } from "./container.ts";

const samples = new URL("../../samples", import.meta.url).pathname;
let image: Image;
let emulator: Emulator;

beforeAll(async () => {
  image = openImage();
  emulator = await startEmulator({ folder: samples, port: 0 });
});
afterAll(async () => {
  await emulator.close();
  removeImage(image);
});

async function run(args: readonly string[], options?: RunOptions) {
  const child = start(image, args, options);
  child.stdin.end();
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { code, stdout, stderr };
}

/** Resolves with the line that says it. */
function said(child: ChildProcessWithoutNullStreams, what: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let all = "";
    child.once("close", () => reject(new Error(`it ended: ${all}`)));
    createInterface({ input: child.stderr }).on("line", (line) => {
      all += `${line}\n`;
      if (line.includes(what)) resolve(line);
    });
  });
}

function temporary(): string {
  return mkdtempSync(`${tmpdir()}/imagemeta-out-`);
}

test("it is not root, and starts by tini", () => {
  expect(image.user).toBe("node");
  expect(image.entrypoint.slice(0, 2)).toEqual(["/usr/bin/tini", "--"]);
  expect([...image.volumes].sort()).toEqual(["/app/config", "/app/out"]);
});

test("says its version", async () => {
  expect(await run(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

test("it starts with what the build has compiled", async () => {
  const { stderr } = await run(["serve", "--help"], { environment: { NODE_DEBUG_NATIVE: "COMPILE_CACHE" } });
  expect(stderr).toMatch(/V8 code cache for ESM \S*commander\S* was accepted/);
  expect(stderr).not.toContain("was not initialized");
});

test("reads an object of a bucket", async () => {
  const { code, stdout } = await run(["--file", "/sample-bucket/2024/athens.jpg"], {
    environment: { STORAGE_EMULATOR_HOST: emulator.url },
  });
  expect([code, JSON.parse(stdout)[0].summary.model]).toEqual([0, "Pixel 8 Pro"]);
});

test.each(["node", "12345:54321", "0:0"])("as %s it writes into the folder that is mounted as /app/out", async (user) => {
  const out = temporary();
  const [uid = 1000, gid = 1000] = user === "node" ? [] : user.split(":").map(Number);
  // Whoever runs `docker run --user $(id -u):$(id -g)` owns the folder.
  chownSync(out, uid, gid);
  const options = { user, environment: { STORAGE_EMULATOR_HOST: emulator.url }, volumes: { "/app/out": out } };
  const { code, stderr } = await run(["--bucket", "sample-bucket", "--write", "out/my_images_meta.json"], options);
  expect([code, stderr]).toEqual([0, expect.stringContaining("written to out/my_images_meta.json")]);
  expect(readdirSync(out)).toEqual(["my_images_meta.json"]);
  expect(JSON.parse(readFileSync(`${out}/my_images_meta.json`, "utf8")).length).toBeGreaterThan(10);
  expect(statSync(`${out}/my_images_meta.json`).uid).toBe(uid);
  rmSync(out, { recursive: true });
});

test("scans a bucket where nothing but the volume can be written", async () => {
  const out = temporary();
  chownSync(out, 1000, 1000);
  const options = { environment: { STORAGE_EMULATOR_HOST: emulator.url }, volumes: { "/app/out": out } };
  const { code, stderr } = await run(["scan", "gs://sample-bucket", "--to", "out/catalog.db"], options);
  expect([code, stderr]).toEqual([0, expect.stringMatching(/12 read, 0 unchanged/)]);
  rmSync(out, { recursive: true });
});

test("both volumes take whoever the user is", () => {
  for (const place of image.volumes) expect(statSync(`${image.root}${place}`).mode & 0o7777, place).toBe(0o1777);
  expect(image.variables).toContain("XDG_CONFIG_HOME=/app/config");
});

test("its file system is read-only here, and a shell comes where one is asked for", async () => {
  const { code, stdout } = await run(["/bin/bash", "-c", "id -un; imagemeta --version; touch /app/x 2>/dev/null || echo read-only"]);
  expect([code, stdout]).toEqual([0, `node\n${version}\nread-only\n`]);
});

test("a service is found healthy, and SIGTERM to the first process ends it cleanly", async () => {
  const out = temporary();
  chownSync(out, 1000, 1000);
  const port = "18217";
  const child = start(image, ["serve", "--to", "out/catalog.db", "--port", port], { volumes: { "/app/out": out } });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  await said(child, "taking requests");
  expect(execute(image, child, image.healthcheck)).toBe(0);
  const first = firstProcess(child);
  expect(readFileSync(`/proc/${first}/cmdline`, "utf8").split("\0")[0]).toBe("/usr/bin/tini");
  process.kill(first ?? 0, "SIGTERM");
  expect(await ended).toBe(0);
  expect(existsSync(`${out}/catalog.db`)).toBe(true);
  rmSync(out, { recursive: true });
});

test("a service that does not answer is found unhealthy", async () => {
  const child = start(image, ["/bin/bash", "-c", "echo up >&2; exec sleep 60"]);
  await said(child, "up");
  // The first process says what the container does: one of a service that has not come up.
  const late = start({ ...image, entrypoint: ["/bin/bash", "-c", "echo up >&2; sleep 60; true", "/entrypoint.sh"] }, [
    "serve",
    "--port",
    "18218",
  ]);
  await said(late, "up");
  expect([execute(image, child, image.healthcheck), execute(image, late, image.healthcheck)]).toEqual([0, 1]);
  for (const running of [child, late]) {
    const ended = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGKILL");
    await ended;
  }
});

test("nothing of the machine that built it is in it", () => {
  expect(readdirSync(`${image.root}/root`).sort()).toEqual([".bashrc", ".profile"]);
  expect(existsSync(`${image.root}/run/lent`)).toBe(false);
  for (const absent of ["src", "test", "node_modules/typescript", "node_modules/vitest"])
    expect(existsSync(`${image.root}/usr/local/lib/imagemeta/${absent}`), absent).toBe(false);
});
