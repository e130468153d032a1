/** Sets a pipeline up, and says of each thing what was done. */
import { type Pipeline, type Step, setUp } from "../pipeline/notifications/setup.ts";
import { visibleLines } from "../record/visible.ts";
import { BucketControl, projectNumber } from "../storage/gcs/bucket-control.ts";
import { credentialsOf } from "./access.ts";
import { bucketName } from "./bucket-name.ts";
import { gcloudCommands } from "./gcloud-setup.ts";
import { onInterrupt } from "./interruption.ts";
import { leave, type Outcome, UsageError } from "./outcome.ts";
import { openQueue, projectFor } from "./queue.ts";
import { say } from "./say.ts";
import type { SetupCommandOptions } from "./setup-options.ts";

/** Sets the exit code: 1 where a step failed. */
export async function runSetup(options: SetupCommandOptions, outcome: Outcome): Promise<void> {
  const { pushEndpoint, pushServiceAccount, exactlyOnce = false, print = false } = options;
  if (pushEndpoint !== undefined && exactlyOnce)
    throw new UsageError("--exactly-once: Pub/Sub pushes nothing exactly once; leave it or --push-endpoint out");
  if (pushEndpoint === undefined && pushServiceAccount !== undefined)
    throw new UsageError("--push-service-account belongs to --push-endpoint");
  const bucket = bucketName(options.bucket);
  const isEmulated = Boolean(process.env.PUBSUB_EMULATOR_HOST);
  const project = await projectFor(options);
  const queue = await openQueue(project, options, !print);
  const credentials = credentialsOf(options);
  const interruption = onInterrupt();
  try {
    const deadLetterTopic = queue.topicName(options.deadLetter);
    const pipeline: Pipeline = {
      topic: queue.topicName(options.topic),
      subscription: queue.subscriptionName(options.subscription),
      deadLetterTopic,
      deadLetterSubscription: queue.subscriptionName(
        options.deadLetterSubscription ?? `${deadLetterTopic.replace("/topics/", "/subscriptions/")}-sub`,
      ),
      isExactlyOnce: exactlyOnce,
      ...(pushEndpoint === undefined
        ? {}
        : { push: { endpoint: pushEndpoint, ...(pushServiceAccount && { serviceAccount: pushServiceAccount }) } }),
    };
    if (pipeline.topic === deadLetterTopic)
      throw new UsageError("--dead-letter is the topic itself: its dead letters would come again for ever");
    if (print) {
      process.stdout.write(gcloudCommands(bucket, pipeline, isEmulated));
      return;
    }
    const isWhole = await setUp({
      pipeline,
      queue: queue.control,
      bucket: await BucketControl.open(bucket, { project, userProject: options.userProject, credentials }),
      isEmulated,
      numberOf: (name) => projectNumber(name, credentials),
      signal: interruption.signal,
      listener: (step) => process.stdout.write(visibleLines(stepText(step))),
    });
    if (!isWhole) {
      outcome.exitCode = 1;
      say("imagemeta: not all is set up: mend what failed, then run the same command again");
    }
  } catch (thrown) {
    if (!interruption.signal.aborted) throw thrown;
    outcome.exitCode = 130;
  } finally {
    interruption.release();
    await queue.close();
    leave(outcome);
  }
}

/** `made     topic projects/p/topics/images`, and what there is to say of it below. */
function stepText({ what, did, notes }: Step): string {
  return [`${did.padEnd(9)}${what}`, ...notes.map((note) => `${" ".repeat(9)}${note}`), ""].join("\n");
}
