/** Every command over one bucket whose names, metadata and contents a terminal would obey. */
import type { ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { readClientSecret } from "../../src/auth/client-secret.ts";
import { writeLogin } from "../../src/auth/login-file.ts";
import { createProgram } from "../../src/cli/program.ts";
import { startOAuthServer } from "../auth/oauth-server.ts";
import { app, jpegFile, segment } from "../builders/jpeg.ts";
import { packetText } from "../builders/xmp.ts";
import { HOSTILE_NAME, HOSTILE_TEXT, RAW } from "../hostile-text.ts";
import { openForEachTest } from "../pipeline/for-each-test.ts";
import { openPipeline } from "../pipeline/worker/pipeline.ts";
import { hasPubsubEmulator, startPubsub } from "../pubsub-emulator.ts";
import { imagemeta, type Ran, start } from "./running.ts";

const GOOD = `${HOSTILE_NAME}/good-${HOSTILE_NAME}.jpg`;
const BROKEN = `${HOSTILE_NAME}/broken-${HOSTILE_NAME}.jpg`;
const image = jpegFile([
  app(
    1,
    "http://ns.adobe.com/xap/1.0/\0",
    Buffer.from(packetText(`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${HOSTILE_TEXT}</rdf:li></rdf:Alt></dc:title>`)),
  ),
  segment(0xfe, Buffer.from(HOSTILE_TEXT)),
]);

/** What the walk over a command has printed; all of it is looked at when it ends. */
let printed: string[] = [];
const isVisible = (what: string, text: string): void => expect(text.match(RAW)?.[0], `${what}: ${JSON.stringify(text)}`).toBeUndefined();
const file = (name: string) => join(pipeline.folder, name);

describe.skipIf(!hasPubsubEmulator())("over a bucket of hostile names, with Google's Pub/Sub emulator", { timeout: 240_000 }, () => {
  beforeEach(async () => {
    printed = [];
    await pipeline.bucket.put(GOOD, image);
    await pipeline.bucket.put(BROKEN, Buffer.from(`no image ${HOSTILE_TEXT}`), {}, "image/jpeg");
    await request(`o/${encodeURIComponent(GOOD)}`, "PATCH", { metadata: { [HOSTILE_NAME]: HOSTILE_TEXT } });
    await request("notificationConfigs", "POST", {
      topic: `//pubsub.googleapis.com/${pipeline.topic.name}`,
      payload_format: "JSON_API_V1",
      object_name_prefix: HOSTILE_NAME,
    });
  });

  test.each(Object.keys(WALK))("imagemeta %s prints no character that a terminal obeys", async (command) => {
    await WALK[command]?.();
    expect(printed.join("")).not.toBe("");
    for (const text of printed) isVisible(command, text);
  });
});

test("no command is left out of the walk", async () => {
  const { commands } = await createProgram({ exitCode: 0 });
  expect(Object.keys(WALK).sort()).toEqual(commands.map((command) => command.name()).sort());
});

const pipeline = openForEachTest(openPipeline, startPubsub);

const request = (path: string, method: string, body: object) =>
  fetch(`${pipeline.bucket.emulator.url}/storage/v1/b/photos/${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

async function run(...args: string[]): Promise<Ran> {
  const ran = await imagemeta(args, { GOOGLE_CLOUD_PROJECT: "demo", ...pipeline.environment });
  printed.push(ran.stdout, ran.stderr);
  return ran;
}

/** The names of the bucket come back from JSON as they are. */
const hasNames = (json: unknown, ...names: readonly string[]): void => {
  for (const name of names) expect(JSON.stringify(json)).toContain(JSON.stringify(`gs://photos/${name}`).slice(1, -1));
};
const linesOf = (ndjson: string): unknown[] =>
  ndjson
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

const scanned = () => run("scan", "gs://photos", "--to", pipeline.catalogue);

/** A command that runs until it is told to leave. */
async function serving(args: readonly string[], ready: string, environment: Readonly<Record<string, string>> = pipeline.environment) {
  const child: ChildProcess = start(args, { GOOGLE_CLOUD_PROJECT: "demo", ...environment });
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text: string) => (said += text));
  const says = (text: string) => vi.waitFor(() => expect(said).toContain(text), { timeout: 60_000, interval: 100 });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  await says(ready);
  return {
    says,
    said: () => said,
    async leave() {
      child.kill("SIGTERM");
      await ended;
      printed.push(said);
      return said;
    },
  };
}

/** Each form in which a command prints records, and the files that it writes. */
async function inAllForms(...args: string[]): Promise<void> {
  hasNames(JSON.parse((await run(...args, "--format", "json")).stdout), GOOD, BROKEN);
  hasNames(linesOf((await run(...args, "--format", "ndjson")).stdout), GOOD, BROKEN);
  for (const format of ["csv", "table"]) expect((await run(...args, "--format", format)).stdout).toContain("owned");
  await run(...args, "--write", file("out.json"));
  await run(...args, "--write", file("out.csv"));
  for (const name of ["out.json", "out.csv"]) printed.push(readFileSync(file(name), "utf8"));
  hasNames(JSON.parse(readFileSync(file("out.json"), "utf8")), GOOD, BROKEN);
}

