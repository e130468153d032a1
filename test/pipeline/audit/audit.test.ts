import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { loadTables } from "../../../src/metadata/late-tables.ts";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { audit, RULES, rulesOf } from "../../../src/pipeline/audit/audit.ts";
import type { Finding } from "../../../src/pipeline/audit/rule.ts";
import type { ErrorCode, FailedRecord, ImageRecord, ReadRecord, Tags } from "../../../src/record/types.ts";
import { iptcBlock, UTF8 } from "../../builders/iptc.ts";
import { app, frame, jpegFile, jpegOf, photoshopSegment, resource, xmpSegment } from "../../builders/jpeg.ts";
import { type TiffDirectory, tiff } from "../../builders/tiff.ts";
import { alternatives, array, packetText } from "../../builders/xmp.ts";
import { expectRecord } from "../../schema.ts";

beforeAll(loadTables);

const forms = [{ numeric: true }, { numeric: false }];
const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;

function recordOf(bytes: Uint8Array, numeric = true, more: Partial<ReadRecord> = {}): ReadRecord {
  const metadata = readMetadataSync(bytes, { numeric });
  const record = { uri: "gs://bucket/a.jpg", object: { name: "a.jpg" }, read: { requests: 1, bytes: 1 }, ...metadata, ...more };
  expectRecord(record);
  return record;
}

const sample = (name: string, numeric = true): ReadRecord =>
  recordOf(readFileSync(new URL(`../../../samples/sample-bucket/${name}`, import.meta.url)), numeric, {
    uri: `gs://sample-bucket/${name}`,
    object: { name },
  });

/** The findings by rule; in both forms of values the same rules must find something. */
function findings(bytes: Uint8Array, more: Partial<ReadRecord> = {}): Record<string, Finding> {
  const [numeric, printed] = forms.map((form) => audit(recordOf(bytes, form.numeric, more)));
  expect(printed?.map(({ rule, tags }) => [rule, tags])).toEqual(numeric?.map(({ rule, tags }) => [rule, tags]));
  return Object.fromEntries((numeric ?? []).map((finding) => [finding.rule, finding]));
}

const exif = (...chain: readonly TiffDirectory[]): Buffer => app(1, "Exif\0\0", tiff(chain));
const exifIfd = (...entries: TiffDirectory): TiffDirectory => [[0x8769, LONG, { directories: [entries] }]];
const iptc = (...dataSets: readonly (readonly [number, number, string])[]): Buffer =>
  photoshopSegment(resource(0x0404, iptcBlock([1, 90, UTF8], ...dataSets)));
const REGIONS = `xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/" xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"`;

