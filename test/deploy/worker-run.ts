/** Runs the command of a worker's manifest as it stands, over emulators: it takes an event, answers probes, and leaves in its grace. */
import { expect } from "vitest";
import { openSqlite } from "../../src/stores/sqlite/catalogue.ts";
import { contentOf, images } from "../pipeline/scan/scanning.ts";
import type { TestPipeline } from "../pipeline/worker/pipeline.ts";
import { type Container, withArguments } from "./manifests.ts";

interface Probes {
  /** Paths that have to be answered with 200. */
  readonly paths: readonly string[];
}

export async function expectWorks(container: Container, pipeline: TestPipeline, { paths }: Probes): Promise<void> {
  const store = `${pipeline.folder}/catalog.db`;
  const { subscription } = pipeline;
  const args = withArguments(container, { subscription: subscription.name, to: store, project: "demo", host: "127.0.0.1", port: "0" });
  const worker = pipeline.process([...args, "--log-level=debug"]);
  const { health } = await worker.said(({ message }) => message === "taking messages");
  await pipeline.bucket.put("a.jpg", images[0] ?? Buffer.alloc(0));
  await pipeline.publish("OBJECT_FINALIZE", "a.jpg");
  await worker.said(({ outcome }) => outcome === "recorded");
  for (const path of paths) expect([path, (await fetch(`${health}${path}`)).status]).toEqual([path, 200]);
  worker.process.kill("SIGTERM");
  expect(await worker.ended).toBe(0);
  const catalogue = await openSqlite(store);
  expect([...(await contentOf(catalogue)).keys()]).toEqual(["gs://photos/a.jpg"]);
  await catalogue.close();
}
