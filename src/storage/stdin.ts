/** `-`: one image from standard input, or from any stream of bytes. */
import { readWhole } from "../async/read-whole.ts";
import { ImagemetaError } from "../record/errors.ts";
import type { Storage } from "./contract.ts";
import { WholeObject } from "./whole.ts";

export function stdin(stream: AsyncIterable<Uint8Array>, wholeBytes: number): Storage {
  return {
    list() {
      throw new ImagemetaError("NOT_FOUND", "standard input holds one image, and no list of them");
    },
    async open(_object, signal) {
      const bytes = await readWhole(stream, wholeBytes, "standard input", signal);
      return new WholeObject({ size: bytes.length }, bytes);
    },
    async close() {},
  };
}
