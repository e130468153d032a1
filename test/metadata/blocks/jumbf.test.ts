import { describe, expect, it } from "vitest";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { box, bytesOf, heifFile, spatialExtent } from "../../builders/heif.ts";
import { actions, cborBox, certificate, jsonBox, manifest, manifestStore, superbox, timeStamp } from "../../builders/jumbf.ts";
import { pngChunk, pngFile, u32s } from "../../builders/png.ts";
import { lawOfTruncation, lawOfWindows } from "../../laws.ts";

const inPng = (jumbf: Uint8Array) => pngFile(pngChunk("caBX", jumbf));
const C2PA_UUID = Buffer.from("d8fec3d61b0e483c92975828877ec481", "hex");
const AI = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

describe("JUMBF", () => {
  it("reads descriptions and the content that ExifTool names after them", () => {
    const jumbf = superbox(
      "c2pa",
      "c2pa",
      superbox("6579", "c2pa.thumbnail.claim.jpeg", box("bfdb", 0, "image/jpeg", 0), box("bidb", Buffer.alloc(30))),
      superbox(
        "json",
        "stds.schema-org.CreativeWork",
        jsonBox({ "@type": "CreativeWork", author: [{ name: "A" }, { name: "B" }], none: null }),
      ),
      superbox(
        "cbor",
        "c2pa.hash.data",
        cborBox({ alg: "sha256", hash: Buffer.alloc(32), "dc:title": "T", exclusions: [{ start: 1, length: 2 }] }),
      ),
    );
    const { tags } = readMetadataSync(inPng(jumbf));
    expect(tags.JUMBF).toEqual({ JUMDType: "(c2pa)-0011-0010-800000aa00389b71", JUMDLabel: "c2pa" });
    expect(tags.Jpeg2000).toEqual({ C2PAThumbnailClaimJpegType: "image/jpeg", C2PAThumbnailClaimJpegData: { bytes: 30 } });
    expect(tags.JSON).toEqual({ Type: "CreativeWork", Author: [{ name: "A" }, { name: "B" }], None: "null" });
    expect(tags.CBOR).toEqual({ Alg: "sha256", Hash: { bytes: 32 }, Title: "T", Exclusions: [{ start: 1, length: 2 }] });
    const numeric = readMetadataSync(inPng(jumbf), { numeric: true });
    expect(numeric.tags.JUMBF?.JUMDType).toBe("6332706100110010800000aa00389b71");
  });

  it("reads what else a description may have: number, signature, salt", () => {
    const description = box(
      "jumd",
      Buffer.alloc(16, 1),
      0x0f,
      "a.label__1",
      0,
      u32s(7),
      Buffer.alloc(32, 2),
      box("c2sh", Buffer.from([0xab, 0xcd])),
    );
    const { tags } = readMetadataSync(inPng(box("jumb", description, box("bidb", "x"))));
    expect(tags.JUMBF).toEqual({
      JUMDType: "01010101-0101-0101-0101010101010101",
      JUMDLabel: "a.label__1",
      JUMDID: 7,
      JUMDSignature: "02".repeat(32),
    });
    expect(tags.Jpeg2000).toEqual({ ALabel_1Salt: "abcd", ALabel_1Data: { bytes: 1 } });
  });

  it("keeps integers that a double cannot hold", () => {
    const jumbf = superbox("json", "x", box("json", '{"serial": 1234567890123456789, "small": -3, "ratio": 0.25}'));
    expect(readMetadataSync(inPng(jumbf)).tags.JSON).toEqual({ Serial: "1234567890123456789", Small: -3, Ratio: 0.25 });
    const digits = "9".repeat(100_000);
    expect(readMetadataSync(inPng(superbox("json", "x", box("json", `{"serial": ${digits}}`)))).tags.JSON).toEqual({ Serial: digits });
  });

  it("leaves out the zeros behind JSON, however many", () => {
    const zeros = "\0".repeat(100_000);
    const { tags, warnings } = readMetadataSync(inPng(superbox("json", "x", box("json", `{"a1": "b"}${zeros}`))));
    expect([tags.JSON, warnings]).toEqual([{ A1: "b" }, []]);
  });

  it("warns of what is no JSON, no CBOR, no end, and reads the rest", () => {
    const { tags, warnings } = readMetadataSync(
      inPng(
        bytesOf(
          superbox("json", "a", box("json", "{nonsense")),
          superbox("json", "b", box("json", "[".repeat(5000) + "]".repeat(5000))),
          superbox("cbor", "c", box("cbor", Buffer.from([0xbf, 0x61]))),
          superbox("cbor", "d", box("cbor", Buffer.alloc(100, 0x81))),
          box("jumb", box("jumd", "short")),
          box("jumb", box("jumd", Buffer.alloc(16), 2, "no end")),
          superbox("cbor", "e", cborBox({ last: 1 })),
        ),
      ),
    );
    expect(tags.CBOR).toEqual({ Last: 1 });
    expect(warnings.length).toBe(6);
  });

  it("stops at nesting without end", () => {
    let jumbf = superbox("cbor", "inner", cborBox({ deep: 1 }));
    for (let i = 0; i < 60; i++) jumbf = superbox("cbor", "outer", jumbf);
    const { tags, warnings } = readMetadataSync(inPng(jumbf));
    expect(tags.CBOR).toBeUndefined();
    expect(warnings).toMatchObject([{ code: "LIMIT_EXCEEDED", block: "jumbf" }]);
  });
});