describe("the rules", () => {
  test("have one name each, and every topic", () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
    expect(rulesOf(["privacy", "truncated"]).map(({ id }) => id)).toEqual([
      ...RULES.filter(({ topic }) => topic === "privacy").map(({ id }) => id),
      "truncated",
    ]);
  });

  test("are listed in docs/audit.md, in their order", () => {
    const page = readFileSync(new URL("../../../docs/audit.md", import.meta.url), "utf8");
    const rows = page.matchAll(/^\| \w* ?\| `([\w-]+)` \| (\w+) \|/gm);
    expect([...rows].map(([, id, severity]) => [id, severity])).toEqual(RULES.map(({ id, severity }) => [id, severity]));
  });

  test.each([
    ["2024/athens.jpg", ["gps", "preview", "no-copyright", "no-creator", "no-credit"]],
    ["2024/kyoto.avif", ["serial", "artist", "no-credit"]],
    ["2024/lisbon.heic", ["gps", "no-copyright", "no-creator", "no-credit"]],
    ["press/harbour.jpg", ["serial", "owner", "location", "artist"]],
    ["press/portrait.jpg", ["people", "location", "contact", "artist", "people-unreleased", "licence"]],
    ["broken/cut-off.jpg", ["no-copyright", "no-creator", "no-credit", "truncated"]],
    ["generated/castle.png", ["no-copyright", "no-creator", "no-credit", "ai-generated", "ai-unlabelled", "ai-prompt"]],
    ["generated/fox.png", ["no-copyright", "no-creator", "ai-generated"]],
  ])("%s", (name, rules) => {
    for (const { numeric } of forms) expect(audit(sample(name, numeric)).map(({ rule }) => rule)).toEqual(rules);
  });

  test("a finding says where, what and by which tags", () => {
    expect(audit(sample("2024/lisbon.heic"), rulesOf(["gps"]))).toEqual([
      {
        uri: "gs://sample-bucket/2024/lisbon.heic",
        rule: "gps",
        topic: "privacy",
        severity: "high",
        found: "38.691584, -9.21597700013056",
        tags: ["GPS:GPSLatitude", "GPS:GPSLongitude"],
      },
    ]);
  });

  test("any record is judged without a throw", () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: "small" },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.record({ bytes: fc.nat() }),
        fc.array(tie("any")),
        fc.dictionary(fc.string(), tie("any")),
      ),
    })).any as fc.Arbitrary<Tags[string][string]>;
    const groups = fc.oneof(fc.constantFrom("GPS", "XMP-plus", "IFD0", "IPTC", "XMP-dc", "XMP-mwg-rs", "ExifIFD"), fc.string());
    const names = fc.oneof(
      fc.constantFrom("GPSLatitude", "DataMining", "Copyright", "CopyrightNotice", "Rights", "Artist", "By-line", "RegionInfo", "Creator"),
      fc.string(),
    );
    const blank = recordOf(jpegFile());
    fc.assert(
      fc.property(fc.dictionary(groups, fc.dictionary(names, value)), (tags) => {
        for (const { found } of audit({ ...blank, tags: tags as Tags })) expect(found).not.toBe("");
      }),
    );
  });
});

