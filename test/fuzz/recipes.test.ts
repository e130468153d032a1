import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { builtFiles, builtParts } from "../../fuzz/built.ts";
import { dictionaryOf } from "../../fuzz/dictionary.ts";
import { loadEngine } from "../../fuzz/engine.ts";
import { cook, Kitchen, placesOf } from "../../fuzz/hostile.ts";
import { LONGEST } from "../../fuzz/mutate.ts";
import { Random } from "../../fuzz/random.ts";
import { dissect } from "../../fuzz/structure/dissect.ts";
import { built, isLeaf, type Leaf, type Piece, substitute, withParts } from "../../fuzz/structure/piece.ts";

const engine = await loadEngine(fileURLToPath(new URL("../../src", import.meta.url)));
const files = builtFiles.map((file) => ({ file, tree: dissect(Buffer.from(file)) }));

function leaves(piece: Piece, found: Leaf[] = []): Leaf[] {
  if (isLeaf(piece)) found.push(piece);
  else for (const part of piece.parts) leaves(part, found);
  return found;
}

const grown = (tree: Piece, leaf: Leaf, more: string): Buffer =>
  built(substitute(tree, leaf, { ...leaf, bytes: Buffer.concat([leaf.bytes, Buffer.from(more)]) }));

describe("a file in pieces", () => {
  test.each(files.map(({ file, tree }, i) => [`${i} ${tree.label}`, file, tree] as const))(
    "file %s is written anew without damage",
    (_, file, tree) => {
      expect(engine.readImage(file)).toMatchObject({ damaged: false, wrong: [] });
      expect(engine.readImage(built(tree))).toMatchObject({ damaged: false, wrong: [] });
    },
  );

  test("takes every kind of container and block apart", () => {
    const labels = new Set(
      [...files.map(({ tree }) => tree), ...builtParts.map((bytes) => dissect(Buffer.from(bytes)))].map(({ label }) => label),
    );
    for (const label of ["jpeg", "png", "gif", "riff", "tiff", "boxes", "icc", "iptc", "xml", "resources", "compound file", "apple notes"])
      expect(labels).toContain(label);
  });

  test.each([
    "tEXt Software",
    "jpeg comment",
    "gif text",
    "icc text",
    "icc mluc text",
    "xml text",
    "dataset 2:25",
    "tag 10f text",
    "cbor text",
    "property text",
    "apple tag 11 text",
    "property text characters",
    "Comment",
  ])("grows the text %s, with every length and checksum around it", (label) => {
    const places = files.flatMap(({ tree }) =>
      leaves(tree)
        .filter((leaf) => leaf.leaf === "text" && leaf.label.includes(label))
        .map((leaf) => ({ tree, leaf })),
    );
    expect(places.length).toBeGreaterThan(0);
    for (const { tree, leaf } of places)
      expect(engine.readImage(grown(tree, leaf, "a ".repeat(200)))).toMatchObject({ damaged: false, wrong: [] });
  });

  test("writes a value once that entries share", () => {
    const [directory] = leaves(files.find(({ tree }) => tree.label === "tiff")?.tree as Piece);
    expect(directory).toBeDefined();
    const tree = files.find(({ tree }) => tree.label === "tiff")?.tree as Piece;
    const first = isLeaf(tree) ? undefined : tree.parts[0];
    if (first === undefined || isLeaf(first)) throw new Error("the file has no directory");
    const entry = first.parts[3] as Piece;
    const many = substitute(tree, first, withParts(first, [...first.parts, ...Array.from({ length: 1000 }, () => entry)]));
    expect(built(many).length - built(tree).length).toBe(12 * 1000);
  });
});

describe("a recipe", () => {
  const kitchen = (seed: number) =>
    new Kitchen(
      files.find(({ tree }) => tree.label === "gif")?.tree as Piece,
      builtParts.map((bytes) => dissect(Buffer.from(bytes))),
      dictionaryOf(engine.root),
      new Random(seed),
    );

  test("gives the same bytes for the same seed, and never more than the longest input", { timeout: 180_000 }, () => {
    const [one, other] = [kitchen(3), kitchen(3)];
    let written = 0;
    for (let i = 0; i < 30; i++) {
      const [recipe, same] = [one.invent(), other.invent()];
      const bytes = cook(recipe);
      expect(placesOf(same)).toEqual(placesOf(recipe));
      expect(cook(same)?.equals(bytes ?? Buffer.alloc(0))).toBe(bytes === undefined ? undefined : true);
      expect(bytes?.length ?? 0).toBeLessThanOrEqual(LONGEST);
      if (bytes !== undefined) written++;
    }
    expect(written).toBeGreaterThan(15);
  });

  test("makes less or more of the same by a factor", { timeout: 180_000 }, () => {
    const own = kitchen(4);
    const recipes = Array.from({ length: 12 }, () => own.invent());
    const lengths = recipes.map((recipe) => [cook(recipe, 0.5)?.length ?? 0, cook(recipe)?.length ?? 0] as const);
    expect(lengths.filter(([half, whole]) => half < whole).length).toBeGreaterThan(3);
  });
});
