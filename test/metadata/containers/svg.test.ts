import { deflateRawSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { LONG_HEAD_BYTES } from "../../../src/metadata/containers/container.ts";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { lawOfWindows } from "../../laws.ts";
import { readSparsely } from "../../reading.ts";

const NAMESPACE = "http://www.w3.org/2000/svg";
const SVG = `<svg xmlns="${NAMESPACE}" width="1"/>`;

const refusal = (bytes: Uint8Array) => {
  try {
    readMetadataSync(bytes);
  } catch (thrown) {
    return `${(thrown as { code: string }).code}: ${(thrown as Error).message}`;
  }
  return "a record";
};
const latin1 = (text: string) => Buffer.from(text, "latin1");
const isSvg = (bytes: Uint8Array) => refusal(bytes) === "UNSUPPORTED_FORMAT: SVG is not read yet";
const bigEndian = (text: string) => Buffer.from(text, "utf16le").swap16();

const subset = `[
  <!ENTITY ns_svg "${NAMESPACE}"> <!ENTITY a "]>"> <!-- it's ]> --> <?a ]> ?>
  <!ENTITY b 'c'>
]`;

describe("SVG", () => {
  it.each([
    "<svg>",
    "<svg/>",
    SVG,
    `\xef\xbb\xbf <?xml version="1.0"?>\n${SVG}`,
    "<!-- a --><!----> <!-- -- > --><svg\n>",
    `<?xml version="1.0"?><!-- a --><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "a>b"> ${SVG}`,
    `<!DOCTYPE svg ${subset}><svg xmlns="&ns_svg;">`,
    `<!DOCTYPE svg PUBLIC "a" "b" ${subset} >\n${SVG}`,
    `<?xml version="1.0"?><?xml-stylesheet type="text/css" href="a.css>"?>${SVG}`,
    `<ns0:svg xmlns:ns0="${NAMESPACE}">`,
    `<!DOCTYPE s:svg><s:svg a='>' xmlns:a="urn:a" xmlns:s = '${NAMESPACE}'>`,
    "<svg width=32>",
  ])("is known by %j", (text) => expect(isSvg(latin1(text))).toBe(true));

  it.each([
    "<svgx>",
    "<svg",
    "<html><svg>",
    "<!-- <svg>",
    "<?xml <svg ",
    "<!DOCTYPE html><svg>",
    "<!DOCTYPE html PUBLIC 'svg'><svg>",
    `<!DOCTYPE svg [ <svg> ${SVG}`,
    `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">${SVG}</html>`,
    '<svg xmlns="urn:other">',
    "<ns0:svg>",
    `<ns0:svg xmlns:ns1="${NAMESPACE}">`,
    '<ns0:svg xmlns:ns0="http://www.w3.org/1999/xhtml">',
    `<x xmlns="${NAMESPACE}">`,
    `${"<!---->".repeat(140)}<html>`,
    `<!--->${"<!---->".repeat(140)}`,
    `text ${SVG}`,
    " ".repeat(5000),
    "",
  ])("is not %j", (text) => expect(isSvg(latin1(`${text} `).subarray(0, text.length))).toBe(false));

  const long = "A drawing. ".repeat(600);

  it("is known behind comments, blanks and instructions of more than 4 KB", () => {
    for (const prolog of [
      `<!--${long}-->`,
      " ".repeat(5000),
      `<?a ${long}?>`,
      `<!DOCTYPE svg [<!-- ${long} -->]>`,
      "<!-- -->".repeat(5000),
    ])
      expect(isSvg(latin1(prolog + SVG)), prolog.slice(0, 20)).toBe(true);
  });

  it("is known if the first 4,096 bytes end anywhere in its prolog", () => {
    const prolog = `<!DOCTYPE s:svg ${subset}><?b c?><!-- d --><s:svg a="e" xmlns:s="${NAMESPACE}">`;
    for (let cut = 0; cut <= prolog.length; cut++) {
      const comment = `<!--${"-".repeat(4096 - 7 - cut)}-->`;
      expect(isSvg(latin1(comment + prolog)), prolog.slice(0, cut)).toBe(true);
    }
  });

  it("is not looked for behind the bytes that a first read has", () => {
    const bytes = latin1(`<!--${" ".repeat(LONG_HEAD_BYTES)}-->${SVG}`);
    expect(isSvg(bytes)).toBe(false);
    expect(() => readSparsely(bytes, LONG_HEAD_BYTES)).toThrow(expect.objectContaining({ code: "NOT_AN_IMAGE" }));
  });

  it("is known in UTF-16, with and without a byte order mark", () => {
    const text = `<?xml version="1.0" encoding="UTF-16"?>${SVG}`;
    const mark = "\ufeff";
    for (const bytes of [Buffer.from(mark + text, "utf16le"), Buffer.from(text, "utf16le"), bigEndian(mark + text), bigEndian(text)])
      expect(isSvg(bytes)).toBe(true);
    expect(isSvg(bigEndian(`${mark}<html/>`))).toBe(false);
  });

  it("is known if it is compressed, with every field that a gzip header has", () => {
    expect(isSvg(gzipSync(`<!--${long}-->${SVG}`))).toBe(true);
    expect(isSvg(gzipSync(SVG + long.repeat(100)))).toBe(true);
    const header = [0x1f, 0x8b, 8, 4 | 8 | 16 | 2, 0, 0, 0, 0, 0, 0, 3, 0, 1, 2, 3, ...latin1("a.svg\0a comment\0"), 9, 9];
    expect(isSvg(Buffer.concat([Buffer.from(header), deflateRawSync(SVG)]))).toBe(true);
    for (const other of ["<html/>", "text", ""]) expect(isSvg(gzipSync(other))).toBe(false);
    expect(isSvg(gzipSync(gzipSync(SVG)))).toBe(false);
    expect(isSvg(Buffer.from([0x1f, 0x8b, 8, 8, 65, 65]))).toBe(false);
  });

  it("is not looked for behind 64 KiB of what is compressed: a small file may inflate to much", () => {
    const compressed = (blanks: number) => gzipSync(`<!--${" ".repeat(blanks)}-->${SVG}`);
    expect(isSvg(compressed(LONG_HEAD_BYTES - 1000))).toBe(true);
    expect(isSvg(compressed(LONG_HEAD_BYTES))).toBe(false);
  });

  it("holds the law of windows", () => {
    for (const text of [SVG, `<!--${long}-->${SVG}`, `<!--${long}--><html>`, `<!--${long}`]) lawOfWindows(latin1(text));
  });
});
