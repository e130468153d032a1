/** The queue of a command: which project short names belong to, and whether an emulator stands for Pub/Sub. */
import type { PubsubQueue } from "../queue/pubsub/queue.ts";
import { type AccessOptions, credentialsOf } from "./access.ts";

/** `--project`, the environment, or what the credentials say; undefined where none does. */
export async function projectFor(options: AccessOptions & { readonly project?: string }): Promise<string | undefined> {
  const { GOOGLE_CLOUD_PROJECT, GCLOUD_PROJECT, PUBSUB_EMULATOR_HOST } = process.env;
  const said = options.project || GOOGLE_CLOUD_PROJECT || GCLOUD_PROJECT;
  if (said || PUBSUB_EMULATOR_HOST) return said || undefined;
  const { projectOf } = await import("../auth/project.ts");
  return projectOf(credentialsOf(options));
}

/** @param isUsed it is spoken to, and not only asked for names: then credentials are missed at once */
export async function openQueue(project: string | undefined, options: AccessOptions, isUsed: boolean): Promise<PubsubQueue> {
  const { PubsubQueue } = await import("../queue/pubsub/queue.ts");
  const queue = await PubsubQueue.open(project, credentialsOf(options));
  if (isUsed) await queue.signIn();
  return queue;
}
