/** One message → its outcome, however it came. */
import { ImagemetaError } from "../../record/errors.ts";
import type { ObjectEvent } from "../events/object-event.ts";
import type { EventHandler } from "./event-handler.ts";
import type { EventOutcome } from "./outcomes.ts";

/** What of a delivery says whether it is the last one. */
export interface Attempt {
  /** How often the message was delivered, this time included; 0 where nobody counts. */
  readonly attempt: number;
  /** Milliseconds since 1970; undefined where it is not known. */
  readonly publishTime: number | undefined;
}

export interface Handled {
  /** Undefined where the message is none. */
  readonly event: ObjectEvent | undefined;
  readonly outcome: EventOutcome;
}

/** With this delivery, or where they are not counted at this age in milliseconds, an error that is not the image's own is recorded. */
const LAST_ATTEMPT = 8;
const LAST_AGE = 3_600_000;

/** @param read throws MALFORMED where the message is no event. Rejects where the handler was stopped, or this program has a fault */
export async function outcomeOf(handler: EventHandler, read: () => ObjectEvent, delivery: Attempt): Promise<Handled> {
  let event: ObjectEvent;
  try {
    event = read();
  } catch (thrown) {
    if (!(thrown instanceof ImagemetaError)) throw thrown;
    return { event: undefined, outcome: { kind: "no event", code: thrown.code, message: thrown.message } };
  }
  return { event, outcome: await handler.handle(event, { isLast: isLast(delivery) }) };
}

function isLast({ attempt, publishTime }: Attempt): boolean {
  if (attempt > 0) return attempt >= LAST_ATTEMPT;
  return publishTime !== undefined && Date.now() - publishTime > LAST_AGE;
}
