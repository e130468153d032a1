/**
 * What a store is: where records go. A catalogue gives them back and lets newer ones win; a sink only takes them.
 * Every catalogue passes test/conformance/catalogue.ts, every sink test/conformance/sink.ts.
 */
import type { ImagemetaError } from "../record/errors.ts";
import type { ErrorCode, ImageRecord, ObjectInfo, ValueForm } from "../record/types.ts";

/** What became of one record of a `put` or one object of a `remove`: durable, older than what is held, or refused, and why. */
export type PutOutcome =
  | { readonly uri: string; readonly result: "written" | "superseded" }
  | { readonly uri: string; readonly result: "failed"; readonly error: ImagemetaError };

/** A new state of an object whose content is not read again: the bucket says that its metadata changed. */
export interface ObjectUpdate {
  readonly uri: string;
  /** With `generation` and `metageneration` where the source has them. */
  readonly object: ObjectInfo;
}

/** An object that is gone: the generation that was deleted; absent where the source has no versions. */
export interface ObjectVersion {
  readonly uri: string;
  readonly generation?: string;
}

/** A correction of a catalogue by what its bucket says. */
export interface Rewind {
  readonly uri: string;
  /** The generation that the bucket says is live. */
  readonly live: string;
  /** The generation that the catalogue holds, and has not read with success: that of a tombstone, an update or an error. */
  readonly held: string;
}

/** What a catalogue holds of one object, without its content. */
export interface Held {
  readonly uri: string;
  /** Absent where the source has no versions: `object.size`, `updated` and `etag` tell then. */
  readonly generation?: string;
  readonly metageneration?: string;
  readonly size?: number;
  readonly updated?: string;
  readonly etag?: string;
  /** Version of imagemeta that read the content; absent while there is none. */
  readonly engine?: string;
  /** The code of the record's error. */
  readonly error?: ErrorCode;
}

/** Which records. All parts must hold. */
export interface Query {
  /** Only addresses that start with this. */
  readonly uriPrefix?: string;
  /** A condition on fields of the record. */
  readonly where?: Condition;
}

export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=" | "contains" | "exists";

/** A condition, parsed once and compiled by each catalogue. Fields are paths: `summary.make`, `format`, `error.code`, `tags.IFD0.Make`. */
export type Condition =
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly kind: "not"; readonly part: Condition }
  | {
      readonly kind: "compare";
      readonly field: readonly string[];
      readonly comparison: Comparison;
      readonly value?: string | number | boolean;
    };

/**
 * Records by address. A record has two parts that win separately, in any order of arrival, any number of times:
 * `object` by (generation, metageneration), content by (generation, no error over success, engine version). A removal
 * leaves a tombstone that wins over an equal generation. What a call has resolved is durable.
 * The rules are one function, `newer` in merge.ts, and what each catalogue does in its own language is tested against it.
 */
export interface Catalogue {
  /** The form of tag values it holds; records of the other form are refused. */
  readonly values: ValueForm;
  /**
   * One outcome a record, in order. A record that cannot be stored fails alone; where the store itself takes nothing the call
   * rejects, with UNAVAILABLE if that may pass, and may be made again: also what was written of it is then only written once more.
   */
  put(records: readonly ImageRecord[]): Promise<readonly PutOutcome[]>;
  /**
   * `superseded` where something newer is held, and where no content of that generation is: then the image must be read, and
   * `lookup` gives that generation without an engine.
   */
  update(objects: readonly ObjectUpdate[]): Promise<readonly PutOutcome[]>;
  /** Leaves tombstones, kept for 60 days: longer than any message lives. */
  remove(gone: readonly ObjectVersion[]): Promise<readonly PutOutcome[]>;
  /** The generation of each address's tombstone, in order; undefined for those that have none. */
  tombstones(uris: readonly string[]): Promise<readonly (string | undefined)[]>;
  /**
   * Takes back what hides live objects: a state of generation `held` that was not read with success becomes a tombstone of the
   * generation before `live`. Anything else stays. Ask the bucket again after this, and then write what it says: see writing/unhide.ts.
   */
  rewind(rewinds: readonly Rewind[]): Promise<void>;
  get(uri: string): Promise<ImageRecord | undefined>;
  /** What is held of each address, in order; undefined for those that are not held. */
  lookup(uris: readonly string[]): Promise<readonly (Held | undefined)[]>;
  /** All that is held below an address, in no order. */
  held(uriPrefix: string): AsyncIterable<readonly Held[]>;
  iterate(query?: Query): AsyncIterable<ImageRecord>;
  /** Small facts beside the records, such as when a bucket's notification was paused. */
  getSetting(key: string): Promise<string | undefined>;
  putSetting(key: string, value: string | undefined): Promise<void>;
  close(): Promise<void>;
}

/** Takes records and gives none back. */
export interface Sink {
  /** The form of tag values it takes; records of the other form are refused. */
  readonly values: ValueForm;
  put(records: readonly ImageRecord[]): Promise<readonly PutOutcome[]>;
  remove(gone: readonly ObjectVersion[]): Promise<readonly PutOutcome[]>;
  /** All was put: the target is written whole. */
  close(): Promise<void>;
  /** It was interrupted: what was put stays durable, and a target that is not whole is left as it was. */
  abandon(): Promise<void>;
}

/** A sink that keeps a journal until its target is written: an interrupted run goes on where it was, as with a catalogue. */
export interface ResumableSink extends Sink {
  update(objects: readonly ObjectUpdate[]): Promise<readonly PutOutcome[]>;
  /** What the journal holds of each address, in order. */
  lookup(uris: readonly string[]): Promise<readonly (Held | undefined)[]>;
}

/** Where records go, whatever it is. */
export type Store = Catalogue | ResumableSink | Sink;
