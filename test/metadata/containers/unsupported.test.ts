import { describe, expect, it } from "vitest";
import { unsupportedType } from "../../../src/metadata/containers/unsupported.ts";

const typeOf = (text: string) => unsupportedType(Buffer.from(text, "latin1"));

describe("SVG", () => {
  it.each([
    "<svg>",
    '\xef\xbb\xbf <?xml version="1.0"?>\n<svg width="1">',
    "<!-- a --><!----> <!-- -- > --><svg\n>",
    '<?xml version="1.0"?><!-- a --><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" ""> <svg>',
  ])("knows %j", (text) => expect(typeOf(text)).toBe("SVG"));

  it.each([
    "<svgx>",
    "<html><svg>",
    "<!-- <svg>",
    "<?xml <svg ",
    "<!DOCTYPE html><svg>",
    `${"<!---->".repeat(140)}<html>`,
    `<!--->${"<!---->".repeat(140)}`,
  ])("does not take %j for one", (text) => expect(typeOf(text)).toBeUndefined());
});
