/** `imagemeta pause`, `resume` and `recover` as processes beside workers, with Google's Pub/Sub emulator. */
import { once } from "node:events";
import { existsSync } from "node:fs";
import type { Message } from "@google-cloud/pubsub";
import { beforeEach, describe, expect, test } from "vitest";
import { openForEachTest } from "../pipeline/for-each-test.ts";
import { openPipeline } from "../pipeline/running-pipeline.ts";
import { forgetRetryPolicy, hasPubsubEmulator } from "../pubsub-emulator.ts";

describe.runIf(hasPubsubEmulator())("recovery", { timeout: 300_000 }, () => {
  const bench = openForEachTest(openPipeline);
  beforeEach(async () => {
    expect((await bench.setup()).code).toBe(0);
    await forgetRetryPolicy(bench.pubsub.subscription(bench.subscription));
  });

  const recoverArguments = () => ["recover", "gs://photos", "--topic", bench.topic, "--to", bench.to];
  const pauseArguments = () => ["--bucket", "photos", "--to", bench.to];
  /** `imagemeta check` finds no difference, and the store has so many records. */
  async function isEqual(count: number): Promise<void> {
    await expect
      .poll(async () => (await bench.run("check", "gs://photos", "--in", bench.to)).stderr, { timeout: 150_000, interval: 500 })
      .toBe(`${count} ${count === 1 ? "image" : "images"} compared: nothing differs\n`);
    const store = await bench.store();
    let held = 0;
    for await (const page of store.held("gs://")) held += page.length;
    expect(held).toBe(count);
  }
  const worker = () => bench.start("worker", "--subscription", bench.subscription, "--to", bench.to);
  const flood = (from: number, to: number, version = 0) =>
    Promise.all(Array.from({ length: to - from }, (_, i) => bench.put(`img-${from + i}.jpg`, i + version)));

  test("the failover: flood, pause, drain, recover, resume; the store equals the bucket", async () => {
    const first = worker();
    await expect.poll(() => existsSync(bench.to), { timeout: 30_000 }).toBe(true);
    await flood(0, 60);
    const paused = await bench.run("pause", ...pauseArguments());
    expect(paused).toMatchObject({ code: 0, stdout: "" });
    expect(paused.stderr).toMatch(/^removed {2}the notification to .*\ngs:\/\/photos is paused since /);
    await isEqual(60);
    first.kill("SIGKILL");
    // Nobody is told of this.
    await flood(60, 80);
    await flood(0, 10, 1);
    for (let i = 10; i < 20; i++) await bench.bucket.file(`img-${i}.jpg`).delete();
    for (let i = 20; i < 30; i++) await bench.bucket.file(`img-${i}.jpg`).setMetadata({ metadata: { by: "me" } });
    const dry = await bench.run(...recoverArguments(), "--dry-run");
    expect(dry.stdout).toMatch(/^70 images compared, since .*: 30 to read, 10 metadata updates, 10 deletions\n/);
    const second = worker();
    const [recovered] = await Promise.all([bench.run(...recoverArguments()), flood(80, 100)]);
    expect(recovered).toMatchObject({ code: 0, stdout: "" });
    expect(recovered.stderr).toContain("restored the notification of the pause");
    expect(recovered.stderr).toMatch(/events flow: that of the marker came after/);
    expect(recovered.stderr).toContain("the pause is over, and is forgotten");
    const resumed = await bench.run("resume", ...pauseArguments());
    expect(resumed).toMatchObject({ code: 0, stderr: "gs://photos is not paused, and nothing is left to recover\n" });
    await flood(100, 110);
    await isEqual(100);
    const store = await bench.store();
    expect((await store.get("gs://photos/img-25.jpg"))?.object).toMatchObject({ metadata: { by: "me" }, metageneration: "2" });
    second.kill("SIGTERM");
    expect(await once(second, "exit")).toEqual([0, null]);
    expect((await bench.bucket.getNotifications())[0]).toHaveLength(1);
  });

  test("resume restores what pause removed, and keeps the time for recover", async () => {
    await bench.run("scan", "gs://photos", "--to", bench.to);
    const before = (await bench.bucket.getNotifications())[0].map(({ metadata }) => metadata);
    await bench.run("pause", ...pauseArguments(), "--topic", bench.topic);
    await bench.put("a.jpg");
    const resumed = await bench.run("resume", ...pauseArguments());
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toMatch(/keeps that time: .*\n {2}imagemeta recover gs:\/\/photos --topic projects\/\S+ --to \S+catalog\.db\n$/);
    const after = (await bench.bucket.getNotifications())[0].map(({ metadata }) => metadata);
    const still = { id: undefined, etag: undefined, selfLink: undefined };
    expect(after.map((one) => ({ ...one, ...still }))).toEqual(before.map((one) => ({ ...one, ...still })));
    const recovered = await bench.run(...recoverArguments(), "--settle", "0");
    expect(recovered).toMatchObject({ code: 0 });
    expect(recovered.stderr).toContain("waiting 0 s instead of for the event of a marker object (--settle)\n");
    expect(recovered.stderr).toContain("1 to read");
    worker();
    await isEqual(1);
  });

  test("killed in the middle, the same command publishes the rest; Ctrl-C stops at a clean point", async () => {
    await bench.run("scan", "gs://photos", "--to", bench.to);
    await flood(0, 60);
    const [subscription] = await bench.pubsub.createSubscription(bench.topic, `all-${bench.topic}`);
    const names: string[] = [];
    subscription.on("message", (message: Message) => {
      message.ack();
      if ("imagemeta-recovered" in message.attributes) names.push(message.attributes.objectId ?? "");
    });
    const slowly = [...recoverArguments(), "--all", "--settle", "0", "--rate", "10"];
    const killed = bench.start(...slowly);
    await expect.poll(() => names.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(20);
    killed.kill("SIGKILL");
    await once(killed, "exit");
    const atKill = names.length;
    const interrupted = bench.start(...slowly);
    let said = "";
    interrupted.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    await expect.poll(() => names.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(atKill + 10);
    interrupted.kill("SIGINT");
    expect(await once(interrupted, "close")).toEqual([130, null]);
    expect(said).toMatch(/goes on where it was interrupted: \d+ messages published before\n/);
    expect(said).toMatch(/run the same command again to go on\n$/);
    const last = await bench.run(...slowly);
    expect(last.code).toBe(0);
    await expect.poll(() => new Set(names).size, { timeout: 30_000 }).toBe(60);
    // At most the page that was under way at the kill is sent again.
    expect(names.length).toBeLessThanOrEqual(70);
    await subscription.close();
  });

  test.each([
    [["--since", "yesterday"], /--since: yesterday is none of paused, newest or a time such as/],
    [["--since", "newest", "--all"], /leave out --since, or --all/],
  ])("%j is a wrong call", async (more, message) => {
    await bench.run("scan", "gs://photos", "--to", bench.to);
    const ran = await bench.run(...recoverArguments(), ...more);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(message);
    const glob = await bench.run("recover", "gs://photos/*.jpg", "--topic", bench.topic, "--to", bench.to);
    expect(glob).toMatchObject({ code: 2, stderr: expect.stringContaining("is no bucket and no prefix") });
  });
});
