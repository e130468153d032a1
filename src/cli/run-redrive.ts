/** Lists dead letters, or sends them back, and says how many. */
import { type DeadLetter, deadLetterOf, nameOf } from "../pipeline/redrive/dead-letter.ts";
import { type Redriven, redrive } from "../pipeline/redrive/redrive.ts";
import { ERROR_CODE } from "../pipeline/worker/dead-letter.ts";
import type { Leased } from "../queue/contract.ts";
import { visibly } from "../record/visible.ts";
import { matcher } from "../storage/glob.ts";
import type { RecordFormat } from "../stores/formats/format.ts";
import { json, ndjson } from "../stores/formats/json.ts";
import { onInterrupt } from "./interruption.ts";
import { leave, type Outcome } from "./outcome.ts";
import { openOutput } from "./output.ts";
import { plural } from "./progress.ts";
import { openQueue, projectFor } from "./queue.ts";
import { NO_CODE, type RedriveCommandOptions } from "./redrive-options.ts";
import { say } from "./say.ts";
import { columnsOf } from "./table.ts";

/** Messages and milliseconds of a batch: several go in one request. */
const BATCHING = { maxMessages: 100, maxMilliseconds: 10 };

/** Sets the exit code. */
export async function runRedrive(options: RedriveCommandOptions, outcome: Outcome): Promise<void> {
  const queue = await openQueue(await projectFor(options), options, true);
  const { signal, release } = onInterrupt();
  const output = await openOutput(undefined, formatOf(options.format));
  try {
    const { topic: topicName } = options;
    const topic = topicName === undefined ? undefined : queue.topic(topicName, { batching: BATCHING });
    const redriven = await redrive({
      inbox: queue.inbox(options.from),
      ...(topic && { topic }),
      wants: selection(options, Date.now()),
      limit: options.limit ?? Number.POSITIVE_INFINITY,
      quiet: options.wait * 1000,
      signal,
      listener: {
        found: (message) => output.write(deadLetterOf(message)),
        refused: ({ id }, why) => say(`imagemeta: ${id} stays a dead letter: ${visibly(why.message)}`),
      },
    });
    if (redriven.refused > 0) outcome.exitCode = 1;
    if (redriven.ended === "interrupted") outcome.exitCode = 130;
    if (!options.quiet) say(closingLine(redriven, options));
  } finally {
    release();
    await output.close();
    await queue.close();
  }
  leave(outcome);
}

/** @param now milliseconds since 1970: what becomes a dead letter after that is not sent back again, or it would go round for ever */
function selection({ code, include = [], olderThan = 0, topic }: RedriveCommandOptions, now: number): (message: Leased) => boolean {
  const globs = include.map(matcher);
  return (message) => {
    if ((topic !== undefined || olderThan > 0) && message.publishTime > now - olderThan) return false;
    if (code !== undefined && !code.includes(message.attributes[ERROR_CODE] ?? NO_CODE)) return false;
    if (globs.length === 0) return true;
    const name = nameOf(message);
    return name !== undefined && globs.some((matches) => matches(name));
  };
}

function closingLine({ done, others, refused, ended }: Redriven, { topic, from }: RedriveCommandOptions): string {
  const did =
    topic === undefined ? `${plural(done, "dead letter")} listed, and given back` : `${plural(done, "dead letter")} sent back to ${topic}`;
  const left = [
    ...(others > 0 ? [`${others} not asked for stay in ${from}`] : []),
    ...(refused > 0 ? [`${refused} refused stay too`] : []),
    ...(ended === "limit" ? ["the limit is reached"] : []),
    ...(ended === "too many" ? ["more are there than one look can hold: narrow it down, or send some back"] : []),
    ...(ended === "interrupted" ? ["interrupted: run it again to go on"] : []),
  ];
  return [did, ...left].join("; ");
}

function formatOf(name: RedriveCommandOptions["format"]): RecordFormat<DeadLetter> {
  if (name === "json") return json;
  if (name === "ndjson") return ndjson;
  return columnsOf<DeadLetter>(process.stdout.columns ?? 160, { title: "OBJECT", width: 24, value: ({ object = "" }) => object }, [
    { title: "ID", width: 18, value: ({ id }) => id },
    { title: "PUBLISHED", width: 20, value: ({ published }) => published.replace(/\.\d+Z$/, "Z") },
    { title: "CODE", width: 16, value: ({ code = NO_CODE }) => code },
    { title: "WHY", width: 56, value: why },
  ]);
}

function why({ error, deliveries, subscription = "" }: DeadLetter): string {
  if (error !== undefined) return error;
  return deliveries === undefined ? "" : `after ${deliveries} deliveries of ${subscription.slice(subscription.lastIndexOf("/") + 1)}`;
}
