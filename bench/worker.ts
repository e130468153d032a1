/**
 * `imagemeta worker` into SQLite from Google's Pub/Sub emulator: its rate beside a bare loop that pulls, does the same ranged read and
 * acknowledges; its memory with many events beside few; the time from an upload to its record beside the bare round trip.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { PubSub, type Subscription, type Topic } from "@google-cloud/pubsub";
import { startPubsub } from "../test/pubsub-emulator.ts";
import { serveBucket } from "./bucket.ts";
import { fillBucket } from "./bucket-rate.ts";
import { type Measure, median } from "./measure.ts";
import { peakMib } from "./peak-memory.ts";

const root = new URL("..", import.meta.url).pathname;
const main = `${root}dist/cli/main.js`;
const OBJECTS = 10_000;

interface Bench {
  readonly folder: string;
  readonly topic: Topic;
  subscription(): Promise<Subscription>;
  /** Publishes so many events of the bucket's objects, over and over. */
  publish(url: string, count: number): Promise<void>;
  close(): Promise<void>;
}

async function openBench(): Promise<Bench> {
  const emulator = await startPubsub();
  process.env.PUBSUB_EMULATOR_HOST = emulator.host;
  const folder = mkdtempSync(`${tmpdir()}/imagemeta-bench-`);
  const client = new PubSub({ projectId: "demo" });
  const [topic] = await client.createTopic("images");
  const [dead] = await client.createTopic("dead");
  let made = 0;
  return {
    folder,
    topic,
    async subscription() {
      const options = { deadLetterPolicy: { deadLetterTopic: dead.name, maxDeliveryAttempts: 20 } };
      const [subscription] = await client.createSubscription(topic, `sub-${made++}`, options);
      return subscription;
    },
    async publish(url, count) {
      const objects: Record<string, string>[] = [];
      for (let token = ""; objects.length < OBJECTS; ) {
        const answer = await fetch(`${url}/storage/v1/b/bench/o?maxResults=5000${token && `&pageToken=${encodeURIComponent(token)}`}`);
        const page = (await answer.json()) as { items: Record<string, string>[]; nextPageToken?: string };
        objects.push(...page.items);
        if (page.nextPageToken === undefined) break;
        token = page.nextPageToken;
      }
      const sent: Promise<string>[] = [];
      for (let i = 0; i < count; i++) {
        const object = objects[i % objects.length] ?? {};
        sent.push(
          topic.publishMessage({
            data: Buffer.from(JSON.stringify(object)),
            attributes: {
              eventType: "OBJECT_FINALIZE",
              bucketId: "bench",
              objectId: object.name ?? "",
              objectGeneration: object.generation ?? "",
              eventTime: new Date().toISOString(),
              payloadFormat: "JSON_API_V1",
            },
          }),
        );
        if (sent.length === 1000) await Promise.all(sent.splice(0));
      }
      await Promise.all(sent);
    },
    async close() {
      await client.close();
      await emulator.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

interface RunningWorker {
  readonly process: ChildProcess;
  /** How many messages had this outcome so far. */
  count(): Promise<number>;
  /** Ends it; gives its peak memory in MiB. */
  end(): Promise<number>;
}

async function startWorker({ folder }: Bench, subscription: Subscription, url: string, inFlight = 64): Promise<RunningWorker> {
  for (const ending of ["", "-wal", "-shm"]) rmSync(`${folder}/catalog.db${ending}`, { force: true });
  const args = ["worker", "--project", "demo", "--subscription", subscription.name, "--to", `${folder}/catalog.db`, "--port", "0"];
  const child = spawn(process.execPath, [main, ...args, "--concurrency", String(inFlight)], {
    env: { ...process.env, STORAGE_EMULATOR_HOST: url },
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (child.stderr === null) throw new Error("the worker has no stderr");
  const lines = createInterface({ input: child.stderr });
  const health = await new Promise<string>((resolve, reject) => {
    child.once("exit", () => reject(new Error("the worker ended")));
    lines.on("line", (line) => {
      const said = /"health":"([^"]+)"/.exec(line)?.[1];
      if (said !== undefined) resolve(said);
    });
  });
  return {
    process: child,
    async count() {
      const metrics = await (await fetch(`${health}/metrics`)).text();
      return [...metrics.matchAll(/^imagemeta_messages_total\{[^}]*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
    },
    async end() {
      const peak = peakMib(child.pid ?? 0);
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      return peak;
    },
  };
}

async function until(worker: RunningWorker, count: number, every: number): Promise<void> {
  while ((await worker.count()) < count) await new Promise((resolve) => setTimeout(resolve, every));
}

/** Messages a second, each time with a subscription of its own that has them all before it is pulled. */
export async function measureWorkerRate(rounds = 3): Promise<readonly Measure[]> {
  const bench = await openBench();
  try {
    mkdirSync(`${bench.folder}/buckets`);
    fillBucket(`${bench.folder}/buckets/bench`, OBJECTS);
    const measures: Measure[] = [];
    // With a delay so few are in flight that it, and not the processor, sets the rate.
    for (const { latency, inFlight, atLeast } of [
      { latency: 0, inFlight: 64, atLeast: 0.6 },
      { latency: 20, inFlight: 16, atLeast: 0.9 },
    ]) {
      const bucket = await serveBucket(`${bench.folder}/buckets`, latency);
      const ratios: number[] = [];
      // The first round warms the emulators and is not counted.
      for (let round = 0; round <= rounds; round++) {
        const bareSubscription = await bench.subscription();
        const ours = await bench.subscription();
        await bench.publish(bucket.url, OBJECTS);
        const bare = Number(
          execFileSync(
            process.execPath,
            [`${root}bench/bare-worker.ts`, bareSubscription.name, bucket.url, String(inFlight), String(OBJECTS)],
            { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
          ),
        );
        const worker = await startWorker(bench, ours, bucket.url, inFlight);
        await until(worker, 1, 5);
        const started = performance.now();
        await until(worker, OBJECTS, 100);
        const taken = performance.now() - started;
        await worker.end();
        await Promise.all([bareSubscription.delete(), ours.delete()]);
        if (round > 0) ratios.push(bare / taken);
      }
      await bucket.close();
      const ratio = median(ratios);
      const delay = latency === 0 ? "no delay" : `${latency} ms a read, ${inFlight} in flight`;
      const what = `worker's rate into SQLite, ${delay}, beside a bare loop of pull, read, acknowledge`;
      measures.push({ what, ratio, limit: `at least ${atLeast}`, holds: ratio >= atLeast });
    }
    return measures;
  } finally {
    await bench.close();
  }
}

export async function measureWorkerMemory(): Promise<readonly Measure[]> {
  const bench = await openBench();
  try {
    mkdirSync(`${bench.folder}/buckets`);
    fillBucket(`${bench.folder}/buckets/bench`, OBJECTS);
    const bucket = await serveBucket(`${bench.folder}/buckets`);
    const peaks: number[] = [];
    for (const events of [0, 1000, 50_000]) {
      const subscription = await bench.subscription();
      await bench.publish(bucket.url, events);
      const worker = await startWorker(bench, subscription, bucket.url);
      if (events === 0) await new Promise((resolve) => setTimeout(resolve, 3000));
      await until(worker, events, 200);
      peaks.push(await worker.end());
      await subscription.delete();
    }
    await bucket.close();
    const [fresh = 0, few = 0, many = 0] = peaks;
    return [
      { what: "memory of a fresh worker, in MiB", ratio: fresh, limit: "under 160", holds: fresh < 160 },
      {
        what: `peak memory of a worker with 50,000 events (${many.toFixed(0)} MiB), beside 1,000`,
        ratio: many / few,
        limit: "at most 1.25",
        holds: many / few <= 1.25,
      },
    ];
  } finally {
    await bench.close();
  }
}

/** One image at a time in an idle system: milliseconds from the upload's answer to the record, less the bare round trip and read. */
export async function measureWorkerLatency(uploads = 40): Promise<readonly Measure[]> {
  const bench = await openBench();
  try {
    mkdirSync(`${bench.folder}/buckets/bench`, { recursive: true });
    const bucket = await serveBucket(`${bench.folder}/buckets`);
    const [bareSubscription, ours] = [await bench.subscription(), await bench.subscription()];
    const image = readFileSync(`${root}samples/sample-bucket/press/harbour.jpg`);
    await fetch(`${bucket.url}/storage/v1/b/bench/notificationConfigs`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ topic: `//pubsub.googleapis.com/${bench.topic.name}`, payload_format: "JSON_API_V1" }),
    });
    const arrived = new Map<string, () => void>();
    bareSubscription.on("message", async (message) => {
      const { objectId = "" } = message.attributes;
      await (await fetch(`${bucket.url}/bench/${encodeURIComponent(objectId)}`, { headers: { range: "bytes=0-65535" } })).arrayBuffer();
      message.ack();
      arrived.get(objectId)?.();
    });
    const worker = await startWorker(bench, ours, bucket.url);
    const catalogue = new DatabaseSync(`${bench.folder}/catalog.db`, { readOnly: true, timeout: 1000 });
    const held = catalogue.prepare("select 1 from records where uri = ?");
    const [bare, whole]: [number[], number[]] = [[], []];
    for (let i = 0; i < uploads; i++) {
      const name = `${i}.jpg`;
      const query = new URLSearchParams({ uploadType: "media", name });
      const bareArrival = new Promise<number>((resolve) => arrived.set(name, () => resolve(performance.now())));
      await fetch(`${bucket.url}/upload/storage/v1/b/bench/o?${query}`, { method: "POST", body: image });
      const uploaded = performance.now();
      while (held.get(`gs://bench/${name}`) === undefined) await new Promise((resolve) => setTimeout(resolve, 2));
      const recorded = performance.now();
      bare.push((await bareArrival) - uploaded);
      whole.push(recorded - uploaded);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    catalogue.close();
    await worker.end();
    await bareSubscription.close();
    await bucket.close();
    const [over, trip] = [median(whole) - median(bare), median(bare)];
    const what = `milliseconds from upload to record over the bare round trip and read (${trip.toFixed(0)} ms), median`;
    return [{ what, ratio: over, limit: "under 250", holds: over < 250 }];
  } finally {
    await bench.close();
  }
}
