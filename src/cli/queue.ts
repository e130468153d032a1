/** The queue of a command: which project short names belong to, and whether an emulator stands for Pub/Sub. */
import type { PubsubQueue } from "../queue/pubsub/queue.ts";

/** `--project`, the environment, or what the credentials say; undefined where none does. */
export async function projectFor(given: string | undefined): Promise<string | undefined> {
  const { GOOGLE_CLOUD_PROJECT, GCLOUD_PROJECT, PUBSUB_EMULATOR_HOST } = process.env;
  const said = given || GOOGLE_CLOUD_PROJECT || GCLOUD_PROJECT;
  if (said || PUBSUB_EMULATOR_HOST) return said || undefined;
  const { GoogleAuth } = await import("google-auth-library");
  return new GoogleAuth().getProjectId().catch(() => undefined);
}

export async function openQueue(project: string | undefined): Promise<PubsubQueue> {
  const { PubsubQueue } = await import("../queue/pubsub/queue.ts");
  return PubsubQueue.open(project);
}
