import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EventHandler } from "../../src/pipeline/worker/event-handler.ts";
import { PushReceiver } from "../../src/pipeline/worker/push-receiver.ts";
import type { Message } from "../../src/queue/contract.ts";
import { ImagemetaError } from "../../src/record/errors.ts";
import { createApp, listen } from "../../src/server/app.ts";
import type { BodyPace } from "../../src/server/body.ts";
import { addPush, type PushSenders } from "../../src/server/push.ts";
import type { Catalogue } from "../../src/stores/contract.ts";
import { openSqlite } from "../../src/stores/sqlite/catalogue.ts";
import { binaryCloudEvent, messagePublished, structuredCloudEvent, unwrappedPush, wrappedPush } from "../pipeline/events/forms.ts";
import { contentOf, image, localReaders } from "../pipeline/scan/scanning.ts";
import { openBucket, type TestBucket } from "../storage/bucket.ts";

let bucket: TestBucket;
let folder: string;
const toEnd: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  bucket = await openBucket();
  folder = mkdtempSync(join(tmpdir(), "imagemeta-push-"));
});
afterEach(async () => {
  for (const end of toEnd.splice(0).reverse()) await end();
  await bucket.close();
  rmSync(folder, { recursive: true });
});

/** A store whose writes wait, or fail, until they are let through. */
function gated(store: Catalogue) {
  const gate = { isOpen: true, isWaiting: false, fails: false, durable: new Set<string>(), open: () => {} };
  const opened = () => (gate.isOpen ? undefined : new Promise<void>((resolve) => (gate.open = resolve)));
  const put: Catalogue["put"] = async (records) => {
    gate.isWaiting = true;
    await opened();
    if (gate.fails) throw new ImagemetaError("UNAVAILABLE", "the store is down");
    const outcomes = await store.put(records);
    for (const { uri } of outcomes) gate.durable.add(uri);
    return outcomes;
  };
  return { gate, store: new Proxy(store, { get: (of, name) => (name === "put" ? put : bound(of, name)) }) };
}

function bound(of: object, name: string | symbol): unknown {
  const value = Reflect.get(of, name) as unknown;
  return typeof value === "function" ? value.bind(of) : value;
}

async function serve(
  options: {
    readonly requests?: number;
    readonly bytes?: number;
    readonly deadLetters?: Message[] | "down";
    readonly pace?: BodyPace;
    readonly senders?: PushSenders;
  } = {},
) {
  const sqlite = await openSqlite(join(folder, "catalog.db"));
  const { gate, store } = gated(sqlite);
  const stop = new AbortController();
  const readers = localReaders(bucket.emulator.url);
  const answered: string[] = [];
  const receiver: { value?: PushReceiver } = {};
  const handler = new EventHandler({
    store,
    readers,
    askBucket: async () => undefined,
    findLive: (uri) => readers.findLive(uri),
    trust: { facts: true, removals: false },
    all: false,
    signal: stop.signal,
    pause: 5,
    listener: { read() {}, stored() {}, waiting: (what, why) => receiver.value?.waiting(what, why) },
  });
  const { deadLetters } = options;
  receiver.value = new PushReceiver({
    handler,
    traced: (_attributes, work) => work(),
    deadLetters:
      deadLetters === undefined
        ? undefined
        : {
            async publish(message) {
              if (deadLetters === "down") throw new ImagemetaError("UNAVAILABLE", "the topic is down");
              deadLetters.push(message);
            },
            async close() {},
          },
    most: { requests: options.requests ?? 100, bytes: options.bytes ?? 1e9 },
    listener: { held() {}, failed() {}, answered: (_arrival, _event, { kind }, isTaken) => answered.push(isTaken ? kind : `lost ${kind}`) },
  });
  const rooms = countRooms(receiver.value);
  const app = createApp();
  addPush(app, receiver.value, options.senders, options.pace);
  const { url, close } = await listen(app, { host: "127.0.0.1", port: 0 });
  toEnd.push(
    () => sqlite.close(),
    async () => {
      stop.abort(new Error("the test is over"));
      await readers.close();
    },
    close,
  );
  const connections = () =>
    new Promise<number>((resolve, reject) => app.server.getConnections((error, count) => (error ? reject(error) : resolve(count))));
  const post = (form: { readonly headers: Readonly<Record<string, string>>; readonly body: string | Uint8Array }, path = "/") =>
    fetch(`${url}${path}`, { method: "POST", headers: form.headers, body: new Uint8Array(Buffer.from(form.body)) });
  return { url, post, gate, store: sqlite, receiver: receiver.value, answered, stop, rooms, connections };
}

/** Counts the requests that a receiver has admitted, and those of them that have given their room back. */
function countRooms(receiver: PushReceiver) {
  const rooms = { admitted: 0, left: 0 };
  const admit = receiver.admit.bind(receiver);
  receiver.admit = (onEvicted) => {
    const room = admit(onEvicted);
    if ("status" in room) return room;
    rooms.admitted++;
    return {
      ...room,
      leave() {
        rooms.left++;
        room.leave();
      },
    };
  };
  return rooms;
}

