/** `-`: one image from standard input, or from any stream of bytes. */
import type { Storage } from "./contract.ts";
import { readWhole, WholeObject } from "./whole.ts";

export function stdin(stream: AsyncIterable<Uint8Array>, wholeBytes: number): Storage {
  return {
    async *list() {},
    async open(_object, signal) {
      const bytes = await readWhole(stream, wholeBytes, "standard input", signal);
      return new WholeObject({ size: bytes.length }, bytes);
    },
    async close() {},
  };
}