describe("privacy", () => {
  test("positions of zero and names of nobody are not found", () => {
    const nothing = exif([
      [0x013b, ASCII, "    \0"],
      [0x8769, LONG, { directories: [[[0xa431, ASCII, "0000000\0"]]] }],
      [
        0x8825,
        LONG,
        {
          directories: [
            [
              [1, ASCII, "N\0"],
              [
                2,
                RATIONAL,
                [
                  [0, 1],
                  [0, 1],
                  [0, 1],
                ],
              ],
              [3, ASCII, "E\0"],
              [
                4,
                RATIONAL,
                [
                  [0, 1],
                  [0, 1],
                  [0, 1],
                ],
              ],
            ],
          ],
        },
      ],
    ]);
    expect(audit(recordOf(jpegFile([nothing])), rulesOf(["privacy"]))).toEqual([]);
  });

  test("owner, serial numbers of body and lens, unique id", () => {
    const found = findings(
      jpegFile([
        exif(
          exifIfd(
            [0xa420, ASCII, "0f8fad5bd9cb469fa16570867728950e\0"],
            [0xa430, ASCII, "Ada Palmer\0"],
            [0xa431, ASCII, "7001234\0"],
            [0xa435, ASCII, "L-99\0"],
          ),
        ),
      ]),
    );
    expect(found.serial).toMatchObject({ found: "7001234, L-99", tags: ["ExifIFD:SerialNumber", "ExifIFD:LensSerialNumber"] });
    expect(found.owner).toMatchObject({ found: "Ada Palmer", tags: ["ExifIFD:OwnerName"] });
    expect(found["unique-id"]?.tags).toEqual(["ExifIFD:ImageUniqueID"]);
  });

  test("a position within a structure", () => {
    const place = `<Iptc4xmpExt:LocationShown>${array("Bag", `<rdf:Description exif:GPSLatitude="52,31.2N" exif:GPSLongitude="13,24.6E" Iptc4xmpExt:City="Berlin"/>`)}</Iptc4xmpExt:LocationShown>`;
    const found = findings(jpegFile([xmpSegment(packetText(place))]));
    expect(found.gps?.tags).toEqual(["XMP-iptcExt:LocationShown"]);
    expect(found.location?.found).toContain("Berlin");
  });

  test("faces with their names", () => {
    const regions = `<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList>${array(
      "Bag",
      `<rdf:Description mwg-rs:Name="Ada Palmer" mwg-rs:Type="Face"><mwg-rs:Area stArea:x="0.5" stArea:y="0.5" stArea:w="0.1" stArea:h="0.2" stArea:unit="normalized"/></rdf:Description>`,
    )}</mwg-rs:RegionList></mwg-rs:Regions>`;
    const found = findings(jpegFile([xmpSegment(packetText(regions, { attributes: REGIONS }))]));
    expect(found.faces).toMatchObject({ found: "regions of Ada Palmer", tags: ["XMP-mwg-rs:RegionInfo"] });
  });

  test("a computer's name is found, a phone's model is none", () => {
    const host = (name: string) =>
      findings(
        jpegFile([
          exif([
            [0x0110, ASCII, "iPhone 15\0"],
            [0x013c, ASCII, `${name}\0`],
          ]),
        ]),
      ).user;
    expect(host("iPhone 15")).toBeUndefined();
    expect(host("Adas-MacBook.local")).toMatchObject({ found: "Adas-MacBook.local", tags: ["IFD0:HostComputer"] });
  });

  test("paths with a user's name", () => {
    const path = (text: string) => findings(jpegFile([exif([[0x010e, ASCII, `${text}\0`]])])).path?.found;
    expect(path("from C:\\Users\\ada\\Pictures\\a.psd")).toBe("C:\\Users\\ada");
    expect(path("file:///home/ada/a.psd")).toBe("/home/ada");
    expect(path("/Users/Shared/a.psd")).toBeUndefined();
    expect(path("https://example.com/users/ada")).toBeUndefined();
  });

  test("a preview, and one of a picture that was cut since", () => {
    const preview = Buffer.concat([Buffer.of(0xff, 0xd8, 0xff, 0xdb), Buffer.alloc(60), Buffer.of(0xff, 0xd9)]);
    const withPreview = (wide: number, high: number) => {
      const directory = (offset: number): Buffer =>
        tiff([
          exifIfd([0xa002, SHORT, [wide]], [0xa003, SHORT, [high]]),
          [
            [0x0103, SHORT, [6]],
            [0x0201, LONG, [offset]],
            [0x0202, LONG, [preview.length]],
          ],
        ]);
      const { length } = directory(0);
      return jpegOf([app(1, "Exif\0\0", directory(length), preview), frame(320, 200)]);
    };
    expect(Object.keys(findings(withPreview(320, 200)))).not.toContain("cropped-preview");
    expect(Object.keys(findings(withPreview(3200, 2000)))).not.toContain("cropped-preview");
    expect(Object.keys(findings(withPreview(2000, 3200)))).not.toContain("cropped-preview");
    const found = findings(withPreview(4000, 3000));
    expect(found.preview?.tags).toContain("IFD1:ThumbnailImage");
    expect(found["cropped-preview"]).toMatchObject({
      severity: "high",
      found: `Exif says 4000 × 3000, the picture has 320 × 200; preview: ${preview.length} bytes of image/jpeg`,
    });
  });

  test("maker notes that are not decoded are told of", () => {
    const record = recordOf(jpegFile(), true, {
      warnings: [{ code: "NOT_DECODED", message: "maker notes are not decoded", block: "exif" }],
    });
    expect(audit(record, rulesOf(["maker-notes"]))).toMatchObject([{ found: "maker notes are not decoded" }]);
  });
});