describe("C2PA", () => {
  const signature = [
    new Map<string | number, number | Uint8Array | Uint8Array[]>([
      [1, -7],
      [33, [certificate("Signing key", "Some company"), certificate("Authority", "Other")]],
    ]),
    { sigTst2: { tstTokens: [{ val: timeStamp("20240102030405.5Z") }] } },
  ] as const;
  const made = manifest({
    claim: { claim_generator: "maker/1.0", "dc:title": "picture.png" },
    assertions: [actions({ action: "c2pa.created", digitalSourceType: AI }, { action: "c2pa.resized" })],
    signature,
  });

  it("states what the active manifest claims", () => {
    const bytes = inPng(manifestStore(manifest({ label: "older", claim: { "dc:title": "older" } }), made));
    const { summary, warnings } = readMetadataSync(bytes);
    expect(warnings).toEqual([]);
    expect(summary).toMatchObject({
      contentCredentials: {
        claimGenerator: "maker/1.0",
        title: "picture.png",
        actions: ["c2pa.created", "c2pa.resized"],
        signer: "Signing key, Some company",
        signedAt: "2024-01-02T03:04:05.5Z",
      },
      digitalSourceType: "trainedAlgorithmicMedia",
      aiGenerated: true,
    });
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
  });

  it("finds it in a HEIF file, before and behind the pixels", () => {
    const uuid = box("uuid", C2PA_UUID, u32s(0), "manifest", 0, u32s(0, 0), manifestStore(made));
    const bytes = heifFile({
      items: [{ id: 1, type: "hvc1", data: Buffer.alloc(9), properties: [1] }],
      primary: 1,
      properties: [spatialExtent(1, 1)],
      after: [uuid],
    });
    const { summary, tags } = readMetadataSync(bytes);
    expect(summary.contentCredentials?.claimGenerator).toBe("maker/1.0");
    expect(tags.JUMBF?.JUMDLabel).toBe("c2pa");
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
  });

  it("takes generator, certificate and time where other versions put them", () => {
    const store = manifestStore(
      manifest({
        claim: { claim_generator_info: { name: "Maker", version: "2" } },
        signature: [new Map([[15, new Map([[6, 1_700_000_000]])]]), { x5chain: certificate("Only", "Only") }],
      }),
    );
    expect(readMetadataSync(inPng(store)).summary.contentCredentials).toEqual({
      claimGenerator: "Maker/2",
      signer: "Only",
      signedAt: "2023-11-14T22:13:20Z",
    });
  });

  it("follows the parent of an edited image to its source", () => {
    const parent = manifest({ label: "urn:parent", assertions: [actions({ action: "c2pa.created", digitalSourceType: AI })] });
    const ingredient = (relationship: string) =>
      superbox("cbor", "c2pa.ingredient", cborBox({ relationship, c2pa_manifest: { url: "self#jumbf=/c2pa/urn:parent" } }));
    const edited = (relationship: string) => manifest({ assertions: [ingredient(relationship), actions({ action: "c2pa.opened" })] });
    expect(readMetadataSync(inPng(manifestStore(parent, edited("parentOf")))).summary.digitalSourceType).toBe("trainedAlgorithmicMedia");
    expect(readMetadataSync(inPng(manifestStore(parent, edited("componentOf")))).summary.digitalSourceType).toBeUndefined();
  });

  it("does not follow a parent to itself for ever", () => {
    const ingredient = superbox(
      "cbor",
      "c2pa.ingredient",
      cborBox({ relationship: "parentOf", c2pa_manifest: { url: "self#jumbf=/c2pa/urn:uuid:1" } }),
    );
    const { summary } = readMetadataSync(inPng(manifestStore(manifest({ assertions: [ingredient] }))));
    expect(summary).toMatchObject({ contentCredentials: {} });
    expect(summary.digitalSourceType).toBeUndefined();
  });
});
