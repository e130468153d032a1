import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { openSqlite } from "../../src/stores/sqlite/catalogue.ts";
import { openForEachTest } from "../pipeline/for-each-test.ts";
import { image } from "../pipeline/scan/scanning.ts";
import { openPipeline } from "../pipeline/worker/pipeline.ts";
import { hasPubsubEmulator } from "../pubsub-emulator.ts";
import { imagemeta } from "./running.ts";

/** Cloud Monitoring as it answers `projects.timeSeries.list`: points newest first, 64-bit numbers as texts. */
async function monitoring(values: Readonly<Record<string, string>>, status = 200) {
  const asked: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://x");
    asked.push(searchParams);
    const filter = searchParams.get("filter") ?? "";
    const [, metric = ""] = /metric\.type = "pubsub\.googleapis\.com\/subscription\/(\w+)"/.exec(filter) ?? [];
    const [, subscription_id = ""] = /resource\.labels\.subscription_id = "([^"]+)"/.exec(filter) ?? [];
    const point = (minute: string, int64Value: string) => ({
      interval: { startTime: `2026-05-01T12:${minute}:00Z`, endTime: `2026-05-01T12:${minute}:00Z` },
      value: { int64Value },
    });
    const value = pathname === "/v3/projects/demo/timeSeries" ? values[`${subscription_id} ${metric}`] : undefined;
    const series = {
      metric: { type: `pubsub.googleapis.com/subscription/${metric}` },
      resource: { type: "pubsub_subscription", labels: { subscription_id, project_id: "demo" } },
      metricKind: "GAUGE",
      valueType: "INT64",
      points: [point("05", value ?? ""), point("04", "999999")],
    };
    response.writeHead(status, { "content-type": "application/json" });
    response.end(
      JSON.stringify(
        status === 200
          ? { ...(value === undefined ? {} : { timeSeries: [series] }), unit: "1" }
          : { error: { code: status, message: "Permission monitoring.timeSeries.list denied", status: "PERMISSION_DENIED" } },
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked, close: () => server.close() };
}

