/** Publishes planned events in their order, so many a second, and notes how far it has come after each page. */
import type { Topic } from "../../queue/contract.ts";
import type { LiveConfiguration } from "../../storage/gcs/bucket-control.ts";
import { wait } from "../../storage/http/backoff.ts";
import { recoveredMessage } from "./message.ts";
import { type PlannedEvent, type PlannedEvents, type Position, positionOf } from "./planned-events.ts";

export interface Publishing {
  readonly plan: PlannedEvents;
  /** Where it begins; undefined at the beginning. */
  readonly from: Position | undefined;
  readonly topic: Topic;
  readonly configuration: LiveConfiguration;
  /** Messages a second. */
  readonly rate: number;
  /** Is an object that was not listed really not there, now? */
  readonly isNotThere: (uri: string) => Promise<boolean>;
  /** So many of a page were published, and all up to there are. */
  readonly onPage: (published: number, position: Position) => Promise<void>;
  /** Stops it between two pages. */
  readonly signal: AbortSignal;
}

const LARGEST_PAGE = 500;

/** @throws what publishing and `onPage` throw; the signal's reason */
export async function publishPlan({ plan, from, rate, signal, onPage, ...options }: Publishing): Promise<void> {
  const pageSize = Math.max(1, Math.min(LARGEST_PAGE, Math.floor(rate)));
  let due = performance.now();
  for (const page of plan.after(from, pageSize)) {
    await wait(Math.max(0, due - performance.now()), signal);
    due = Math.max(due, performance.now()) + (page.length * 1000) / rate;
    const published = await Promise.all(page.map((event) => publishOne(event, options)));
    const last = page.at(-1);
    if (last !== undefined) await onPage(published.filter(Boolean).length, positionOf(last));
  }
  signal.throwIfAborted();
}

/** False where there is nothing to tell: it has come again, and that has an event of its own. */
async function publishOne(
  event: PlannedEvent,
  { topic, configuration, isNotThere }: Pick<Publishing, "topic" | "configuration" | "isNotThere">,
): Promise<boolean> {
  if (event.type === "OBJECT_DELETE" && !(await isNotThere(event.uri))) return false;
  await topic.publish(recoveredMessage(event, configuration, new Date()));
  return true;
}
