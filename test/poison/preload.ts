/** Preloaded into a process, this makes it a test build: one more container, which does the harm that its images name. */
import type { Container } from "../../src/metadata/containers/container.ts";
import { containers } from "../../src/metadata/containers/table.ts";
import { type Harm, MARK, WORD_LENGTH } from "./images.ts";

const harms: Readonly<Record<Harm, () => void>> = {
  spin() {
    for (;;);
  },
  heap() {
    const kept: object[] = [];
    for (;;) kept.push(new Array(100_000).fill(kept.length));
  },
  buffers() {
    const kept: Buffer[] = [];
    for (;;) kept.push(Buffer.alloc(8 << 20, 1));
  },
  throw() {
    throw new TypeError("the decoder has a fault");
  },
  abort: () => process.abort(),
};

function harmOf(head: Uint8Array): (() => void) | undefined {
  const text = Buffer.from(head.subarray(0, MARK.length + WORD_LENGTH)).toString("latin1");
  return text.startsWith(MARK) ? harms[text.slice(MARK.length).trim() as Harm] : undefined;
}

const poison: Container = {
  name: "poison",
  title: "Poison",
  formats: [],
  detect: (head) => (harmOf(head) === undefined ? undefined : { format: "POISON", mimeType: "image/x-poison" }),
  parse: (window) => harmOf(window.upTo(0, MARK.length + WORD_LENGTH))?.(),
};

(containers as Container[]).unshift(poison);
