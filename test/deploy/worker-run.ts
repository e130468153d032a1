/** Runs the command of a worker's manifest as it stands, over emulators: it takes an event, answers probes, and leaves in its grace. */
import { expect } from "vitest";
import { image } from "../pipeline/scan/scanning.ts";
import type { TestPipeline } from "../pipeline/worker/pipeline.ts";
import { type Container, withArguments } from "./manifests.ts";

interface Probes {
  /** Paths that have to be answered with 200. */
  readonly paths: readonly string[];
}

export async function expectWorks(container: Container, pipeline: TestPipeline, { paths }: Probes): Promise<void> {
  const { subscription, catalogue } = pipeline;
  const args = withArguments(container, { subscription: subscription.name, to: catalogue, project: "demo", host: "127.0.0.1", port: "0" });
  const worker = pipeline.process([...args, "--log-level=debug"]);
  const { health } = await worker.said(({ message }) => message === "taking messages");
  await pipeline.bucket.put("a.jpg", image(0));
  await pipeline.publish("OBJECT_FINALIZE", "a.jpg");
  await worker.said(({ outcome }) => outcome === "recorded");
  for (const path of paths) expect([path, (await fetch(`${health}${path}`)).status]).toEqual([path, 200]);
  worker.process.kill("SIGTERM");
  expect(await worker.ended).toBe(0);
  expect([...(await pipeline.held()).keys()]).toEqual(["gs://photos/a.jpg"]);
}
