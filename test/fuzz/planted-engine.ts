/** The engine with decoders that are wrong on purpose: what the fuzzer has to find. */
import { fileURLToPath } from "node:url";
import { type Engine, loadEngine } from "../../fuzz/engine.ts";
import type { AnyDecoder } from "../../fuzz/version.ts";
import type { Block, Findings } from "../../src/metadata/contracts.ts";

const real = await loadEngine(fileURLToPath(new URL("../../src", import.meta.url)));

const planted = (kind: string, decode: (bytes: Uint8Array, found: Findings) => void): AnyDecoder => ({
  kind,
  decode(block, found) {
    const { data } = block as Block;
    decode(data.upTo(0, data.size ?? 0), found);
  },
});

const put = (found: Findings, name: string, value: string | number): void => found.tags.group("Planted").put(name, value);

const MAX_KEPT_BYTES = 400 << 20;
let kept = Buffer.alloc(0);

export const engine: Engine = {
  ...real,
  root: new URL(".", import.meta.url).href,
  containers: [],
  decoders: [
    planted("spins", (bytes) => {
      while (bytes.length > 2000);
    }),
    // Memory that no budget is charged for.
    planted("keeps", (bytes, found) => {
      kept = Buffer.alloc(Math.min(bytes.length * 10_000, MAX_KEPT_BYTES), 1);
      put(found, "Kept", kept.length);
    }),
    planted("throws", (bytes, found) => {
      const names: Record<string, { readonly title: string } | undefined> = { 0: { title: "zero" } };
      put(found, "Title", names[bytes[3] ?? 0]?.title ?? (undefined as unknown as string).toString());
    }),
    planted("quadratic", (bytes, found) => {
      let equal = 0;
      for (const one of bytes) for (const other of bytes) equal += one === other ? 1 : 0;
      put(found, "Equal", equal);
    }),
    planted("linear", (bytes, found) => {
      let sum = 0;
      for (const byte of bytes) sum += byte;
      found.budget.step(bytes.length);
      put(found, "Sum", sum);
    }),
  ],
};
