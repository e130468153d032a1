/** Sources without ranges (pipes, standard input, servers that give only the whole), once they are read to the end. */
import type { ObjectInfo } from "../record/types.ts";
import type { ByteRange, StoredObject } from "./contract.ts";

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
