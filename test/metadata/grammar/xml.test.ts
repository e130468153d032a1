import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Budget } from "../../../src/metadata/budget.ts";
import { readXml, type XmlElement } from "../../../src/metadata/grammar/xml.ts";
import { defaultLimits } from "../../../src/record/limits.ts";

interface Tree {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly content: readonly Tree[] | string;
}

interface Read {
  readonly roots: Tree[];
  readonly damage: string[];
  readonly steps: number;
  /** Nested deepest. */
  readonly depth: number;
}

/** What a document says, as a tree again. */
function read(text: string | Uint8Array, { depth = 100, steps = defaultLimits.steps } = {}): Read {
  const budget = new Budget({ ...defaultLimits, steps });
  const roots: Tree[] = [];
  const damage: string[] = [];
  const open: Tree[][] = [roots];
  let deepest = 0;
  const attributesOf = (element: XmlElement) => [
    ...Array.from({ length: element.declarationCount }, (_, i) => [`xmlns:${element.declaredPrefix(i)}`, element.declaredUri(i)] as const),
    ...Array.from({ length: element.attributeCount }, (_, i) => [element.attributeName(i), element.attributeValue(i)] as const),
  ];
  readXml(typeof text === "string" ? Buffer.from(text) : text, depth, budget, {
    open(element) {
      const content: Tree[] = [];
      open.at(-1)?.push({ name: element.name, attributes: attributesOf(element), content });
      open.push(content);
    },
    close() {
      open.pop();
      if (open.length === 0) throw new Error("more ends than beginnings");
    },
    leaf(element) {
      deepest = Math.max(deepest, open.length);
      open.at(-1)?.push({ name: element.name, attributes: attributesOf(element), content: element.text });
    },
    damage: ({ code }) => damage.push(code),
  });
  expect(open).toHaveLength(1);
  return { roots, damage, steps: budget.spent.steps, depth: deepest };
}

/** A text for each element without elements in it. */
function texts(trees: readonly Tree[]): string[] {
  return trees.flatMap(({ content }) => (typeof content === "string" ? [content] : texts(content)));
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function written({ name, attributes, content }: Tree): string {
  const inTag = attributes.map(([attribute, value]) => ` ${attribute}="${escaped(value)}"`).join("");
  return `<${name}${inTag}>${typeof content === "string" ? escaped(content) : `\n ${content.map(written).join("\n ")}\n`}</${name}>`;
}

const names = fc.constantFrom("a", "b", "rdf:li", "dc:title", "x-y.z", "é", "名");
const values = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.constantFrom("&amp;", "<b>", "]]>", "é"),
);
const { tree } = fc.letrec<{ tree: Tree; content: readonly Tree[] | string }>((tie) => ({
  tree: fc.record({
    name: names,
    attributes: fc.uniqueArray(fc.tuple(fc.constantFrom("p", "q:r", "ö"), values), { selector: ([name]) => name, maxLength: 3 }),
    content: tie("content"),
  }),
  content: fc.oneof({ depthSize: "small" }, values, fc.array(tie("tree"), { minLength: 1, maxLength: 4 })),
}));

/** Pieces of which damaged documents are made. */
const pieces = fc.array(
  fc.constantFrom(
    "<a>",
    "</a>",
    "<b c='1'>",
    "</b>",
    "<b/>",
    "</c>",
    "<",
    ">",
    "text",
    "&lt;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?x",
    "?>",
    "<a b='",
    '<a b="',
    "<é>",
    "</é>",
    " ",
    "<!DOCTYPE x",
    "/",
  ),
  { maxLength: 40 },
);

describe("XML", () => {
  it("gives back the tree that was written", () => {
    fc.assert(
      fc.property(tree, (root) => {
        const { roots, damage } = read(written(root));
        expect(damage).toEqual([]);
        expect(roots).toEqual([root]);
      }),
    );
  });

  it("closes what it opens, however damaged the text is", () => {
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 5 }), (parts, depth) => {
        expect(read(parts.join(""), { depth }).depth).toBeLessThanOrEqual(depth);
      }),
    );
  });

  it("finds no text in a part of a document that is not in all of it", () => {
    fc.assert(
      fc.property(tree, fc.nat(), (root, cut) => {
        const whole = Buffer.from(written(root));
        const known = new Set(texts(read(whole).roots));
        // An outer element may be left with the white space between its elements.
        const found = texts(read(whole.subarray(0, cut % (whole.length + 1))).roots).filter((text) => text.trim() !== "");
        expect(found.filter((text) => !known.has(text))).toEqual([]);
      }),
    );
  });

  it("takes bytes that are not UTF-8 for question marks", () => {
    expect(texts(read(Buffer.from("<a>caf\xe9</a>", "latin1")).roots)).toEqual(["caf?"]);
  });

  it.each([
    ["a missing end tag", "<a><b>1<c>2</c></a>", ["2"], ["MALFORMED"]],
    ["a misspelt end tag", "<a><b>1</B><c>2</c></a>", ["1", "2"], ["MALFORMED"]],
    ["a text that is cut", "<a><b>1</b><c>2", ["1"], ["TRUNCATED"]],
    ["comments and CDATA in a text", "<a>1<!-- x -->2<![CDATA[&amp;]]>&amp;</a>", ["12&amp;&"], []],
    ["a stray sign", "<a>1 < 2</a>", ["1 < 2"], []],
  ])("reads %s as far as it makes sense", (_, text, expected, codes) => {
    const { roots, damage } = read(text);
    expect(texts(roots)).toEqual(expected);
    expect(damage).toEqual(codes);
  });

  it("reads a long text beyond ASCII at the start of a document that is ASCII otherwise", () => {
    const texts = [`é${"x".repeat(30)}`, `&amp;${"x".repeat(100)}`];
    expect(read(`<a><b>${texts[0]}</b><b>${texts[1]}</b></a>`).roots[0]?.content).toMatchObject([
      { content: texts[0] },
      { content: `&${"x".repeat(100)}` },
    ]);
  });

  it("charges what hostile text costs", () => {
    const count = 20_000;
    expect(read("<a/>".repeat(count)).steps).toBeGreaterThan(count);
    expect(read(`<a${" b=''".repeat(count)}/>`).steps).toBeGreaterThan(count);
    expect(read("<!x".repeat(count)).steps).toBeGreaterThan(count);
    expect(read(`${"<a>".repeat(100)}${"</b>".repeat(count)}`).steps).toBeGreaterThan(count * 10);
    expect(() => read("<a>&#65;</a>".repeat(count), { steps: 10_000 })).toThrow("steps of work");
  });
});
