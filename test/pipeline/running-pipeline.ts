/** A bucket, a topic with its subscriptions and a catalogue, for tests: the project's storage emulator and Google's Pub/Sub emulator. */
import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PubSub } from "@google-cloud/pubsub";
import { type Bucket, Storage } from "@google-cloud/storage";
import { pubsubPublisher } from "../../src/emulator/publisher.ts";
import { type Emulator, startEmulator } from "../../src/emulator/server.ts";
import type { Catalogue } from "../../src/stores/contract.ts";
import { openSqlite } from "../../src/stores/sqlite/catalogue.ts";
import { imagemeta, type Ran, start } from "../cli/running.ts";
import { pubsubAt } from "../pubsub-emulator.ts";
import { image } from "./scan/scanning.ts";

export const project = "imagemeta-test";

export interface PipelineBench {
  readonly emulator: Emulator;
  /** `photos`, by Google's client. */
  readonly bucket: Bucket;
  readonly pubsub: PubSub;
  /** Short names, of this bench alone. */
  readonly topic: string;
  readonly subscription: string;
  readonly deadLetters: string;
  /** The catalogue's file. */
  readonly to: string;
  readonly environment: Readonly<Record<string, string>>;
  run(...args: string[]): Promise<Ran>;
  setup(...more: string[]): Promise<Ran>;
  start(...args: string[]): ChildProcess;
  /** Puts an image: another one for another `version`. */
  put(name: string, version?: number): Promise<void>;
  store(): Promise<Catalogue>;
  close(): Promise<void>;
}

export async function openPipeline(pubsubHost: string): Promise<PipelineBench> {
  const folder = mkdtempSync(join(tmpdir(), "imagemeta-pipeline-"));
  mkdirSync(join(folder, "cloud", "photos"), { recursive: true });
  const emulator = await startEmulator({ folder: join(folder, "cloud"), port: 0, publisher: pubsubPublisher(pubsubHost) });
  const bucket = new Storage({ apiEndpoint: emulator.url, projectId: project }).bucket("photos");
  const pubsub = pubsubAt(pubsubHost, project);
  const id = randomUUID();
  const [topic, subscription, deadLetters] = [`images-${id}`, `workers-${id}`, `dead-${id}`];
  const to = join(folder, "catalog.db");
  const environment = { STORAGE_EMULATOR_HOST: emulator.url, PUBSUB_EMULATOR_HOST: pubsubHost, GOOGLE_CLOUD_PROJECT: project };
  const stores: Catalogue[] = [];
  const children: ChildProcess[] = [];
  const run = (...args: string[]) => imagemeta(args, environment);
  return {
    emulator,
    bucket,
    pubsub,
    topic,
    subscription,
    deadLetters,
    to,
    environment,
    run,
    setup: (...more) =>
      run("setup", "--bucket", "photos", "--topic", topic, "--subscription", subscription, "--dead-letter", deadLetters, ...more),
    start(...args) {
      const child = start(args, environment);
      children.push(child);
      return child;
    },
    async put(name, version = 0) {
      await bucket.file(name).save(image(version), { resumable: false, contentType: "image/jpeg" });
    },
    async store() {
      const store = await openSqlite(to, { values: "numeric" });
      stores.push(store);
      return store;
    },
    async close() {
      for (const child of children) child.kill("SIGKILL");
      for (const store of stores) await store.close();
      await emulator.close();
      await pubsub.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