async function change(name: string) {
  await bucket.put(name, image(0));
  const answer = await fetch(`${bucket.emulator.url}/storage/v1/b/photos/o/${encodeURIComponent(name)}`);
  return { type: "OBJECT_FINALIZE", resource: (await answer.json()) as Record<string, unknown> } as const;
}

describe("the push endpoint", () => {
  test("takes every form, at both paths", async () => {
    const { post, store } = await serve();
    const forms = [wrappedPush, unwrappedPush, binaryCloudEvent, structuredCloudEvent, messagePublished];
    for (const [i, form] of forms.entries()) {
      const answer = await post(form(await change(`${i}.jpg`)), i % 2 === 0 ? "/" : "/events");
      expect([answer.status, await answer.text()], form.name).toEqual([204, ""]);
      expect(await store.get(`gs://photos/${i}.jpg`), form.name).toMatchObject({ format: "JPEG" });
    }
  });

  test("answers only when the store has said that it is durable", async () => {
    const { post, gate } = await serve();
    gate.isOpen = false;
    let isAnswered = false;
    const answer = post(wrappedPush(await change("a.jpg"))).finally(() => {
      isAnswered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([isAnswered, gate.durable.size]).toEqual([false, 0]);
    gate.isOpen = true;
    gate.open();
    expect((await answer).status).toBe(204);
    expect([...gate.durable]).toEqual(["gs://photos/a.jpg"]);
  });

  test("while the store is down answers 503, those that are held too; later it succeeds", async () => {
    const { post, gate, answered, store } = await serve();
    gate.fails = true;
    const first = await post(wrappedPush(await change("a.jpg")));
    expect([first.status, await first.text()]).toEqual([503, expect.stringContaining("the store is down")]);
    expect((await post(wrappedPush(await change("b.jpg")))).status).toBe(503);
    gate.fails = false;
    await expect.poll(() => answered, { timeout: 10_000 }).toEqual(["lost recorded"]);
    expect((await post(wrappedPush(await change("b.jpg")))).status).toBe(204);
    expect([...(await contentOf(store)).keys()].sort()).toEqual(["gs://photos/a.jpg", "gs://photos/b.jpg"]);
  });

  test("what can never succeed goes to the dead letters as it came, or is answered with 400", async () => {
    const dead: Message[] = [];
    const { post } = await serve({ deadLetters: dead });
    const rubbish = { message: { attributes: { eventType: "OBJECT_EXPLODED", mine: "x" }, data: "cnViYmlzaA==", messageId: "7" } };
    expect((await post({ headers: {}, body: JSON.stringify(rubbish) })).status).toBe(204);
    expect((await post({ headers: {}, body: "no JSON at all" })).status).toBe(204);
    expect(dead.map(({ data }) => Buffer.from(data).toString())).toEqual(["rubbish", "no JSON at all"]);
    expect(dead[0]?.attributes).toMatchObject({
      eventType: "OBJECT_EXPLODED",
      mine: "x",
      "imagemeta-error-code": "MALFORMED",
      "imagemeta-message-id": "7",
    });
    expect((await (await serve()).post({ headers: {}, body: "[]" })).status).toBe(400);
    expect((await (await serve({ deadLetters: "down" })).post({ headers: {}, body: "[]" })).status).toBe(503);
  });

  test("holds no more requests than agreed, nor bytes", async () => {
    const { post, gate } = await serve({ requests: 2, bytes: 100_000 });
    gate.isOpen = false;
    const held = [post(wrappedPush(await change("a.jpg"))), post(wrappedPush(await change("b.jpg")))];
    await expect.poll(async () => (await post({ headers: {}, body: "[]" })).status).toBe(429);
    gate.isOpen = true;
    gate.open();
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([204, 204]);
    gate.isOpen = false;
    const one = post(wrappedPush(await change("c.jpg")));
    await expect.poll(async () => (await post({ headers: {}, body: "x".repeat(99_900) })).status).toBe(429);
    gate.isOpen = true;
    gate.open();
    expect((await one).status).toBe(204);
    expect((await post({ headers: {}, body: "[]" })).status).toBe(400);
  });

  test("a client that is gone keeps its room until the work has ended, and the record is written all the same", async () => {
    const { url, post, gate, answered } = await serve({ requests: 1 });
    gate.isOpen = false;
    const { headers, body } = wrappedPush(await change("a.jpg"));
    const leaving = new AbortController();
    const gone = fetch(url, { method: "POST", headers, body: new Uint8Array(Buffer.from(body)), signal: leaving.signal });
    await expect.poll(async () => (await post({ headers: {}, body: "[]" })).status).toBe(429);
    leaving.abort();
    await expect(gone).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await post({ headers: {}, body: "[]" })).status).toBe(429);
    gate.isOpen = true;
    gate.open();
    await expect.poll(() => answered).toEqual(["lost recorded"]);
    expect(gate.durable).toEqual(new Set(["gs://photos/a.jpg"]));
    await expect.poll(async () => (await post({ headers: {}, body: "[]" })).status).toBe(400);
  });

  test("refuses bodies that are too large, other methods and other paths", async () => {
    const { url, post } = await serve();
    expect((await post({ headers: {}, body: Buffer.alloc((15 << 20) + 1) })).status).toBe(413);
    const get = await fetch(url);
    expect([get.status, get.headers.get("allow")]).toEqual([405, "POST"]);
    expect((await fetch(`${url}/events`, { method: "PUT", body: "x" })).status).toBe(405);
    expect((await post({ headers: {}, body: "{}" }, "/elsewhere")).status).toBe(404);
    expect((await fetch(url, { method: "POST" })).status).toBe(400);
  });

  test("leaves: what is held is answered 503 in time, what comes is sent back", async () => {
    const { post, gate, receiver, stop } = await serve();
    gate.isOpen = false;
    const held = post(wrappedPush(await change("a.jpg")));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const left = receiver.leave(200, () => stop.abort(new Error("leaving")));
    expect((await post(wrappedPush(await change("b.jpg")))).status).toBe(503);
    expect((await held).status).toBe(503);
    await left;
    gate.open();
  });

  test("a request that is cut off in its body gives its room back", async () => {
    const { url, rooms } = await serve();
    const cut = await sender(url, 1000, Buffer.alloc(800));
    expect(rooms).toEqual({ admitted: 1, left: 0 });
    cut.socket.destroy();
    await expect.poll(() => rooms).toEqual({ admitted: 1, left: 1 });
  });

  test("a sender that leaves while it is checked takes no room", async () => {
    let finishCheck: (() => void) | undefined;
    const check = () => new Promise<undefined>((resolve) => (finishCheck = () => resolve(undefined)));
    const { url, rooms, connections } = await serve({ senders: { check, refused() {} } });
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{");
    await expect.poll(() => finishCheck).toBeDefined();
    socket.destroy();
    await expect.poll(connections).toBe(0);
    finishCheck?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(rooms.left).toBe(rooms.admitted);
  });

  test("200 senders that announce 10 MB and send a byte now and then shut nobody out, and are given up", async () => {
    const { url, post } = await serve({ pace: { windowMs: 5000, windowBytes: 1000 }, requests: 100, bytes: 32_000_000 });
    const slow = await Promise.all(Array.from({ length: 200 }, () => sender(url, 10_000_000, Buffer.from("{"))));
    const dripping = setInterval(() => {
      for (const { socket } of slow) if (!socket.destroyed) socket.write(" ");
    }, 200);
    try {
      expect(slow.map(({ answer }) => answer())).toEqual(slow.map(() => ""));
      expect((await post(wrappedPush(await change("a.jpg")))).status).toBe(204);
      await expect.poll(() => slow.every(({ socket }) => socket.destroyed), { timeout: 30_000 }).toBe(true);
      expect(new Set(slow.map(({ answer }) => answer().split("\r\n")[0]))).toEqual(new Set(["HTTP/1.1 408 Request Timeout"]));
    } finally {
      clearInterval(dripping);
    }
  });

  test("bodies that are still arriving make way for others, the oldest first", async () => {
    const { url, post, gate, answered } = await serve({ bytes: 100_000 });
    gate.isOpen = false;
    const held = post(wrappedPush(await change("held.jpg")));
    await expect.poll(() => gate.isWaiting).toBe(true);
    const first = await sender(url, 90_000, Buffer.alloc(50_000));
    const second = await sender(url, 90_000, Buffer.alloc(30_000));
    const { headers, body } = wrappedPush(await change("a.jpg"));
    const good = post({ headers, body: `${body}${" ".repeat(40_000)}` });
    await expect.poll(first.answer).toMatch(/^HTTP\/1.1 429/);
    gate.isOpen = true;
    gate.open();
    expect([(await held).status, (await good).status, answered]).toEqual([204, 204, ["recorded", "recorded"]]);
    expect([second.answer(), second.socket.destroyed]).toEqual(["", false]);
    second.socket.destroy();
  });

  test("a body for no route is not read", async () => {
    const { url } = await serve();
    const { socket, answer } = await sender(url, 10_000_000, Buffer.from("{"), "/elsewhere");
    await expect.poll(answer).toMatch(/^HTTP\/1.1 404/);
    socket.destroy();
  });
});

/** A raw request whose body may never end, once the server has seen its head. */
async function sender(url: string, announced: number, body: Uint8Array, path = "/") {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = "";
  socket.on("data", (chunk) => (text += chunk)).on("error", () => {});
  const head = [
    `POST ${path} HTTP/1.1`,
    "host: x",
    "content-type: application/json",
    `content-length: ${announced}`,
    "expect: 100-continue",
  ];
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  await expect.poll(() => text, { timeout: 20_000 }).toMatch(/^HTTP\/1.1 100/);
  socket.write(body);
  return { socket, answer: () => text.replace(/^HTTP\/1.1 100 Continue\r\n\r\n/, "") };
}
