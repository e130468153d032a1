/** `imagemeta emulate` as a process: how it ends, what it tells, that it outlives being stopped for a while. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { imagemeta, start } from "./running.ts";

/** Runs it over a bucket `photos`. `said` is what has come on standard error. */
async function emulate(environment: Readonly<Record<string, string>> = {}, options: readonly string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), "imagemeta-emulate-"));
  mkdirSync(join(folder, "photos"));
  writeFileSync(join(folder, "photos", "a.txt"), "0123456789");
  const child: ChildProcess = start(["emulate", folder, "--port", "0", ...options], environment);
  onTestFinished(() => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  await vi.waitFor(() => expect(stderr).toContain("STORAGE_EMULATOR_HOST="), { timeout: 20_000 });
  const url = /STORAGE_EMULATOR_HOST=(\S+)/.exec(stderr)?.[1] ?? "";
  return { child, url, objects: `${url}/storage/v1/b/photos`, said: () => stderr };
}

const upload = (url: string, name: string) =>
  fetch(`${url}/upload/storage/v1/b/photos/o?uploadType=media&name=${name}`, { method: "POST", body: name });

test("it outlives thousands of requests and being stopped amid them", { timeout: 120_000 }, async () => {
  const { child, url, objects } = await emulate();
  const statuses = new Map<number, number>();
  let asked = 0;
  const ask = async () => {
    while (asked < 4000) {
      const { status } = await (asked++ % 10 === 0 ? upload(url, `new-${asked}`) : fetch(`${objects}/o/a.txt?alt=media`)).then(
        async (response) => {
          await response.arrayBuffer();
          return response;
        },
      );
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (asked === 1500) {
        child.kill("SIGSTOP");
        setTimeout(() => child.kill("SIGCONT"), 1000);
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, ask));
  expect([...statuses]).toEqual([[200, 4000]]);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("without PUBSUB_EMULATOR_HOST a change that a configuration wants is told once", async () => {
  const { child, url, objects, said } = await emulate();
  const body = JSON.stringify({ topic: "//pubsub.googleapis.com/projects/p/topics/t", payload_format: "NONE" });
  await fetch(`${objects}/notificationConfigs`, { method: "POST", body });
  for (const name of ["a", "b"]) await upload(url, name);
  child.kill("SIGTERM");
  await once(child, "close");
  expect(said().split("\n").slice(2)).toEqual([
    "messages to projects/p/topics/t are not sent: there is no Pub/Sub to send to: set PUBSUB_EMULATOR_HOST",
    "",
  ]);
});

test("with PUBSUB_EMULATOR_HOST a topic is looked for there", async () => {
  const { objects } = await emulate({ PUBSUB_EMULATOR_HOST: "127.0.0.1:1" });
  const body = JSON.stringify({ topic: "//pubsub.googleapis.com/projects/p/topics/t", payload_format: "NONE" });
  expect((await fetch(`${objects}/notificationConfigs`, { method: "POST", body })).status).toBe(503);
});

test("--allow-origin lets pages of an origin call", async () => {
  const { url } = await emulate({}, ["--allow-origin", "http://LOCALHOST:3000/", "--allow-origin", "https://a.example:443"]);
  const statuses = ["http://localhost:3000", "https://a.example", "http://localhost:3001"].map(
    async (origin) => (await fetch(`${url}/storage/v1/b`, { headers: { origin } })).status,
  );
  expect(await Promise.all(statuses)).toEqual([200, 200, 403]);
});

test.each(["localhost:3000", "http://a.example/path", "ftp://a.example", "http://user@a.example"])(
  "--allow-origin %s is a wrong call",
  async (origin) => {
    const { code, stderr } = await imagemeta(["emulate", tmpdir(), "--allow-origin", origin]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("it takes an origin")]);
  },
);
