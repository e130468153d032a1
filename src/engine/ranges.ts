/** Sources that are read by ranges: a `Blob` or `File`, and a function that reads them. */
import { untilAborted } from "../async/until-aborted.ts";
import type { ByteRange } from "../metadata/bytes/window.ts";
import type { RangedBytes } from "../read-image/content.ts";
import { ImagemetaError } from "../record/errors.ts";
import { type Bytes, bytesOf, kindOf } from "./bytes.ts";

/**
 * Gives the bytes from `start` up to `end`, not included. They are fewer only if the source ends there, which may be before `start`
 * if its size was not given.
 */
export type ReadRange = (start: number, end: number, signal: AbortSignal) => Bytes | PromiseLike<Bytes>;

export function isBlob(value: unknown): value is Blob {
  return (
    typeof value === "object" &&
    value !== null &&
    ["Blob", "File"].includes(Object.prototype.toString.call(value).slice(8, -1)) &&
    "slice" in value
  );
}

/** A read of a blob does not count as a request: its bytes are on this machine. */
export function blobRanges(blob: Blob): RangedBytes {
  const read: ReadRange = (start, end) => blob.slice(start, end).arrayBuffer();
  return {
    info: { size: blob.size, contentType: blob.type },
    size: blob.size,
    cost: { requests: 0 },
    read: (ranges, signal) => readAll(ranges, signal, (range) => readOne(read, range, blob.size, signal)),
  };
}

/** @throws ImagemetaError NOT_AN_IMAGE if the size is not one */
export function functionRanges(read: ReadRange, size: number | undefined): RangedBytes {
  if (size !== undefined && !(Number.isSafeInteger(size) && size >= 0)) {
    throw new ImagemetaError("NOT_AN_IMAGE", `the size of the source is not a number of bytes: ${String(size)}`);
  }
  return new FunctionRanges(read, size);
}

class FunctionRanges implements RangedBytes {
  readonly info: { readonly size?: number };
  readonly cost = { requests: 0 };
  readonly #read: ReadRange;
  readonly #given: number | undefined;
  /** What short answers say of the size. An answer without a byte says only where it ends at the latest. */
  #found: number | undefined;

  constructor(read: ReadRange, size: number | undefined) {
    this.info = size === undefined ? {} : { size };
    this.#read = read;
    this.#given = size;
  }

  get size(): number | undefined {
    return this.#given ?? this.#found;
  }

  read(ranges: readonly ByteRange[], signal: AbortSignal): Promise<readonly Uint8Array[]> {
    return readAll(ranges, signal, async (range) => {
      this.cost.requests++;
      const bytes = await readOne(this.#read, range, this.#given, signal);
      const end = range.start + bytes.length;
      if (end < range.end) this.#found = Math.min(end, this.#found ?? end);
      return bytes;
    });
  }
}

function readAll(
  ranges: readonly ByteRange[],
  signal: AbortSignal,
  read: (range: ByteRange) => Promise<Uint8Array>,
): Promise<readonly Uint8Array[]> {
  return untilAborted(signal, (stopped) => Promise.race([stopped, Promise.all(ranges.map(read))]));
}

/** @throws ImagemetaError UNAVAILABLE if the source fails, or gives more or fewer bytes than it has */
async function readOne(read: ReadRange, { start, end }: ByteRange, size: number | undefined, signal: AbortSignal): Promise<Uint8Array> {
  let answer: unknown;
  try {
    answer = await read(start, end, signal);
  } catch (cause) {
    throw sourceError(cause);
  }
  const bytes = bytesOf(answer, "what the source gives");
  const wanted = end - start;
  if (bytes.length > wanted || (size !== undefined && bytes.length < Math.min(end, size) - start)) {
    throw new ImagemetaError("UNAVAILABLE", `the source gives ${bytes.length} bytes for the ${wanted} from ${start} to ${end}`);
  }
  return bytes;
}

/** What a source of the caller throws, as the one error. */
export function sourceError(cause: unknown): ImagemetaError {
  if (cause instanceof ImagemetaError) return cause;
  const message = cause instanceof Error ? cause.message : typeof cause === "string" ? cause : kindOf(cause);
  return new ImagemetaError("UNAVAILABLE", `the source fails: ${message}`, { cause });
}