describe("rights", () => {
  const notices = (exifText: string, iptcText: string, xmpText: string) =>
    findings(
      jpegFile([
        exif([[0x8298, ASCII, Buffer.from(`${exifText}\0`)]]),
        iptc([2, 116, iptcText]),
        xmpSegment(packetText(`<dc:rights>${alternatives({ "x-default": xmpText })}</dc:rights>`)),
      ]),
    );

  test("copyrights that say the same in other words agree", () => {
    const found = notices("Copyright (c) 2024 Ada Palmer.", "© 2024  Ada Palmer", "2024 ADA PALMER");
    expect(Object.keys(found)).toEqual(["no-creator", "no-credit"]);
  });

  test("copyrights that differ are found with each of them", () => {
    const found = notices("© 2024 Ada Palmer", "© 2023 Agency", "© 2024 Ada Palmer");
    expect(found["copyright-differs"]).toMatchObject({
      found: "IFD0:Copyright: © 2024 Ada Palmer; IPTC:CopyrightNotice: © 2023 Agency; XMP-dc:Rights: © 2024 Ada Palmer",
      tags: ["IFD0:Copyright", "IPTC:CopyrightNotice", "XMP-dc:Rights"],
    });
  });

  test("a notice without a word contradicts nothing", () => {
    expect(notices("Copyright, ", "© 2023 Agency", "© 2023 Agency")["copyright-differs"]).toBeUndefined();
  });

  test("what IPTC had to cut contradicts nothing", () => {
    const long = `© 2024 Ada Palmer. ${"All rights reserved. ".repeat(10)}`;
    expect(notices(long, long.slice(0, 126), long)["copyright-differs"]).toBeUndefined();
    expect(notices(long, long.slice(0, 40), long)["copyright-differs"]).toBeDefined();
  });

  test("marked as free, with a copyright", () => {
    const xmp = `<dc:rights>${alternatives({ "x-default": "© Ada" })}</dc:rights><xmpRights:Marked>False</xmpRights:Marked>`;
    expect(findings(jpegFile([xmpSegment(packetText(xmp))]))["copyright-differs"]?.tags).toEqual(["XMP-xmpRights:Marked", "XMP-dc:Rights"]);
  });

  test("creators in any order are the same", () => {
    const creators = (artist: string, ...names: string[]) =>
      findings(
        jpegFile([exif([[0x013b, ASCII, `${artist}\0`]]), xmpSegment(packetText(`<dc:creator>${array("Seq", ...names)}</dc:creator>`))]),
      )["creator-differs"];
    expect(creators("Ada Palmer; Bo Li", "Bo Li", "Ada Palmer")).toBeUndefined();
    expect(creators("Ada Palmer", "Bo Li")).toMatchObject({ tags: ["IFD0:Artist", "XMP-dc:Creator"] });
  });

  const plus = (name: string, value: string, more = "") =>
    findings(jpegFile([xmpSegment(packetText(`<plus:${name}>http://ns.useplus.org/ldf/vocab/${value}</plus:${name}>${more}`))]));

  test("releases", () => {
    const people = `<Iptc4xmpExt:PersonInImage>${array("Bag", "Ada Palmer")}</Iptc4xmpExt:PersonInImage>`;
    expect(plus("ModelReleaseStatus", "MR-NON", people)).toMatchObject({ "model-release": { tags: ["XMP-plus:ModelReleaseStatus"] } });
    expect(Object.keys(plus("ModelReleaseStatus", "MR-LMR"))).toContain("model-release");
    expect(Object.keys(plus("ModelReleaseStatus", "MR-UMR", people))).not.toContain("model-release");
    expect(Object.keys(plus("ModelReleaseStatus", "MR-UMR", people))).not.toContain("people-unreleased");
    expect(Object.keys(plus("PropertyReleaseStatus", "PR-LPR"))).toContain("property-release");
    expect(Object.keys(plus("PropertyReleaseStatus", "PR-NAP"))).not.toContain("property-release");
  });

  test("prohibited data mining", () => {
    expect(plus("DataMining", "DMI-PROHIBITED-AIMLTRAINING")["data-mining"]?.tags).toEqual(["XMP-plus:DataMining"]);
    expect(plus("DataMining", "DMI-ALLOWED")["data-mining"]).toBeUndefined();
  });
});

