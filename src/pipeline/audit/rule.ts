/** What a rule of the audit is, and what it finds. */
import type { FailedRecord, ReadRecord } from "../../record/types.ts";
import type { Match, TagIndex } from "./tag-index.ts";

export const TOPICS = ["privacy", "rights", "broken", "ai"] as const;
type Topic = (typeof TOPICS)[number];

/** From what harms someone to what is good to know. */
type Severity = "high" | "medium" | "low" | "info";

/** An image that was read, its tags by name. */
export interface Image {
  readonly record: ReadRecord;
  readonly tags: TagIndex;
}

export interface Rule {
  /** Stable: reports and `--fail-on` name it. */
  readonly id: string;
  readonly topic: Topic;
  readonly severity: Severity;
  /** What it is about, for people: completes "images with …". */
  readonly title: string;
  /** Of an image that was read. */
  find?(image: Image): Match | undefined;
  /** Of one that gave no metadata. */
  findFailed?(record: FailedRecord): Match | undefined;
}

/** One rule that one image meets. */
export interface Finding extends Match {
  readonly uri: string;
  readonly rule: string;
  readonly topic: Topic;
  readonly severity: Severity;
}
