/** deploy/function/ run by Google's Functions Framework, and sent the events that Google documents. */
import { type ChildProcess, execSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openCatalogue } from "../../src/stores/open.ts";
import {
  binaryCloudEvent,
  type Change,
  messagePublished,
  type Request,
  structuredCloudEvent,
  wrappedPush,
} from "../pipeline/events/forms.ts";
import { openForEachTest } from "../pipeline/for-each-test.ts";
import { contentOf, image } from "../pipeline/scan/scanning.ts";
import { openPipeline } from "../pipeline/worker/pipeline.ts";
import { poisonedImage, testBuild } from "../poison/images.ts";
import { childrenOf, isRunning } from "../processes.ts";
import { hasPubsubEmulator, startPubsub } from "../pubsub-emulator.ts";
import { openBucket, type TestBucket } from "../storage/bucket.ts";
import { type FirestoreEmulator, hasFirestoreEmulator, startFirestore } from "../stores/firestore-emulator.ts";
import { freePort } from "../stores/postgres-server.ts";

const root = new URL("../../", import.meta.url).pathname;
const framework = new URL("./main.js", import.meta.resolve("@google-cloud/functions-framework")).pathname;
let folder: string;
let bucket: TestBucket;
const running: ChildProcess[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "imagemeta-function-"));
  bucket = await openBucket();
});
afterEach(async () => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
  await bucket.close();
  rmSync(folder, { recursive: true });
});

/** The folder as it is deployed, with what npm would install: imagemeta as it stands in src/. */
function installed(): string {
  const source = join(folder, "function");
  cpSync(`${root}deploy/function`, source, { recursive: true });
  mkdirSync(join(source, "node_modules/@google-cloud"), { recursive: true });
  mkdirSync(join(source, "node_modules/imagemeta"));
  symlinkSync(`${root}node_modules/@google-cloud/functions-framework`, join(source, "node_modules/@google-cloud/functions-framework"));
  const exported = JSON.parse(readFileSync(`${root}package.json`, "utf8")).exports["./function"].default;
  const entry = exported.replace("./dist/", `${root}src/`).replace(/\.js$/, ".ts");
  writeFileSync(join(source, "node_modules/imagemeta/function.js"), `export * from ${JSON.stringify(entry)};\n`);
  writeFileSync(
    join(source, "node_modules/imagemeta/package.json"),
    JSON.stringify({ type: "module", exports: { "./function": "./function.js" } }),
  );
  return source;
}

interface Framework {
  readonly pid: number | undefined;
  /** The status of the answer. */
  post(request: Request): Promise<number>;
  /** All that it has said. */
  said(): string;
  readonly ended: Promise<number | null>;
}

async function start(environment: Readonly<Record<string, string>>, source = installed()): Promise<Framework> {
  const port = await freePort();
  const child = spawn(process.execPath, [framework, "--target=imagemeta", `--port=${port}`, `--source=${source}`], {
    env: { PATH: process.env.PATH ?? "", HOME: "/nonexistent", STORAGE_EMULATOR_HOST: bucket.emulator.url, ...environment },
  });
  running.push(child);
  let said = "";
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const ready = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        if (said.includes(`http://localhost:${port}/`)) resolve();
      });
  });
  await Promise.race([ready, ended]);
  return {
    pid: child.pid,
    async post({ headers, body }) {
      const answer = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", headers, body: new Uint8Array(Buffer.from(body)) });
      await answer.arrayBuffer();
      return answer.status;
    },
    said: () => said,
    ended,
  };
}

async function change(name: string, type: Change["type"] = "OBJECT_FINALIZE", bytes = image(0)): Promise<Change> {
  await bucket.put(name, bytes);
  const answer = await fetch(`${bucket.emulator.url}/storage/v1/b/photos/o/${encodeURIComponent(name)}`);
  return { type, resource: (await answer.json()) as Record<string, unknown> };
}

async function held(store: string): Promise<string[]> {
  const catalogue = await openCatalogue(store);
  try {
    return [...(await contentOf(catalogue)).keys()].sort();
  } finally {
    await catalogue.close();
  }
}

