/** What does not compile is tested by `tsc`: a line that is expected to have an error and has none is one. */
import { describe, expect, test } from "vitest";
import { decoders } from "../../../src/metadata/blocks/table.ts";
import type { BlockKind, Decoder, Findings, FoundBlock } from "../../../src/metadata/contracts.ts";

describe("a block", () => {
  const named: FoundBlock[] = [];
  const found = { block: (block) => named.push(block) } satisfies Partial<Findings> as Pick<Findings, "block">;
  const at = [{ start: 0, end: 1 }];

  test("has a kind that exists, and a context exactly if its kind has one", () => {
    found.block({ kind: "xmp", at });
    found.block({ kind: "iptc", at, context: { standing: "free" } });
    expect(named.map(({ kind, context }) => [kind, context])).toEqual([
      ["xmp", undefined],
      ["iptc", { standing: "free" }],
    ]);
    // @ts-expect-error: a kind that does not exist
    found.block({ kind: "xpm", at });
    // @ts-expect-error: a kind that a file chooses
    found.block({ kind: String(at.length), at });
    // @ts-expect-error: a context that is missing
    found.block({ kind: "iptc", at });
    // @ts-expect-error: a context of another kind
    found.block({ kind: "iptc", at, context: { holder: "APP1", iptc: "free" } });
    // @ts-expect-error: a value that the context does not have
    found.block({ kind: "iptc", at, context: { standing: "IFD0" } });
    // @ts-expect-error: a context of a kind that has none
    found.block({ kind: "xmp", at, context: { standing: "free" } });
    // @ts-expect-error: more than a block has
    found.block({ kind: "xmp", at, hint: "extended" });
  });
});

describe("the table of decoders", () => {
  type Decoders = typeof decoders;
  const { xmp, iptc, ...others } = decoders;
  const ready: Decoders = { ...others, xmp, iptc };

  test("has each decoder in its place", () => {
    for (const [kind, decoder] of Object.entries<Decoder<BlockKind>>(ready)) expect(decoder.kind).toBe(kind);
  });

  test("has a decoder of every kind, and of no other", () => {
    // @ts-expect-error: a kind without a decoder
    const lacking: Decoders = { ...others, iptc };
    // @ts-expect-error: a decoder of another kind
    const mistaken: Decoders = { ...others, iptc, xmp: iptc };
    // @ts-expect-error: a decoder of no kind
    const strange: Decoders = { ...others, xmp, iptc, xpm: xmp };
    expect([lacking, mistaken, strange].map((table) => Object.keys(table).length - Object.keys(ready).length)).toEqual([-1, 0, 1]);
  });
});

test("a decoder knows the context of its kind alone", () => {
  const decoder: Decoder<"printim"> = {
    kind: "printim",
    // @ts-expect-error: the context of IPTC
    decode: ({ context: { standing } }) => standing,
  };
  expect(decoder.kind).toBe("printim");
});
