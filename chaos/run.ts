/**
 * `npm run chaos [-- STORE…]`: the pipeline under everything that can go wrong at once, with what `imagemeta setup` makes by default but
 * for the retry policy, which the emulator of Pub/Sub does not keep.
 * Three workers take 10,000 events of 3,000 objects, are killed twenty times; the object server stands still for half a minute, the
 * store is away for longer than all deliveries of a message would take. In the end the store must equal the bucket, and the dead
 * letters be exactly the poison. It takes about ten minutes a store.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { PubSub, type Topic } from "@google-cloud/pubsub";
import { serveBucket } from "../bench/bucket.ts";
import { randomNumbers } from "../src/emulator/random.ts";
import { forgetRetryPolicy, hasPubsubEmulator, startRelayedPubsub } from "../test/pubsub-emulator.ts";
import { compareStore } from "./compare.ts";
import { history } from "./history.ts";
import type { EventMessage } from "./messages.ts";
import { STORES, type StoreUnderTest } from "./stores.ts";

const root = new URL("..", import.meta.url).pathname;
const main = `${root}dist/cli/main.js`;
const OBJECTS = 3000;
const EVENTS = 10_000;
const POISON = 0.01;
const WORKERS = 3;
const KILLS = 20;
/** What `setup` makes: deliveries before the subscription sends a message to the dead letters, and seconds of an acknowledgement's deadline. */
const [ATTEMPTS, DEADLINE] = [20, 10];
const STORE_OUTAGE = (ATTEMPTS * DEADLINE + 10) * 1000;
const BUCKET_OUTAGE = 30_000;
/**
 * Messages that a worker holds: more than there are. Google's emulator goes on to send a worker what it has no room for, and what waits
 * in its connection until there is room again has been sent to others meanwhile, over and over.
 */
const HELD = 2 * EVENTS;
/** Milliseconds before the store goes away. */
const CALM = 60_000;
/** Milliseconds in which all events are published, evenly, and the workers are killed. */
const WHOLE = CALM + STORE_OUTAGE + 120_000;
const PUBLISH_ATTEMPTS = 10;
/** Milliseconds that the pipeline has for what is left when all is published and back. */
const DRAINING = 900_000;
/** Milliseconds between looks at what is left: each reads the whole bucket. */
const LOOK = 30_000;

