import { request } from "node:http";
import { expect, test } from "vitest";
import type { FaultRule } from "../../src/emulator/faults.ts";
import { emulatorOver } from "./running.ts";

const object = "/storage/v1/b/photos/o/a.txt";

test("refusals come with the bodies and headers that clients look at", async () => {
  const { url, faults } = await emulatorOver({ "photos/a.txt": "a" });
  faults.add({ kinds: ["503"], times: 1 });
  faults.add({ kinds: ["429"], times: 1, retryAfter: 7 });
  faults.add({ kinds: ["401"], times: 1 });
  const seen: unknown[] = [];
  for (let at = 0; at < 4; at++) {
    const response = await fetch(url + object);
    const { error } = (await response.json()) as { error?: { errors: { reason: string }[] } };
    seen.push([response.status, response.headers.get("retry-after"), error?.errors[0]?.reason]);
  }
  expect(seen).toEqual([
    [503, null, "backendError"],
    [429, "7", "rateLimitExceeded"],
    [401, null, "authError"],
    [200, null, undefined],
  ]);
});

test("a request may ask for its own fault", async () => {
  const { url } = await emulatorOver({ "photos/a.txt": "a" });
  expect((await fetch(url + object, { headers: { "x-emulator-fault": "503" } })).status).toBe(503);
});

test("connections are reset, bodies cut short and stalled", async () => {
  const { url, faults } = await emulatorOver({ "photos/a.txt": "x".repeat(100_000) });
  const read = (): Promise<string> =>
    new Promise((resolve) => {
      const call = request(`${url}${object}?alt=media`, { agent: false }, (response) => {
        let length = 0;
        const promised = response.headers["content-length"];
        const stalled = setTimeout(() => resolve(`stalled after ${length} of ${promised}`), 300);
        response.on("data", (chunk: Buffer) => {
          length += chunk.length;
        });
        response.on("error", () => {
          clearTimeout(stalled);
          resolve(`ended after ${length} of ${promised}`);
        });
        response.on("end", () => {
          clearTimeout(stalled);
          resolve(`whole ${length}`);
        });
      });
      call.on("error", (thrown: NodeJS.ErrnoException) => resolve(String(thrown.code)));
      call.end();
    });
  for (const kind of ["reset", "truncate", "stall"] as const) faults.add({ kinds: [kind], times: 1 });
  expect([await read(), await read(), await read(), await read()]).toEqual([
    "ECONNRESET",
    "ended after 50000 of 100000",
    "stalled after 50000 of 100000",
    "whole 100000",
  ]);
});

test("a delayed answer comes after one that is not delayed", async () => {
  const { url } = await emulatorOver({ "photos/a.txt": "a" }, { faults: [{ latency: 400, match: "slow" }] });
  const arrived: string[] = [];
  await Promise.all(["slow", "quick"].map(async (name) => arrived.push(`${name} ${(await fetch(`${url}${object}?x=${name}`)).status}`)));
  expect(arrived).toEqual(["quick 200", "slow 200"]);
});

test("random faults come from their seed, at about their rate, for what matches", async () => {
  const outcomes = async (rule: FaultRule): Promise<string> => {
    const { url } = await emulatorOver({ "photos/a.txt": "a" }, { faults: [rule] });
    let seen = "";
    for (let at = 0; at < 60; at++) seen += (await fetch(`${url}${object}?alt=media`)).status === 200 ? "." : "x";
    return seen;
  };
  const rule: FaultRule = { kinds: ["503", "429"], rate: 0.3, seed: 7, match: "alt=media" };
  const first = await outcomes(rule);
  expect(await outcomes(rule)).toBe(first);
  expect(await outcomes({ ...rule, seed: 8 })).not.toBe(first);
  const struck = first.replaceAll(".", "").length;
  expect(struck).toBeGreaterThan(8);
  expect(struck).toBeLessThan(30);
  expect(await outcomes({ ...rule, match: "^DELETE" })).not.toContain("x");
});

test("the admin endpoint sets, tells and clears faults", async () => {
  const { url } = await emulatorOver({ "photos/a.txt": "a" });
  const admin = (method: string, body?: string) => fetch(`${url}/_emulator/faults`, { method, ...(body === undefined ? {} : { body }) });
  expect((await admin("POST", '{"kinds":["503"]}')).status).toBe(200);
  expect((await fetch(url + object)).status).toBe(503);
  expect(await (await admin("GET")).json()).toEqual({ rules: [{ kinds: ["503"], struck: 1 }] });
  await admin("DELETE");
  expect((await fetch(url + object)).status).toBe(200);
  for (const wrong of ['{"kinds":["teapot"]}', "{}", '{"kinds":["503"],"rate":"often"}', '{"kinds":["503"],"match":"("}', "["]) {
    expect((await admin("POST", wrong)).status, wrong).toBe(400);
  }
});
