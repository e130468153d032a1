/** What becomes of a message: the one table, which docs/worker.md shows. */
import type { ErrorCode } from "../../record/types.ts";

/** `acknowledge`: it is done. `hand back`: it comes again by the subscription's retry policy. `dead-letter`: sent there with its code, then done. */
export type Answer = "acknowledge" | "hand back" | "dead-letter";

export const OUTCOMES = {
  recorded: { answer: "acknowledge", when: "the image was read", store: "its record, unless a newer one is held" },
  broken: { answer: "acknowledge", when: "the image is broken, or no image in spite of its name", store: "its record, with the error" },
  updated: { answer: "acknowledge", when: "only its metadata changed", store: "`object` of its record" },
  removed: {
    answer: "acknowledge",
    when: "it was deleted or replaced, and the bucket confirms it",
    store: "a tombstone, unless a newer generation is held",
  },
  gone: { answer: "acknowledge", when: "it was written, and is no longer there", store: "a tombstone of that generation" },
  superseded: { answer: "acknowledge", when: "the store holds what is live, or something newer", store: "nothing" },
  "not an image": { answer: "acknowledge", when: "neither its type nor its name says image", store: "nothing" },
  forbidden: { answer: "hand back", when: "this worker may not read it", store: "nothing" },
  failing: { answer: "hand back", when: "the object fails again and again while its bucket answers", store: "nothing" },
  "given up": { answer: "acknowledge", when: "it was forbidden or failing to the last delivery", store: "its record, with the error" },
  "no event": { answer: "dead-letter", when: "the message tells of no change of an object", store: "nothing" },
  "from the future": { answer: "dead-letter", when: "it names a generation that cannot exist yet", store: "nothing" },
  unconfirmed: { answer: "dead-letter", when: "the bucket did not confirm it, to the last delivery", store: "nothing" },
  foreign: { answer: "dead-letter", when: "it is of a bucket that `--bucket` does not name", store: "nothing" },
  unstorable: { answer: "dead-letter", when: "the store does not take this record", store: "nothing" },
} as const satisfies Record<string, { readonly answer: Answer; readonly when: string; readonly store: string }>;

type OutcomeKind = keyof typeof OUTCOMES;

export interface EventOutcome {
  readonly kind: OutcomeKind;
  /** The code of the record's error, or why it can never succeed. */
  readonly code?: ErrorCode;
  readonly message?: string;
}
