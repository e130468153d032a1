import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escapedJson, safeJson, visibleCell, visibleLines, visibly } from "../../src/record/visible.ts";
import { OBEYED, RAW } from "../hostile-text.ts";

const texts = fc.string({ unit: fc.oneof(fc.constantFrom(...OBEYED), fc.string({ unit: "binary", minLength: 1, maxLength: 3 })) });

describe.each(OBEYED.map((c) => [(c.codePointAt(0) ?? 0).toString(16).padStart(4, "0"), c]))("U+%s", (code, c) => {
  test("is an escape in JSON, a line, lines, and a cell", () => {
    const text = `a${c}b`;
    expect(JSON.parse(safeJson({ [text]: text }))).toEqual({ [text]: text });
    expect(safeJson({ [text]: [text] }, 2)).not.toMatch(RAW);
    expect(visibly(text)).toBe(`a\\u{${code.replace(/^0+(?=.)/, "")}}b`);
    expect(visibleLines(`x\n${text}`)).toBe(`x\n${visibly(text)}`);
    expect(visibleCell(text)).toBe(`a\\u${code}b`);
  });
});

test("JSON with escapes is the same JSON, whatever is in it", () => {
  fc.assert(
    fc.property(fc.jsonValue(), texts, (value, text) => {
      const whole = { [text]: value, text };
      expect(JSON.parse(safeJson(whole))).toEqual(JSON.parse(JSON.stringify(whole)));
      expect(JSON.parse(escapedJson(JSON.stringify(whole, undefined, 2)))).toEqual(JSON.parse(JSON.stringify(whole)));
      expect(safeJson(whole)).not.toMatch(RAW);
    }),
  );
});

test("a line and a cell have none of them, whatever is in them", () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(visibly(text)).not.toMatch(RAW);
      expect(visibly(text)).not.toMatch(/[\t\n]/);
      expect(visibleCell(text).replaceAll("\r\n", "")).not.toMatch(RAW);
    }),
  );
});

test("keeps what everyone writes", () => {
  for (const text of ["Café Zürich 東京", "עברית and العربية", "👨‍👩‍👧 \u00a0", "plain"]) {
    expect(safeJson(text)).toBe(JSON.stringify(text));
    expect(visibleCell(text)).toBe(text);
  }
  expect(visibleCell("a\tb\r\nc\nd")).toBe("a\tb\r\nc\nd");
  expect(visibleCell("a\rb")).toBe("a\\u000db");
});
