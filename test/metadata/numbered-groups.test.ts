/** Blocks of one kind that come more than once: ExifTool's numbered groups. */
import { describe, expect, it } from "vitest";
import { readMetadataSync } from "../../src/metadata/read.ts";
import { element, iccProfile } from "../builders/icc.ts";
import { iptcBlock } from "../builders/iptc.ts";
import { lawOfTruncation, lawOfWindows } from "../laws.ts";
import { expectMetadata } from "../schema.ts";

const segment = (marker: number, ...parts: (Uint8Array | string)[]) => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  return Buffer.concat([Buffer.of(0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 0xff), body]);
};

/** A little-endian TIFF whose one directory holds these values of type UNDEFINED. */
function tiff(values: readonly (readonly [tag: number, bytes: Uint8Array])[]): Buffer {
  const directory = Buffer.alloc(8 + 2 + 12 * values.length + 4);
  directory.write("II*\0\x08\0\0\0", "latin1");
  directory.writeUInt16LE(values.length, 8);
  let offset = directory.length;
  for (const [index, [tag, bytes]] of values.entries()) {
    const at = 10 + 12 * index;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(7, at + 2);
    directory.writeUInt32LE(bytes.length, at + 4);
    directory.writeUInt32LE(offset, at + 8);
    offset += bytes.length;
  }
  return Buffer.concat([directory, ...values.map(([, bytes]) => bytes)]);
}

function photoshop(block: Uint8Array): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(block.length);
  return segment(0xed, "Photoshop 3.0\0", Buffer.from("8BIM\x04\x04\0\0", "latin1"), size, block, Buffer.alloc(block.length & 1));
}

const profile = (copyright: string) => iccProfile([["cprt", element("text", `${copyright}\0`)]]);
const city = (name: string) => iptcBlock([2, 90, name], [2, 90, `${name} again`]);
const SOI = Buffer.of(0xff, 0xd8);
const picture = Buffer.concat([segment(0xc0, Buffer.of(8, 0, 4, 0, 6, 1, 1, 0x11, 0)), Buffer.of(0xff, 0xd9)]);
const inExif = tiff([
  [0x83bb, city("Rome")],
  [0x8773, profile("second")],
]);
const jpeg = Buffer.concat([
  SOI,
  segment(0xe1, Buffer.from("Exif\0\0"), inExif),
  segment(0xe2, Buffer.from("ICC_PROFILE\0\x01\x01", "latin1"), profile("first")),
  photoshop(city("Paris")),
  picture,
]);

describe("numbered groups", () => {
  it("numbers what comes later, and IPTC that stands elsewhere wherever it comes", () => {
    const metadata = readMetadataSync(jpeg);
    expectMetadata(metadata);
    expect(metadata.tags).toMatchObject({
      IPTC: { City: "Paris again" },
      IPTC2: { City: "Rome" },
      ICC_Profile: { ProfileCopyright: "second" },
      ICC_Profile2: { ProfileCopyright: "first" },
      "ICC-header2": { ProfileClass: "Display Device Profile" },
    });
    expect(Object.keys(metadata.tags).filter((name) => name.startsWith("File"))).toEqual(["File"]);
  });

  it("reads IPTC in the first directory of a TIFF as standing right", () => {
    const { tags } = readMetadataSync(inExif);
    expect(tags).toMatchObject({ IPTC: { City: "Rome again" }, File: { CurrentIPTCDigest: expect.stringMatching(/^[0-9a-f]{32}$/) } });
    expect(tags).not.toHaveProperty("IPTC2");
  });

  it("tells the same bytes from each other by where they are named", () => {
    // Directories far from each other, so that the reading starts again, all with the IPTC of the first.
    const [count, stride] = [4, 5000];
    const bytes = Buffer.alloc(count * stride);
    inExif.copy(bytes);
    bytes.writeUInt32LE(stride, 10 + 24);
    for (let at = stride; at < bytes.length; at += stride) {
      bytes.writeUInt16LE(1, at);
      inExif.copy(bytes, at + 2, 10, 22);
      bytes.writeUInt32LE((at + stride) % bytes.length, at + 14);
    }
    expect(Object.keys(readMetadataSync(bytes).tags).filter((name) => name.startsWith("IPTC"))).toEqual([
      "IPTC",
      "IPTC2",
      "IPTC3",
      "IPTC4",
    ]);
    lawOfWindows(bytes);
  });

  it("holds the laws of every image", () => {
    for (const bytes of [jpeg, inExif]) {
      lawOfWindows(bytes);
      lawOfTruncation(bytes);
    }
  });
});