describe("broken images", () => {
  const failed = (code: ErrorCode): FailedRecord => ({
    schema: 1,
    engine: "0.1.0",
    values: "numeric",
    uri: "gs://bucket/a.jpg",
    object: {},
    error: { code, message: "why" },
    read: { requests: 1, bytes: 0 },
  });
  const rules = (record: ImageRecord) => audit(record).map(({ rule, found }) => [rule, found]);

  test("content that cannot be read is told from what could not be looked at", () => {
    expect(rules(failed("NOT_AN_IMAGE"))).toEqual([["unreadable", "NOT_AN_IMAGE: why"]]);
    expect(rules(failed("EMPTY"))).toEqual([["unreadable", "EMPTY: why"]]);
    expect(rules(failed("UNSUPPORTED_FORMAT"))).toEqual([["unsupported", "UNSUPPORTED_FORMAT: why"]]);
    expect(rules(failed("FORBIDDEN"))).toEqual([["unseen", "FORBIDDEN: why"]]);
    expect(rules(failed("LIMIT_EXCEEDED"))).toEqual([["unseen", "LIMIT_EXCEEDED: why"]]);
  });

  test("a file that ends early, at any place", () => {
    const bytes = readFileSync(new URL("../../../samples/sample-bucket/press/harbour.jpg", import.meta.url));
    for (const length of [200, 600, 900]) {
      const found = audit(recordOf(bytes.subarray(0, length)), rulesOf(["broken"]));
      expect(found.map(({ rule }) => rule)).toContain("truncated");
    }
  });

  test("a name or type of another format", () => {
    const under = (name: string, contentType: string) => findings(jpegFile(), { object: { name, contentType } })["wrong-type"]?.found;
    expect(under("a.jpg", "image/jpeg")).toBeUndefined();
    expect(under("a.JPEG", "image/jpg")).toBeUndefined();
    expect(under("a", "application/octet-stream")).toBeUndefined();
    expect(under("a.png", "image/png")).toBe("image/jpeg under the type image/png and the ending .png");
    expect(under("a.jpg", "image/webp")).toBe("image/jpeg under the type image/webp");
  });
});

describe("provenance", () => {
  const source = (name: string, more = "") =>
    findings(
      jpegFile([
        xmpSegment(
          packetText(
            `<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/${name}</Iptc4xmpExt:DigitalSourceType>${more}`,
          ),
        ),
      ]),
    );

  test("the source type says that a model made it, or a part of it, or nothing of the kind", () => {
    expect(source("trainedAlgorithmicMedia")["ai-generated"]).toMatchObject({ tags: ["XMP-iptcExt:DigitalSourceType"] });
    expect(source("compositeWithTrainedAlgorithmicMedia")["ai-unlabelled"]).toBeUndefined();
    expect(source("algorithmicMedia").synthetic?.found).toBe("algorithmicMedia");
    expect(Object.keys(source("digitalCapture")).filter((rule) => RULES.find(({ id }) => id === rule)?.topic === "ai")).toEqual([]);
  });

  test("a source type that denies what the file shows", () => {
    expect(source("digitalCapture", "<xmp:CreatorTool>Midjourney v6</xmp:CreatorTool>")["ai-contradicts"]?.found).toBe("digitalCapture");
  });

  test("content credentials are told of, and are not verified", () => {
    const record = recordOf(jpegFile());
    const contentCredentials = { claimGenerator: "Adobe_Firefly", signer: "Adobe Inc.", signedAt: "2024-05-18T10:00:00Z" };
    expect(audit({ ...record, summary: { contentCredentials, aiGenerated: true } }, rulesOf(["ai"]))).toMatchObject([
      { rule: "ai-generated", found: "by Adobe_Firefly" },
      { rule: "ai-unlabelled" },
      { rule: "content-credentials", found: "Adobe_Firefly, signed by Adobe Inc., 2024-05-18T10:00:00Z, not verified" },
    ]);
  });
});
