/** Every object has these names without being given them. A file may use them for anything that it names. */
import { describe, expect, it } from "vitest";
import { ByteWindow } from "../../src/metadata/bytes/window.ts";
import { loadTables } from "../../src/metadata/late-tables.ts";
import { Reading } from "../../src/metadata/read.ts";
import { namespaceOf } from "../../src/metadata/tables/xmp/namespaces.ts";
import { xmpNamespaces } from "../../src/metadata/tables/xmp/table.ts";
import { ImagemetaError } from "../../src/record/errors.ts";
import type { ImageContent } from "../../src/record/types.ts";
import { gifApplication, gifFile } from "../builders/gif.ts";
import { auxiliary, box, bytesOf, fileType, heifFile, movie } from "../builders/heif.ts";
import { dictionary, element, iccProfile, localized } from "../builders/icc.ts";
import { iptcBlock } from "../builders/iptc.ts";
import { app, iccSegments, jpegFile, photoshopSegment, resource, xmpSegment } from "../builders/jpeg.ts";
import { cborBox, jsonBox, manifest, manifestStore, superbox } from "../builders/jumbf.ts";
import { pngChunk, pngCompressedText, pngFile, pngInternationalText, pngText, u32s } from "../builders/png.ts";
import { tiff } from "../builders/tiff.ts";
import { riffChunk, webpFile } from "../builders/webp.ts";
import { alternatives, array, packetText } from "../builders/xmp.ts";

await loadTables();

const NAMES = ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf", "toJSON", "prototype"];

/** The same name as a signature, of four letters or as many as fit. */
const code = (name: string) => name.replaceAll("_", "x").slice(0, 4);

function* jpegs(name: string): Generator<Uint8Array> {
  yield jpegFile([app(11, `HDR_RI ver=11 ${name}=1 ~\0`, Buffer.alloc(4))]);
  yield jpegFile([app(0, `Ocad$${name}:${name}\0`)]);
  yield jpegFile([app(4, "SCALADO\0\0\0\0\0\0\0\0\x10", code(name), u32s(4, 1))]);
  yield jpegFile([app(9, "Media Jukebox\0\0\0", `<MJMD><${name}>${name}</${name}><Name>&${name};</Name></MJMD>`)]);
  yield jpegFile([app(12, `[${name}]\r\n${name}=${name}\r\nType=${name}\r\n`)]);
  yield jpegFile([app(13, `${name}\0`), app(14, name), app(8, "SEAL\0", `<seal ${name}="${name}" seal="${name}"/>`)]);
  yield jpegFile([
    photoshopSegment(Buffer.concat([resource(0x0404, iptcBlock([2, 5, name], [2, 80, name], [2, 221, name], [1, 90, name]))])),
  ]);
  yield jpegFile(iccSegments(iccProfile([["meta", dictionary(Object.fromEntries([[name, name]]))]])));
  yield jpegFile(
    iccSegments(
      iccProfile([
        ["desc", localized({ [code(name)]: name })],
        [code(name), element(code(name), name)],
      ]),
    ),
  );
  yield jpegFile([
    app(11, "JP", Buffer.of(0, 1, 0, 0, 0, 1), superbox("json", name, jsonBox(Object.fromEntries([[name, { [name]: name }]])))),
  ]);
}

function* pngs(name: string): Generator<Uint8Array> {
  yield pngFile(pngText(name, name), pngCompressedText(name, name), pngInternationalText(name, name, { language: name }));
  yield pngFile(
    pngText("Creation Time", `1 Jan 2018 12:10:22 ${name}`),
    pngText("create-date", name),
    pngText(`Raw profile type ${name}`, name),
  );
  yield pngFile(pngInternationalText("Title", name, { language: name }), pngChunk(code(name), name));
  yield pngFile(pngChunk("caBX", superbox("json", name, jsonBox(structureOf(name)))), pngChunk("seAl", `<seal ${name}="${name}"/>`));
  yield pngFile(pngChunk("caBX", superbox("cbor", name, cborBox(new Map([[name, structureOf(name)]])))));
  const claim = { [name]: name, claim_generator: name, ...structureOf(name) };
  yield pngFile(
    pngChunk("caBX", manifestStore(manifest({ label: name, claim, assertions: [superbox("cbor", name, cborBox(structureOf(name)))] }))),
  );
}