describe("deploy/function, run by the Functions Framework", { timeout: 120_000 }, () => {
  test("takes Cloud Storage's events, direct and through Pub/Sub, binary and structured", async () => {
    const store = join(folder, "catalog.db");
    const { post, said } = await start({ IMAGEMETA_TO: store, IMAGEMETA_LOG_LEVEL: "debug", IMAGEMETA_ALL: "false" });
    const forms = { binaryCloudEvent, structuredCloudEvent, messagePublished, wrappedPush };
    for (const [form, make] of Object.entries(forms)) expect([form, await post(make(await change(`${form}.jpg`)))]).toEqual([form, 204]);
    const uris = Object.keys(forms).map((form) => `gs://photos/${form}.jpg`);
    expect(await held(store)).toEqual(uris.sort());
    const removed = await change("binaryCloudEvent.jpg", "OBJECT_DELETE");
    await bucket.remove("binaryCloudEvent.jpg");
    expect(await post(binaryCloudEvent(removed))).toBe(204);
    const archived = await change("structuredCloudEvent.jpg", "OBJECT_ARCHIVE");
    await bucket.remove("structuredCloudEvent.jpg");
    expect(await post(structuredCloudEvent(archived))).toBe(204);
    expect(await post(binaryCloudEvent(await change("wrappedPush.jpg", "OBJECT_METADATA_UPDATE")))).toBe(204);
    expect(await held(store)).toEqual(["gs://photos/messagePublished.jpg", "gs://photos/wrappedPush.jpg"]);
    expect(said()).toContain('"object":"gs://photos/binaryCloudEvent.jpg"');
  });

  test("ends an image that spins, reads the others, and leaves no process behind", async () => {
    const store = join(folder, "catalog.db");
    const { post, pid = 0, ended } = await start({ IMAGEMETA_TO: store, ...testBuild });
    const spinning = post(binaryCloudEvent(await change("spins.jpg", "OBJECT_FINALIZE", poisonedImage("spin"))));
    const good = Array.from({ length: 200 }, async (_, i) => post(binaryCloudEvent(await change(`${i}.jpg`))));
    const statuses = await Promise.all(good);
    expect(new Set([...statuses, await spinning])).toEqual(new Set([204]));
    const records = await held(store);
    expect(records).toHaveLength(201);
    const members = childrenOf(pid);
    expect(members).toHaveLength(1);
    process.kill(pid, "SIGTERM");
    await ended;
    await expect.poll(() => members.filter(isRunning), { timeout: 10_000 }).toEqual([]);
  });

  test("an outage gives a 5xx, so that the event is sent again", async () => {
    const store = join(folder, "catalog.db");
    const { post, said } = await start({ IMAGEMETA_TO: store });
    const event = binaryCloudEvent(await change("a.jpg"));
    bucket.emulator.faults.add({ kinds: ["503"] });
    expect(await post(event)).toBe(500);
    expect(said()).toMatch(/the bucket does not answer, events are refused until it does/);
    expect(await held(store)).toEqual([]);
    bucket.emulator.faults.clear();
    await expect.poll(() => post(event), { timeout: 30_000 }).toBe(204);
    expect(await held(store)).toEqual(["gs://photos/a.jpg"]);
  });

  test("a store that cannot be opened is tried again with the next event", async () => {
    const store = join(folder, "later", "catalog.db");
    const { post } = await start({ IMAGEMETA_TO: store });
    const event = structuredCloudEvent(await change("a.jpg"));
    expect(await post(event)).toBe(500);
    mkdirSync(join(folder, "later"));
    expect(await post(event)).toBe(204);
    expect(await held(store)).toEqual(["gs://photos/a.jpg"]);
  });

  test("what is no event is answered with 5xx where there are no dead letters", async () => {
    const { post, said } = await start({ IMAGEMETA_TO: join(folder, "catalog.db") });
    const { headers } = binaryCloudEvent(await change("a.jpg"));
    expect(await post({ headers, body: '{"bucket":"photos"}' })).toBe(500);
    expect(said()).toContain('"outcome":"no event"');
  });

  test("without a store it does not start, and says so", async () => {
    const { ended, said } = await start({});
    expect(await ended).toBe(1);
    expect(said()).toMatch(/required option '--to <store>' not specified\n+\(each option is an environment variable here: IMAGEMETA_TO/);
  });

  test("what its build compiles is taken when it starts", async () => {
    const source = installed();
    const { scripts } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
    execSync(scripts["gcp-build"], { cwd: source, env: { PATH: `${dirname(process.execPath)}:${process.env.PATH}` } });
    const cached = { NODE_COMPILE_CACHE: join(source, ".compile-cache"), NODE_DEBUG_NATIVE: "COMPILE_CACHE" };
    const { post, said } = await start({ IMAGEMETA_TO: join(folder, "catalog.db"), ...cached }, source);
    expect(await post(binaryCloudEvent(await change("a.jpg")))).toBe(204);
    const accepted = said()
      .match(/V8 code cache for .* was accepted/g)
      ?.join("\n");
    expect(accepted).toContain("/express/lib/express.js ");
    expect(accepted).toContain("/index.mjs ");
  });

  test("its dependencies are of the versions of this project", () => {
    const json = (path: string) => JSON.parse(readFileSync(`${root}${path}`, "utf8"));
    const { version, devDependencies, engines } = json("package.json");
    expect(json("deploy/function/package.json").engines).toEqual(engines);
    const name = "@google-cloud/functions-framework";
    expect(json("deploy/function/package.json").dependencies).toEqual({
      [name]: devDependencies[name],
      imagemeta: `file:imagemeta-${version}.tgz`,
    });
  });
});

describe.skipIf(!hasPubsubEmulator())("deploy/function with dead letters, with Google's Pub/Sub emulator", { timeout: 120_000 }, () => {
  const pipeline = openForEachTest(openPipeline, startPubsub);

  test("what can never succeed is sent there, and is done", async () => {
    const { post } = await start({
      IMAGEMETA_TO: join(folder, "catalog.db"),
      IMAGEMETA_DEAD_LETTER: pipeline.deadTopic.name,
      GOOGLE_CLOUD_PROJECT: "demo",
      ...pipeline.environment,
    });
    const { headers } = binaryCloudEvent(await change("a.jpg"));
    expect(await post({ headers, body: '{"bucket":"photos"}' })).toBe(204);
    expect(await pipeline.takeDeadLetters(1)).toEqual([
      { data: '{"bucket":"photos"}', attributes: expect.objectContaining({ bucketId: "photos", "imagemeta-error-code": "MALFORMED" }) },
    ]);
  });
});

describe.skipIf(!hasFirestoreEmulator())("deploy/function with Google's Firestore emulator", { timeout: 120_000 }, () => {
  let emulator: FirestoreEmulator;
  beforeEach(async () => {
    emulator = await startFirestore();
    process.env.FIRESTORE_EMULATOR_HOST = emulator.host;
  });
  afterEach(async () => {
    delete process.env.FIRESTORE_EMULATOR_HOST;
    await emulator.stop();
  });

  test("records are documents", async () => {
    const store = "firestore://demo/(default)/images";
    const { post } = await start({ IMAGEMETA_TO: store, FIRESTORE_EMULATOR_HOST: emulator.host });
    expect(await post(binaryCloudEvent(await change("a.jpg")))).toBe(204);
    expect(await held(store)).toEqual(["gs://photos/a.jpg"]);
  });
});
