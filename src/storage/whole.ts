/** Sources without ranges (pipes, standard input, servers that give only the whole): read to the end, within a limit. */
import { ImagemetaError } from "../record/errors.ts";
import type { ObjectInfo } from "../record/types.ts";
import type { ByteRange, StoredObject } from "./contract.ts";

/** All bytes of a stream. @throws ImagemetaError LIMIT_EXCEEDED beyond `limit` bytes */
export async function readWhole(stream: AsyncIterable<Uint8Array>, limit: number, name: string, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const iterator = stream[Symbol.asyncIterator]();
  let stop = () => {};
  // A stream may never give another byte: the signal does not wait for it.
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
  });
  try {
    for (;;) {
      const { done, value } = await Promise.race([iterator.next(), stopped]);
      if (done) break;
      length += value.length;
      if (length > limit) {
        throw new ImagemetaError("LIMIT_EXCEEDED", `${name} gives more than the ${limit} bytes that are read of a source without ranges`);
      }
      chunks.push(value);
    }
  } catch (thrown) {
    // It may wait for a chunk that never comes, so nobody waits for it to end.
    iterator.return?.().catch(() => {});
    throw thrown;
  } finally {
    signal.removeEventListener("abort", stop);
  }
  return Buffer.concat(chunks, length);
}

/** An object whose bytes are all there. */
export class WholeObject implements StoredObject {
  readonly info: ObjectInfo;
  readonly size: number;
  readonly cost;
  readonly #bytes: Uint8Array;

  constructor(info: ObjectInfo, bytes: Uint8Array, cost = { requests: 0, bytes: bytes.length }) {
    this.info = info;
    this.size = bytes.length;
    this.cost = cost;
    this.#bytes = bytes;
  }

  async read(ranges: readonly ByteRange[]): Promise<readonly Uint8Array[]> {
    return ranges.map(({ start, end }) => this.#bytes.subarray(start, end));
  }

  async close(): Promise<void> {}
}
