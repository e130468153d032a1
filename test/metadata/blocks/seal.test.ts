import { expect, it } from "vitest";
import { seal } from "../../../src/metadata/blocks/seal.ts";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { pixelData, pngChunk, pngFile } from "../../builders/png.ts";
import { decodeBlock } from "../../decode.ts";

const ELEMENT = '<seal seal="1" ka="rsa" kv="2" da="sha256" b="F~S,s~f" d="example.com" s="abc" info="ours"/>';
const TAGS = {
  SEALVersion: "1",
  KeyAlgorithm: "rsa",
  KeyVersion: "2",
  DigestAlgorithm: "sha256",
  ByteRange: "F~S,s~f",
  Domain: "example.com",
  Signature: "abc",
  SEALComment: "ours",
};

it("reads a SEAL chunk of a PNG", () => {
  expect(readMetadataSync(pngFile(pngChunk("seAl", ELEMENT), pixelData(10))).tags.SEAL).toEqual(TAGS);
});

it("reads SEAL in UTF-16 with a declaration", () => {
  const text = `\ufeff<?xml version="1.0" encoding="UTF-16"?>${ELEMENT}`;
  expect(decodeBlock(seal, Buffer.from(text, "utf16le")).printed).toEqual({ SEAL: TAGS });
});

it("reads SEAL that has elements for attributes", () => {
  const elements = Object.entries({ seal: 1, ka: "ES256", info: "a &amp; b" }).map(([name, value]) => `<${name}>${value}</${name}>`);
  expect(decodeBlock(seal, Buffer.from(`<seal>${elements.join("\n")}</seal>`)).printed).toEqual({
    SEAL: { SEALVersion: "1", KeyAlgorithm: "ES256", SEALComment: "a & b" },
  });
});

it("warns of SEAL that is no XML", () => {
  const { printed, warnings } = decodeBlock(seal, Buffer.from('<seal seal="1'));
  expect(printed).toEqual({});
  expect(warnings[0]).toMatchObject({ code: "MALFORMED" });
});