describe.skipIf(!hasPubsubEmulator())("imagemeta status, with Google's Pub/Sub emulator", { timeout: 60_000 }, () => {
  const retryPolicy = { minimumBackoff: { seconds: 1 }, maximumBackoff: { seconds: 2 } };
  const pipeline = openForEachTest((host) => openPipeline(host, { retryPolicy }));

  const status = (...args: string[]) =>
    imagemeta(["status", "--subscription", pipeline.subscription.name, "--project", "demo", ...args], pipeline.environment);
  const short = (name: string) => name.slice(name.lastIndexOf("/") + 1);
  const notify = async () => {
    await fetch(`${pipeline.bucket.emulator.url}/storage/v1/b/photos/notificationConfigs`, {
      method: "POST",
      body: JSON.stringify({ topic: `//pubsub.googleapis.com/${pipeline.topic.name}`, payload_format: "JSON_API_V1" }),
    });
  };

  test("tells backlog, age and dead letters as Cloud Monitoring measured them", async () => {
    const [sub, dead] = [short(pipeline.subscription.name), short(pipeline.deadLetters.name)];
    const server = await monitoring({
      [`${sub} num_undelivered_messages`]: "1234",
      [`${sub} oldest_unacked_message_age`]: "4000",
      [`${dead} num_undelivered_messages`]: "1",
      [`${dead} oldest_unacked_message_age`]: "59",
    });
    const args = ["--dead-letter-subscription", dead, "--monitoring-endpoint", server.url];
    const ran = await status(...args, "--format", "json");
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(ran.stdout)).toMatchObject({
      subscription: pipeline.subscription.name,
      settings: {
        topic: pipeline.topic.name,
        delivery: "pull",
        "ack deadline": "10 s",
        retry: "1 s to 2 s",
        "dead letters": `${pipeline.deadTopic.name} after 20 deliveries`,
        "exactly once": "no",
      },
      backlog: { messages: 1234, ageSeconds: 4000, measured: "2026-05-01T12:05:00Z" },
      deadLetters: { subscription: pipeline.deadLetters.name, messages: 1, ageSeconds: 59 },
    });
    const { stdout } = await status(...args);
    expect(stdout).toMatch(/^backlog +1,234 messages, the oldest 1 h 6 min old \(measured 2026-05-01T12:05:00Z\)$/m);
    expect(stdout).toMatch(/^dead letters +1 message, the oldest 59 s old/m);
    for (const query of server.asked) {
      expect(query.get("filter")).toContain('resource.type = "pubsub_subscription"');
      expect(Date.parse(query.get("interval.endTime") ?? "")).toBeGreaterThan(Date.parse(query.get("interval.startTime") ?? ""));
    }
    server.close();
  });

  test("says what it could not have: no measure yet, no permission, no Monitoring at the emulator", async () => {
    const none = await monitoring({});
    const empty = await status("--monitoring-endpoint", none.url, "--format", "json");
    expect(empty.code).toBe(0);
    expect(JSON.parse(empty.stdout).backlog).toEqual({ unknown: expect.stringContaining("nothing was measured") });
    none.close();
    const refusing = await monitoring({}, 403);
    const refused = await status("--monitoring-endpoint", refusing.url);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toMatch(/^backlog +unknown: FORBIDDEN: .*roles\/monitoring\.viewer in demo/m);
    expect(refused.stdout).toMatch(/^ {2}retry +1 s to 2 s$/m);
    refusing.close();
    expect(await status()).toMatchObject({ code: 0, stdout: expect.stringMatching(/^backlog +unknown: the Pub\/Sub emulator has no/m) });
    const missing = await imagemeta(["status", "--subscription", "none-such", "--project", "demo"], pipeline.environment);
    expect(missing).toMatchObject({ code: 1, stdout: expect.stringMatching(/^settings +unknown: NOT_FOUND/m) });
    expect(await status("--to", `${pipeline.folder}/none.db`)).toMatchObject({ code: 2, stderr: expect.stringContaining("--to") });
  });

  test("tells whether the bucket notifies, is paused, or was", async () => {
    const { catalogue: to } = pipeline;
    await (await openSqlite(to)).close();
    const state = async () => JSON.parse((await status("--bucket", "photos", "--to", to, "--format", "json")).stdout).notification;
    const run = (command: string) => imagemeta([command, "--bucket", "photos", "--to", to, "--project", "demo"], pipeline.environment);
    expect(await state()).toEqual({ bucket: "photos", state: "not connected", configurations: [] });
    await notify();
    expect(await state()).toMatchObject({ state: "connected", configurations: ["1"] });
    expect((await run("pause")).code).toBe(0);
    expect(await state()).toMatchObject({ state: "paused", pausedAt: expect.stringMatching(/^20/), configurations: [] });
    expect((await status("--bucket", "gs://photos", "--to", to)).stdout).toMatch(
      /^notification +gs:\/\/photos is paused since 20.*recover/m,
    );
    expect((await run("resume")).code).toBe(0);
    expect(await state()).toMatchObject({ state: "connected", resumedAt: expect.stringMatching(/^20/) });
  });

  test("tells how many records the store has, and the newest", async () => {
    const { catalogue: to } = pipeline;
    await pipeline.bucket.put("a.jpg", image(0));
    await pipeline.bucket.put("broken.jpg", Buffer.from("no image"));
    await imagemeta(["scan", "gs://photos", "--to", to], pipeline.environment);
    const { updated } = (await pipeline.resource("broken.jpg")) as { updated: string };
    const { stdout } = await status("--to", to, "--format", "json");
    expect(JSON.parse(stdout).store).toEqual({ address: to, objects: 2, errors: 1, newest: updated, newestUri: "gs://photos/broken.jpg" });
    expect((await status("--to", to)).stdout).toContain(`has 2 records, 1 of them with an error; the newest was updated at ${updated}`);
    expect(JSON.parse((await status("--to", to, "--bucket", "photos", "--format", "json")).stdout).store.objects).toBe(2);
  });
});