const pauseOptions = () => ["--bucket", "photos", "--to", pipeline.catalogue];

/** A login of someone of a hostile name. */
async function signedIn(): Promise<Readonly<Record<string, string>>> {
  const server = await startOAuthServer();
  onTestFinished(() => server.close());
  const client = await readClientSecret(JSON.stringify(server.clientSecret));
  await writeLogin(file("imagemeta/login.json"), { client, refreshToken: "the-refresh-token", scopes: [], email: HOSTILE_TEXT });
  return { XDG_CONFIG_HOME: pipeline.folder, METADATA_SERVER_DETECTION: "none" };
}

/** What each command is run with. */
const WALK: Readonly<Record<string, () => Promise<void>>> = {
  async read() {
    await inAllForms("read", "gs://photos");
    const one = await run("read", "--file", `/photos/${BROKEN}`);
    expect(one.stderr).toContain("owned");
    const absent = await run("read", "--file", `/photos/${HOSTILE_NAME}`);
    expect(absent.stderr).toContain("NOT_FOUND");
    const server = createServer((_request, response) => response.writeHead(403, { "content-type": "text/plain" }).end(HOSTILE_TEXT));
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    onTestFinished(() => void server.close());
    await run("read", `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.jpg`);
    const wrong = await run("read", `--${HOSTILE_NAME}`);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("owned") });
  },
  async scan() {
    expect((await scanned()).stderr).toContain("owned");
    await run("scan", "gs://photos", "--to", file("dry.db"), "--dry-run");
    expect((await run("scan", "gs://photos", "--to", file("two.db"), "--processes", "2")).stderr).toContain("owned");
    for (const name of ["out.json", "out.ndjson", "out.csv"]) {
      await run("scan", "gs://photos", "--to", file(name));
      printed.push(readFileSync(file(name), "utf8"));
    }
    hasNames(JSON.parse(readFileSync(file("out.json"), "utf8")), GOOD, BROKEN);
    hasNames(linesOf(readFileSync(file("out.ndjson"), "utf8")), GOOD, BROKEN);
  },
  async check() {
    await scanned();
    await pipeline.bucket.put(`${GOOD}2.jpg`, image);
    await pipeline.bucket.remove(BROKEN);
    expect((await run("check", "gs://photos", "--in", pipeline.catalogue)).stdout).toContain("owned");
    const { stdout } = await run("check", "gs://photos", "--in", pipeline.catalogue, "--format", "json");
    hasNames(JSON.parse(stdout), `${GOOD}2.jpg`, BROKEN);
  },
  async export() {
    await scanned();
    await inAllForms("export", "--from", pipeline.catalogue);
  },
  async audit() {
    const args = ["audit", "gs://photos", "--examples", "5"];
    expect((await run(...args)).stdout).toContain("owned");
    hasNames(JSON.parse((await run(...args, "--format", "json")).stdout), BROKEN);
    hasNames(linesOf((await run(...args, "--format", "ndjson")).stdout), BROKEN);
    expect((await run(...args, "--format", "csv")).stdout).toContain("owned");
  },
  async setup() {
    const topics = ["--topic", pipeline.topic.name, "--subscription", pipeline.subscription.name, "--dead-letter", pipeline.deadTopic.name];
    await run("setup", "--bucket", "photos", ...topics);
    await run("setup", "--bucket", "photos", ...topics, "--print");
    await run("setup", "--bucket", HOSTILE_NAME, ...topics);
  },
  async worker() {
    const worker = await serving(
      ["worker", "--subscription", pipeline.subscription.name, "--to", pipeline.catalogue, "--log-level", "debug"],
      "taking messages",
    );
    for (const name of [GOOD, BROKEN]) await pipeline.publish("OBJECT_FINALIZE", name);
    await pipeline.topic.publishMessage({ data: Buffer.from(HOSTILE_TEXT), attributes: { objectId: GOOD, eventType: HOSTILE_NAME } });
    for (const said of ['"outcome":"recorded"', '"outcome":"broken"', '"outcome":"no event"']) await worker.says(said);
    hasNames(linesOf(await worker.leave()), GOOD, BROKEN);
  },
  async serve() {
    const server = await serving(["serve", "--to", pipeline.catalogue, "--port", "0", "--log-level", "debug"], "taking requests");
    const [, url = ""] = /"url":"([^"]+)"/.exec(server.said()) ?? [];
    await pipeline.subscription.modifyPushConfig({ pushEndpoint: `${url}/events` });
    for (const name of [GOOD, BROKEN]) await pipeline.publish("OBJECT_FINALIZE", name);
    for (const said of ['"outcome":"recorded"', '"outcome":"broken"']) await server.says(said);
    hasNames(linesOf(await server.leave()), GOOD, BROKEN);
  },
  async redrive() {
    await pipeline.deadTopic.publishMessage({
      data: Buffer.from(HOSTILE_TEXT),
      attributes: {
        eventType: HOSTILE_NAME,
        bucketId: "photos",
        objectId: GOOD,
        objectGeneration: "1",
        "imagemeta-error-code": "MALFORMED",
        "imagemeta-error": HOSTILE_NAME,
        "imagemeta-message-id": HOSTILE_NAME,
      },
    });
    const args = ["redrive", "--from", pipeline.deadLetters.name, "--wait", "2"];
    expect((await run(...args)).stdout).toContain("owned");
    hasNames(JSON.parse((await run(...args, "--format", "json")).stdout), GOOD);
    hasNames(linesOf((await run(...args, "--format", "ndjson", "--topic", pipeline.topic.name)).stdout), GOOD);
  },
  async status() {
    await scanned();
    const args = ["status", "--subscription", pipeline.subscription.name, "--to", pipeline.catalogue, "--bucket", "photos"];
    expect((await run(...args)).stdout).toContain("owned");
    expect(JSON.stringify(JSON.parse((await run(...args, "--format", "json")).stdout))).toContain("gs://photos/");
  },
  async pause() {
    await scanned();
    expect((await run("pause", ...pauseOptions())).stderr).toContain("owned");
  },
  async resume() {
    await scanned();
    await run("pause", ...pauseOptions());
    expect((await run("resume", ...pauseOptions())).stderr).toContain("owned");
  },
  async recover() {
    await scanned();
    await run("pause", ...pauseOptions());
    await pipeline.bucket.put(`${GOOD}2.jpg`, image);
    const args = ["recover", "gs://photos", "--topic", pipeline.topic.name, "--to", pipeline.catalogue];
    await run(...args, "--dry-run");
    expect((await run(...args, "--settle", "1")).stderr).toContain("recovered: 1 message");
  },
  async login() {
    const server = await startOAuthServer();
    onTestFinished(() => server.close());
    server.manners.error = HOSTILE_TEXT;
    const ended = serving(["login", "--browser", "print", "--timeout", "20"], "state=", {
      IMAGEMETA_CLIENT_SECRET: JSON.stringify(server.clientSecret),
      XDG_CONFIG_HOME: pipeline.folder,
    });
    const waiting = await ended;
    const [, address = ""] = /^ {2}(http\S+)$/m.exec(waiting.said()) ?? [];
    await fetch(address);
    await waiting.says("LOGIN_FAILED");
    expect(await waiting.leave()).toContain("owned");
  },
  async whoami() {
    const environment = await signedIn();
    for (const format of ["table", "json"]) {
      const { stdout, stderr } = await imagemeta(["whoami", "--format", format], environment);
      printed.push(stdout, stderr);
      expect(stdout).toContain("owned");
      if (format === "json") expect(JSON.parse(stdout).principal).toBe(HOSTILE_TEXT);
    }
  },
  async logout() {
    const { stdout, stderr } = await imagemeta(["logout"], await signedIn());
    printed.push(stdout, stderr);
    expect(stdout).toContain("owned");
  },
  async emulate() {
    const folder = file(HOSTILE_NAME);
    mkdirSync(join(folder, "photos"), { recursive: true });
    const emulator = await serving(["emulate", folder, "--port", "0"], "export STORAGE_EMULATOR_HOST=", {});
    const [, url = ""] = /STORAGE_EMULATOR_HOST=(\S+)/.exec(emulator.said()) ?? [];
    const body = JSON.stringify({ topic: "//pubsub.googleapis.com/projects/p/topics/t", payload_format: "NONE" });
    await fetch(`${url}/storage/v1/b/photos/notificationConfigs`, { method: "POST", body });
    await fetch(`${url}/upload/storage/v1/b/photos/o?uploadType=media&name=${encodeURIComponent(GOOD)}`, { method: "POST", body: "x" });
    await emulator.says("are not sent");
    expect(await emulator.leave()).toContain("owned");
  },
  async completion() {
    await run("completion", "bash");
    await run("completion", HOSTILE_NAME);
  },
  async "completion-server"() {
    const line = { SHELL: "bash", COMP_CWORD: "2", COMP_POINT: "18", COMP_LINE: `imagemeta ${HOSTILE_NAME} --wr` };
    const { stdout, stderr } = await imagemeta(["completion-server", "--", "imagemeta", HOSTILE_NAME, "--wr"], line);
    printed.push(stdout, stderr, (await run("completion-server", `--${HOSTILE_NAME}`)).stderr, "done");
  },
};
