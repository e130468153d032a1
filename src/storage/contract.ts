/** What a storage is: where images live. Every storage passes test/conformance/storage.ts. */
import type { ObjectInfo, ReadCost } from "../record/types.ts";

/** Half-open, in bytes from the start of the object's content. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** An object by its address, with what is known of it. */
export interface StorageObject {
  /** `gs://bucket/name` with the name raw, `file:///…` and `https://…` percent-encoded, `-`. */
  readonly uri: string;
  /** From a list or an event. Without it the first read says it. */
  readonly info?: ObjectInfo;
}

/** Which objects of a storage. */
export interface Location {
  /** `gs://bucket`, or the file URL of a folder, which ends in `/`. */
  readonly root: string;
  /** What all names start with. Names are relative to the root. */
  readonly prefix?: string;
  /** Globs of whole names, in GCS's dialect: see glob.ts. Any of them must match; none given, all names do. */
  readonly include?: readonly string[];
  /** Globs of names that are left out. */
  readonly exclude?: readonly string[];
}

export interface Storage {
  /**
   * The objects at a place, a page at a time, ordered by name as UTF-8 bytes.
   * @throws ImagemetaError NOT_FOUND, FORBIDDEN, UNAUTHENTICATED, UNAVAILABLE
   */
  list(where: Location, signal: AbortSignal): AsyncIterable<readonly Required<StorageObject>[]>;
  /**
   * The same objects by many requests at once, `workers` at most (as many as connections), in no order, each once. What comes or goes while it runs may
   * be listed or not, all else is. Pages that nobody takes stop it until they are taken. Only where the storage can do so.
   * @throws ImagemetaError as `list` does
   */
  listParallel?(where: Location, signal: AbortSignal, workers?: number): AsyncIterable<readonly Required<StorageObject>[]>;
  /**
   * What the storage says of the live version of an object, by a request that reads none of its content; undefined if there is none,
   * also because its bucket is gone. Only if the storage has versions.
   * @throws ImagemetaError FORBIDDEN, UNAUTHENTICATED, UNAVAILABLE
   */
  findLive?(uri: string, signal: AbortSignal): Promise<ObjectInfo | undefined>;
  /**
   * One object, pinned to the version that `info` names, or to the one that the first read meets.
   * @throws ImagemetaError where the address is none of this storage, or the object is known not to be there
   */
  open(object: StorageObject, signal: AbortSignal): Promise<StoredObject>;
  /** Lets go of connections. What is being read fails. */
  close(): Promise<void>;
}

/** One version of one object. */
export interface StoredObject {
  /** What the storage says of it; more once the first read has come. */
  readonly info: ObjectInfo;
  /** Bytes of the content; undefined until the storage has said it (an object stored compressed says it at its end). */
  readonly size: number | undefined;
  /** What was spent so far, retries included. */
  readonly cost: Readonly<ReadCost>;
  /**
   * The bytes of each range, in the order asked. They are fewer than asked only where the object ends, and `size` is known then.
   * @throws ImagemetaError CHANGED where the version that was opened is no longer there; NOT_FOUND, FORBIDDEN, UNAUTHENTICATED, UNAVAILABLE
   */
  read(ranges: readonly ByteRange[], signal: AbortSignal): Promise<readonly Uint8Array[]>;
  close(): Promise<void>;
}
