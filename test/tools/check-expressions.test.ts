import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CountingExpression } from "../../tools/backtracking.ts";
import { analysed, expressionFaults, findExpressions, superLinearText } from "../../tools/check-expressions.ts";
import { checkSnippet } from "./snippets.ts";

const SUPER_LINEAR = [
  String.raw`/\0+$/`,
  String.raw`/[\s\0]+$/`,
  String.raw`/^(.*?)(\d*)$/`,
  String.raw`/\bSteps: \d+.*\bSampler: /s`,
  String.raw`/^(\d{4})?\s*(Z|[+-]\d\d:?\d\d)?\s*$/`,
  String.raw`/^(<!--[\s\S]*?-->\s*)*<svg[\s>]/`,
  String.raw`/\s*(\d+):\s*(\d+)/`,
  "/(a+)+b/",
  `/(a|a)*b/`,
  String.raw`/\s+(\S)/g`,
];

const LINEAR = [
  String.raw`/^\s*(\d+)$/`,
  String.raw`/\d/`,
  String.raw`/[^-\w]/g`,
  String.raw`/\$(\w+):([^\0$]+)/g`,
  String.raw`/(?<!\w)(\w+)=([^,\s]*)/g`,
  String.raw`/<(\w{1,64})>([^<]*)<\/\1>/g`,
  String.raw`/^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}:\d{2})(:\d{2})?\s*(\S*)$/`,
];

/** The analyser takes seconds for some expressions. */
const ANALYSIS_TIMEOUT_MS = 120_000;

describe("check-expressions", () => {
  it.each(SUPER_LINEAR)("counts more than linear steps of %s", (literal) => {
    expect(superLinearText(literal, literal.endsWith("g"))).toBeDefined();
  });

  it.each(SUPER_LINEAR)(
    "hears from the analyser about %s",
    (literal) => {
      expect(analysed(literal)).toBeDefined();
    },
    ANALYSIS_TIMEOUT_MS,
  );

  it.each(LINEAR)(
    "accepts %s",
    (literal) => {
      expect(superLinearText(literal, literal.endsWith("g"))).toBeUndefined();
      expect(analysed(literal)).toBeUndefined();
    },
    ANALYSIS_TIMEOUT_MS,
  );

  it("reports the line of an expression, and one that is made at run time", () => {
    const code = `export const a = (text: string) => text.replace(/\\s+$/, "");\nexport const b = (name: string) => new RegExp(name);\n`;
    const faults = checkSnippet(code, expressionFaults);
    expect(faults.map(({ line }) => line)).toEqual([1, 2]);
  });

  it("finds all matches looked for by split and by the flag g", () => {
    const code = `export const a = (text: string) => [text.split(/,/), text.match(/a/g), text.match(/b/), "/c/"];`;
    expect(checkSnippet(code, findExpressions).map(({ literal, all }) => [literal, all])).toEqual([
      ["/,/", true],
      ["/a/g", true],
      ["/b/", false],
    ]);
  });
});

describe("CountingExpression", () => {
  it.each([...LINEAR, `/^(?:a|ab)(c|bcd)?(d*)$/i`, String.raw`/(?=(a*))b?\1/`, String.raw`/(a*?)*x|\Bb{2,3}?$/m`, `/(?<=a)b|(?!b)c/`])(
    "finds the first match of %s where V8 does",
    (literal) => {
      const counting = new CountingExpression(literal);
      const real = new RegExp(literal.slice(1, literal.lastIndexOf("/")), literal.slice(literal.lastIndexOf("/") + 1).replace("g", ""));
      const texts = fc.array(fc.constantFrom(..."abcdx019-:=$<>/ \n\0T"), { maxLength: 12 }).map((characters) => characters.join(""));
      fc.assert(fc.property(texts, (text) => counting.search(text, false, 1e6).index === text.search(real)));
    },
  );

  it("stops at the limit of steps", () => {
    expect(new CountingExpression("/(a+)+b/").search("a".repeat(40), false, 10_000).steps).toBe(Number.POSITIVE_INFINITY);
  });
});