const images = readdirSync(`${root}samples/sample-bucket`, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(jpe?g|png|gif|webp)$/i.test(entry.name))
  .map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`));

/** Again and again: on a busy machine the emulator may not answer within the client's minute. Twice published is no loss. */
async function publish(topic: Topic, { data, attributes }: EventMessage): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await topic.publishMessage({ data, attributes });
      return;
    } catch (thrown) {
      if (attempt === PUBLISH_ATTEMPTS) throw thrown;
    }
  }
}

/** Runs it with one store. @returns whether nothing was lost */
async function chaos(name: string, open: () => Promise<StoreUnderTest>, seed: number): Promise<boolean> {
  const say = (text: string) => process.stdout.write(`${name.padEnd(10)} ${text}\n`);
  const random = randomNumbers(seed);
  const folder = mkdtempSync(`${tmpdir()}/imagemeta-chaos-`);
  mkdirSync(`${folder}/buckets/chaos`, { recursive: true });
  const pubsub = await startRelayedPubsub();
  process.env.PUBSUB_EMULATOR_HOST = pubsub.host;
  // It sends nothing itself: the history tells of each change, shuffled and twice.
  const bucket = await serveBucket(`${folder}/buckets`);
  const store = await open();
  const environment = { ...process.env, STORAGE_EMULATOR_HOST: bucket.url, GOOGLE_CLOUD_PROJECT: "demo", ...store.environment };
  // Not in step with this process, which relays to Pub/Sub.
  const run = (...args: string[]) => promisify(execFile)(process.execPath, [main, ...args], { env: environment });
  const workers: (ChildProcess | undefined)[] = [];
  const begin = (i: number) => {
    const args = [
      "worker",
      "--subscription",
      "images-workers",
      "--to",
      store.address,
      "--max-messages",
      String(HELD),
      "--log-level",
      "warn",
    ];
    workers[i] = spawn(process.execPath, [main, ...args], { env: environment, stdio: "ignore" });
  };
  const client = new PubSub({ projectId: "demo" });
  const dead = new Map<string, number>();
  try {
    await run("setup", "--bucket", "chaos", "--topic", "images", "--subscription", "images-workers", "--dead-letter", "images-dead");
    await forgetRetryPolicy(client.subscription("images-workers"));
    const deadLetters = client.subscription("images-dead-sub");
    deadLetters.on("message", (message) => {
      const data = message.data.toString();
      dead.set(data, (dead.get(data) ?? 0) + 1);
      message.ack();
    });
    for (let i = 0; i < WORKERS; i++) begin(i);
    const poison = new Set<string>();
    const topic = client.topic("images", { batching: { maxMilliseconds: 5 } });
    const started = performance.now();
    const kills = Array.from({ length: KILLS }, () => random() * WHOLE).sort((a, b) => a - b);
    const killing = (async () => {
      for (const at of kills) {
        await pause(Math.max(0, at - (performance.now() - started)));
        const i = Math.floor(random() * WORKERS);
        workers[i]?.kill("SIGKILL");
        begin(i);
      }
    })();
    const outages = (async () => {
      await pause(CALM);
      say(`the store goes away for ${STORE_OUTAGE / 1000} s`);
      const back = await store.takeAway();
      await pause(STORE_OUTAGE);
      await back();
      say("the store is back");
      await pause(20_000);
      bucket.signal("SIGSTOP");
      await pause(BUCKET_OUTAGE);
      bucket.signal("SIGCONT");
      say(`the object server stood still for ${BUCKET_OUTAGE / 1000} s`);
    })();
    let published = 0;
    const sent: Promise<void>[] = [];
    for await (const message of history({ url: bucket.url, objects: OBJECTS, events: EVENTS, poison: POISON, images, random }, poison)) {
      const early = (++published / EVENTS) * WHOLE - (performance.now() - started);
      if (early > 20) await pause(early);
      sent.push(publish(topic, message));
      if (sent.length >= 500) await Promise.all(sent.splice(0));
    }
    await Promise.all([...sent, outages, killing]);
    say(`${published} events published, ${poison.size} kinds of poison; ${KILLS} kills`);
    const until = performance.now() + DRAINING;
    const left = async () => ({
      differences: await compareStore(bucket.url, store.address, environment),
      missing: [...poison].filter((data) => !dead.has(data)),
    });
    for (;;) {
      const { differences, missing } = await left();
      if (differences.length + missing.length === 0 || performance.now() > until) break;
      say(`${differences.length} differences and ${missing.length} poison messages are left`);
      await pause(LOOK);
    }
    // What is still under way may come and must change nothing.
    await pause(LOOK);
    const { differences, missing } = await left();
    for (const difference of differences.slice(0, 20)) say(difference);
    const unexpected = [...dead.keys()].filter((data) => !poison.has(data));
    say(`${differences.length} differences; dead letters: ${dead.size} of ${poison.size} poison, ${unexpected.length} others`);
    for (const data of unexpected.slice(0, 5)) say(`a dead letter that is no poison: ${data.slice(0, 200)}`);
    return differences.length === 0 && unexpected.length === 0 && missing.length === 0;
  } finally {
    for (const worker of workers) worker?.kill("SIGKILL");
    await client.close();
    await store.close();
    await bucket.close();
    await pubsub.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(STORES, name));
if (unknown.length > 0) {
  process.stderr.write(`no such store: ${unknown.join(", ")}; there are ${Object.keys(STORES).join(", ")}\n`);
  process.exit(2);
}
if (!hasPubsubEmulator()) process.exit(1);
const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
process.stdout.write(`seed ${seed} (CHAOS_SEED repeats it)\n`);
let [passed, failed] = [0, 0];
for (const name of asked.length > 0 ? asked : Object.keys(STORES)) {
  const open = STORES[name];
  if (open !== undefined && (await chaos(name, open, seed))) passed++;
  else failed++;
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed > 0 ? 1 : 0);