/** `{ name: { name: name }, list: [{ name: name }] }` */
function structureOf(name: string): { [key: string]: string | { [key: string]: string } | { [key: string]: string }[] } {
  const inner = Object.fromEntries([[name, name]]);
  return Object.fromEntries<string | { [key: string]: string } | { [key: string]: string }[]>([
    [name, inner],
    ["list", [inner]],
    ["dc:title", inner],
  ]);
}

function* others(name: string): Generator<Uint8Array> {
  yield tiff([
    [
      [0x010e, 2, `${name}\0`],
      [0x010f, 2, `${name}\0`],
      [0x0132, 2, `${name}\0`],
      [0x8298, 2, `${name}\0`],
      [0xc614, 2, `${name}\0`],
    ],
  ]);
  yield tiff([
    [
      [0x87af, 3, [1, 1, 0, 1, 1026, 34737, name.length, 0]],
      [0x87b1, 2, `${name}|\0`],
    ],
  ]);
  yield gifFile(gifApplication(name.padEnd(8).slice(0, 8), name.slice(0, 3), Buffer.from([1, 0, 0])));
  yield webpFile(riffChunk(code(name), Buffer.from(name)), riffChunk("EXIF", tiff([[[0x010f, 2, `${name}\0`]]])));
  yield bytesOf(fileType(code(name), code(name), "mif1"), box(code(name), name), box("meta", name));
  const property = box(code(name), name);
  const item = { id: 1, type: code(name), contentType: name, contentEncoding: name, data: Buffer.from(name), properties: [1, 2] };
  yield heifFile({ items: [item], primary: 1, properties: [property, auxiliary(name)], references: [[code(name), 1, 1]] });
  yield heifFile({ items: [], after: [movie({ handler: code(name), entry: box(code(name), Buffer.alloc(78)) })] });
}

function* packets(name: string): Generator<Uint8Array> {
  const xmp = (properties: string, attributes = "") => jpegFile([xmpSegment(packetText(properties, { attributes }))]);
  yield xmp(`<ex:${name}>${name}</ex:${name}><dc:${name}>${name}</dc:${name}><dc:title>${alternatives({ [name]: name })}</dc:title>`);
  yield xmp(
    `<${name}:${name} xmlns:${name}="http://example.com/${name}/">&${name};</${name}:${name}>`,
    `xmlns:p="${name}" p:${name}="${name}"`,
  );
  for (const { prefix, rows } of xmpNamespaces) {
    const declared = `xmlns:p="${namespaceOf(prefix) ?? `http://example.com/${prefix}/`}"`;
    yield xmp(rows.map(([id]) => `<p:${id} ${declared}>${name}</p:${id}>`).join(""));
    yield xmp(rows.map(([id]) => `<p:${id} ${declared}>${array("Bag", name, name)}</p:${id}>`).join(""));
    yield xmp(rows.map(([id]) => `<p:${id} ${declared} rdf:parseType="Resource"><p:${name}>${name}</p:${name}></p:${id}>`).join(""));
  }
}

function read(bytes: Uint8Array, numeric: boolean): ImageContent | undefined {
  try {
    return new Reading(ByteWindow.whole(bytes, 0), { numeric }).attempt();
  } catch (thrown) {
    if (thrown instanceof ImagemetaError) return undefined;
    throw thrown;
  }
}

/** What V8 writes if an inherited property is taken for an own one. */
const MISTAKES = /is not a function|is not iterable|Cannot (?:read|set|convert|destructure|mix)|Invalid array length|native code/;

describe.each([
  ["JPEG", jpegs],
  ["PNG", pngs],
  ["TIFF, GIF, WebP and HEIF", others],
  ["XMP", packets],
])("names that every object inherits, in %s", (_, images) => {
  it.each(NAMES)("reads %s like any other name", (name) => {
    for (const bytes of images(name))
      for (const numeric of [false, true]) expect(JSON.stringify(read(bytes, numeric)) ?? "").not.toMatch(MISTAKES);
  });
});

describe("names that every object inherits", () => {
  it("keeps a value under each of them", () => {
    for (const name of NAMES) {
      const content = read(pngFile(pngChunk("caBX", superbox("json", "x", jsonBox(structureOf(name))))), false);
      expect(JSON.stringify(content?.tags.JSON)).toContain(`{"${name}":"${name}"}`);
    }
  });
});
