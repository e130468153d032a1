import { describe, expect, it } from "vitest";
import { xmp } from "../../../src/metadata/blocks/xmp.ts";
import { ByteWindow } from "../../../src/metadata/bytes/window.ts";
import { Reading } from "../../../src/metadata/read.ts";
import type { Limits } from "../../../src/record/limits.ts";
import type { Tags } from "../../../src/record/types.ts";
import { pngChunk, pngFile } from "../../builders/png.ts";
import { alternatives, array, type PacketShape, packetText, utf32, xmpPacket } from "../../builders/xmp.ts";
import { decodeBlock } from "../../decode.ts";
import { lawOfTruncation, lawOfWindows } from "../../laws.ts";

/** What stands before a packet in an iTXt chunk. */
const KEYWORD = Buffer.from("XML:com.adobe.xmp\0\0\0\0\0");

function numeric(properties: string, shape?: PacketShape): Tags {
  return decodeBlock(xmp, xmpPacket(properties, shape)).numeric;
}

function printed(properties: string, shape?: PacketShape): Tags {
  return decodeBlock(xmp, xmpPacket(properties, shape)).printed;
}

describe("forms of RDF", () => {
  it("reads properties as elements and as attributes", () => {
    expect(numeric("<dc:format>image/jpeg</dc:format>", { attributes: 'xmp:Label="Red" xmp:Rating="3"' })).toEqual({
      "XMP-xmp": { Label: "Red", Rating: 3 },
      "XMP-dc": { Format: "image/jpeg" },
    });
  });

  it("gives the toolkit and what the description is about", () => {
    expect(numeric("", { about: "uuid:1", toolkit: "XMP Core 6.0 &amp; more" })).toEqual({
      "XMP-x": { XMPToolkit: "XMP Core 6.0 & more" },
      "XMP-rdf": { About: "uuid:1" },
    });
  });

  it("reads arrays as lists, even of one item", () => {
    expect(numeric(`<dc:subject>${array("Bag", "one")}</dc:subject><dc:creator>${array("Seq", "a", "b")}</dc:creator>`)["XMP-dc"]).toEqual({
      Subject: ["one"],
      Creator: ["a", "b"],
    });
  });

  it("reads arrays of arrays", () => {
    const rows = array("Seq", array("Seq", "1", "2"), array("Seq", "3"));
    expect(numeric(`<ex:rows>${rows}</ex:rows>`)["XMP-ex"]).toEqual({ Rows: [["1", "2"], ["3"]] });
  });

  it("names language alternatives by their language", () => {
    const title = alternatives({ "x-default": "Cat", "fr-fr": "Chat", de_DE: "Katze" });
    expect(numeric(`<dc:title>${title}</dc:title><dc:description>plain</dc:description>`)["XMP-dc"]).toEqual({
      Title: "Cat",
      "Title-fr-FR": "Chat",
      "Title-de-de": "Katze",
      Description: "plain",
    });
  });

  it.each([
    ["attributes", '<xmpMM:DerivedFrom stRef:instanceID="i" stRef:documentID="d"/>'],
    [
      "parseType",
      '<xmpMM:DerivedFrom rdf:parseType="Resource"><stRef:instanceID>i</stRef:instanceID><stRef:documentID>d</stRef:documentID></xmpMM:DerivedFrom>',
    ],
    [
      "a description",
      '<xmpMM:DerivedFrom><rdf:Description stRef:instanceID="i"><stRef:documentID>d</stRef:documentID></rdf:Description></xmpMM:DerivedFrom>',
    ],
  ])("reads a structure written by %s", (_, properties) => {
    expect(numeric(properties)["XMP-xmpMM"]).toEqual({ DerivedFrom: { InstanceID: "i", DocumentID: "d" } });
  });

  it("reads arrays of structures, dates within them converted", () => {
    const history = `<rdf:Seq><rdf:li stEvt:action="created" stEvt:when="2019-03-13T11:04:13+01:00"/>
      <rdf:li rdf:parseType="Resource"><stEvt:action>saved</stEvt:action><stEvt:changed>/</stEvt:changed></rdf:li></rdf:Seq>`;
    expect(numeric(`<xmpMM:History>${history}</xmpMM:History>`)["XMP-xmpMM"]).toEqual({
      History: [
        { Action: "created", When: "2019:03:13 11:04:13+01:00" },
        { Action: "saved", Changed: "/" },
      ],
    });
  });

  it("names the fields of an unknown name by their path, if it also has a plain value after them", () => {
    const packet = xmpPacket(
      `<ex:Some rdf:parseType="Resource"><ex:a>1</ex:a></ex:Some><ex:Some>2</ex:Some><dc:format>${"x".repeat(2000)}</dc:format>`,
    );
    const { numeric, warnings } = decodeBlock(xmp, packet, { limits: { textBytes: 1000 } });
    expect(numeric["XMP-ex"]).toEqual({ SomeA: "1", Some: "2" });
    expect(warnings.map(({ code }) => code)).toEqual(["LIMIT_EXCEEDED"]);
  });

  it("reads base64 up to what does not belong to it", () => {
    const text = Buffer.from("some bytes \xff\xfe").toString("base64");
    const lengthOf = (text: string) => numeric(`<ex:b rdf:datatype="base64">${text}</ex:b>`)["XMP-ex"];
    for (const same of [text, text.replaceAll("=", ""), text.replace(/(.{5})/, "$1\n "), `${text}-AAAA`, `${text}_`, `${text}é`]) {
      expect(lengthOf(same)).toEqual(lengthOf(text));
    }
  });

  it("gives a qualified value its value, and the qualifier a name of its own", () => {
    const source = '<dc:source rdf:parseType="Resource"><rdf:value>978</rdf:value><xmpidq:Scheme>isbn</xmpidq:Scheme></dc:source>';
    expect(numeric(source)["XMP-dc"]).toEqual({ Source: "978", SourceScheme: "isbn" });
  });

  it("reads typed nodes, collections and literals", () => {
    const properties = `<ex:typed><ex:Thing><ex:inner>i</ex:inner></ex:Thing></ex:typed>
      <ex:literal rdf:parseType="Literal">some <b>bold</b> text</ex:literal>
      <ex:items rdf:parseType="Collection"><rdf:Description ex:one="1"/><rdf:Description ex:two="2"/></ex:items>`;
    expect(numeric(properties)["XMP-ex"]).toEqual({
      Typed: { Thing: { Inner: "i" } },
      Literal: { B: "bold" },
      Items: { One: "1", Two: "2" },
    });
  });

  it("follows blank nodes", () => {
    const more = '<rdf:Description rdf:nodeID="n1" ex:p="P"><ex:q>Q</ex:q></rdf:Description>';
    expect(numeric('<ex:node rdf:nodeID="n1"/>', { more })["XMP-ex"]).toEqual({ Node: { P: "P", Q: "Q" } });
  });

  it("takes the value of rdf:resource", () => {
    expect(numeric('<ex:see rdf:resource="http://example.com/"/>')["XMP-ex"]).toEqual({ See: "http://example.com/" });
  });

  it("decodes base64", () => {
    const type = 'rdf:datatype="http://www.w3.org/2001/XMLSchema#base64Binary"';
    expect(numeric(`<ex:text ${type}>SGVsbG8=</ex:text><ex:bytes ${type}>AAEC</ex:bytes>`)["XMP-ex"]).toEqual({
      Text: "Hello",
      Bytes: { bytes: 3 },
    });
  });

  it("lets a structure take the properties of other namespaces where it is open", () => {
    const pantry = `<rdf:Bag><rdf:li rdf:parseType="Resource"><xmpMM:InstanceID>i</xmpMM:InstanceID><dc:format>x</dc:format>
      <exif:FNumber>28/10</exif:FNumber></rdf:li></rdf:Bag>`;
    expect(numeric(`<xmpMM:Pantry>${pantry}</xmpMM:Pantry>`)["XMP-xmpMM"]).toEqual({
      Pantry: [{ InstanceID: "i", "XMP-dc:Format": "x", "XMP-exif:FNumber": 2.8 }],
    });
  });

  it("keeps the first of two fields of one name, the second as a tag of its own", () => {
    const twice = '<ex:st rdf:parseType="Resource"><ex:a>1</ex:a><ex:a>2</ex:a></ex:st>';
    const { numeric, warnings } = decodeBlock(xmp, xmpPacket(twice));
    expect(numeric["XMP-ex"]).toEqual({ St: { A: "1" }, StA: "2" });
    expect(warnings.map(({ code }) => code)).toEqual(["MALFORMED"]);
  });
});

describe("names", () => {
  it("takes a namespace's own prefix, whatever the file calls it", () => {
    const attributes = 'xmlns:q="http://ns.adobe.com/tiff/1.0/" xmlns:xap="http://ns.adobe.com/xap/1.0/" q:ImageLength="9" xap:Label="L"';
    expect(numeric("", { attributes })).toEqual({ "XMP-tiff": { ImageHeight: 9 }, "XMP-xmp": { Label: "L" } });
  });

  it("knows a namespace by another version, and with or without its last slash", () => {
    const attributes =
      'xmlns:a="http://ns.adobe.com/camera-raw-settings/2.0/" xmlns:b="http://ns.adobe.com/exif/1.0/aux" a:HasCrop="False" b:Lens="L"';
    expect(numeric("", { attributes })).toEqual({ "XMP-crs": { HasCrop: false }, "XMP-aux": { Lens: "L" } });
  });

  it("gives a prefix that is taken a temporary one", () => {
    expect(numeric("", { attributes: 'xmlns:tiff="http://example.com/other/" tiff:Thing="1"' })).toEqual({ "XMP-tmp0": { Thing: "1" } });
  });

  it("tolerates prefixes that are not declared, and names without one", () => {
    expect(numeric("<none:thing>t</none:thing><bare>b</bare>")).toEqual({ "XMP-none": { Thing: "t" }, XMP: { Bare: "b" } });
  });

  it("makes tag names of letters, digits, - and _, small where all is capital", () => {
    const attributes = 'ex:ALL_CAPS="1" ex:dotted.name="2" ex:x="3" ex:_under="4"';
    expect(numeric("", { attributes })["XMP-ex"]).toEqual({ AllCaps: "1", Dottedname: "2", TagX: "3", Tag_under: "4" });
    expect(numeric('<ex:look ex:UUID="u"/><crs:Look crs:UUID="u"/>')).toEqual({
      "XMP-ex": { Look: { Uuid: "u" } },
      "XMP-crs": { Look: { UUID: "u" } },
    });
  });

  it("shortens the prefixes of IPTC", () => {
    const contact =
      '<Iptc4xmpCore:CreatorContactInfo Iptc4xmpCore:CiEmailWork="a@b.c"/><Iptc4xmpExt:DigImageGUID>g</Iptc4xmpExt:DigImageGUID>';
    expect(numeric(contact)).toEqual({
      "XMP-iptcCore": { CreatorContactInfo: { CiEmailWork: "a@b.c" } },
      "XMP-iptcExt": { DigitalImageGUID: "g" },
    });
  });
});

describe("values", () => {
  const camera = `<exif:ExposureTime>1/250</exif:ExposureTime><exif:FNumber>28/10</exif:FNumber><exif:ExposureBiasValue>-1/3</exif:ExposureBiasValue>
    <exif:ShutterSpeedValue>8/1</exif:ShutterSpeedValue><exif:ApertureValue>3/1</exif:ApertureValue><exif:FocalLength>50/1</exif:FocalLength>
    <exif:SubjectDistance>4294967295/0</exif:SubjectDistance><exif:GPSAltitude>25/2</exif:GPSAltitude><exif:ColorSpace>4294967295</exif:ColorSpace>
    <exif:GPSLatitude>40,42.5222S</exif:GPSLatitude><exif:GPSLongitude>73,56,32.2E</exif:GPSLongitude><tiff:Orientation>6</tiff:Orientation>
    <exif:PixelXDimension>4000</exif:PixelXDimension><exif:DateTimeOriginal>2019-03-13T11:04:13</exif:DateTimeOriginal>
    <exif:ISOSpeedRatings>${array("Seq", "100")}</exif:ISOSpeedRatings><tiff:YCbCrSubSampling>${array("Seq", "2", "1")}</tiff:YCbCrSubSampling>
    <exif:Flash rdf:parseType="Resource"><exif:Fired>True</exif:Fired><exif:Mode>2</exif:Mode></exif:Flash>
    <aux:LensInfo>15/1 85/1 7/2 28/5</aux:LensInfo><xmpRights:Marked>True</xmpRights:Marked>`;

  it("are given as they are stored", () => {
    expect(numeric(camera)).toEqual({
      "XMP-exif": {
        ExposureTime: 0.004,
        FNumber: 2.8,
        ExposureCompensation: -0.333333333333333,
        ShutterSpeedValue: 0.00390625,
        ApertureValue: 2.82842712474619,
        FocalLength: 50,
        SubjectDistance: "inf",
        GPSAltitude: 12.5,
        ColorSpace: 65535,
        GPSLatitude: -40.7087033333333,
        GPSLongitude: 73.9422777777778,
        ExifImageWidth: 4000,
        DateTimeOriginal: "2019:03:13 11:04:13",
        ISO: [100],
        Flash: { Fired: true, Mode: 2 },
      },
      "XMP-tiff": { Orientation: 6, YCbCrSubSampling: [2, 1] },
      "XMP-aux": { LensInfo: [15, 85, 3.5, 5.6] },
      "XMP-xmpRights": { Marked: true },
    });
  });

  it("are printed for people", () => {
    expect(printed(camera)).toEqual({
      "XMP-exif": {
        ExposureTime: "1/250",
        FNumber: "2.8",
        ExposureCompensation: "-1/3",
        ShutterSpeedValue: "1/256",
        ApertureValue: "2.8",
        FocalLength: "50.0 mm",
        SubjectDistance: "inf",
        GPSAltitude: "12.5 m",
        ColorSpace: "Uncalibrated",
        GPSLatitude: `40 deg 42' 31.33" S`,
        GPSLongitude: `73 deg 56' 32.20" E`,
        ExifImageWidth: 4000,
        DateTimeOriginal: "2019:03:13 11:04:13",
        ISO: [100],
        Flash: { Fired: true, Mode: "Off" },
      },
      "XMP-tiff": { Orientation: "Rotate 90 CW", YCbCrSubSampling: "YCbCr4:2:2 (2 1)" },
      "XMP-aux": { LensInfo: "15-85mm f/3.5-5.6" },
      "XMP-xmpRights": { Marked: true },
    });
  });

  it("keep text that looks like a number, and numbers that are not plain", () => {
    expect(numeric("<dc:format>007</dc:format><crs:Contrast>+25</crs:Contrast>", { attributes: 'xmp:Nickname="42"' })).toEqual({
      "XMP-xmp": { Nickname: "42" },
      "XMP-dc": { Format: "007" },
      "XMP-crs": { Contrast: "+25" },
    });
  });

  it("of unknown names are fractions, dates and truth values by their looks", () => {
    const attributes = 'ex:ratio="1/4" ex:date="2019-03-13T11:04:13Z" ex:day="2019-03-13" ex:yes="true"';
    expect(numeric("", { attributes })["XMP-ex"]).toEqual({ Ratio: 0.25, Date: "2019:03:13 11:04:13Z", Day: "2019-03-13", Yes: true });
  });

  it("of thumbnails are bytes", () => {
    const thumbnail =
      '<rdf:Alt><rdf:li rdf:parseType="Resource"><xmpGImg:width>8</xmpGImg:width><xmpGImg:image>/9j/&#xA;4AAQ</xmpGImg:image></rdf:li></rdf:Alt>';
    expect(numeric(`<xmp:Thumbnails>${thumbnail}</xmp:Thumbnails>`)["XMP-xmp"]).toEqual({
      Thumbnails: [{ Width: 8, Image: { bytes: 6 } }],
    });
  });

  it("of the PLUS vocabulary are printed by its texts", () => {
    const release = "<plus:ModelReleaseStatus>http://ns.useplus.org/ldf/vocab/MR-NON</plus:ModelReleaseStatus>";
    expect(numeric(release)["XMP-plus"]).toEqual({ ModelReleaseStatus: "MR-NON" });
    expect(printed(release)["XMP-plus"]).toEqual({ ModelReleaseStatus: "None" });
    expect(printed("<plus:MediaSummaryCode>|PLUS|V0120|U001|1IAK1UNA2BPP|</plus:MediaSummaryCode>")["XMP-plus"]).toEqual({
      MediaSummaryCode: "PLUS V0120 (LDF Version 1.20) U001 (1 Media Usages:); 1IAK (11 Usage Items:) 1UNA (Usage Number A) 2BPP",
    });
  });
});

describe("XML", () => {
  it("resolves references and CDATA, and no entity of its own", () => {
    const properties = "<dc:format>a &lt;b&gt; &#x41;&#66; &amp;amp; &own; &</dc:format><dc:source><![CDATA[x < y &amp;]]> z</dc:source>";
    expect(numeric(properties)["XMP-dc"]).toEqual({ Format: "a <b> AB &amp; &own; &", Source: "x < y &amp; z" });
  });

  it("does not expand entities that the document defines", () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>`;
    const packet = Buffer.from(bomb + packetText("<dc:format>&b;&f;</dc:format>"));
    expect(decodeBlock(xmp, packet).numeric["XMP-dc"]).toEqual({ Format: "&b;&f;" });
  });

  it("passes comments over", () => {
    expect(numeric("<!-- <dc:type>no</dc:type> --><dc:format>yes<!-- in --> ok</dc:format>")["XMP-dc"]).toEqual({ Format: "yes ok" });
  });

  it("takes the later of two attributes of one name", () => {
    expect(numeric("", { attributes: 'xmp:Label="1" xmp:Label="2"' })["XMP-xmp"]).toEqual({ Label: "2" });
  });

  it("allows > in attributes and white space within tags", () => {
    expect(numeric("<dc:format  >f</dc:format\n>", { attributes: "xmp:Label\n=\n'a>\"b'" })).toEqual({
      "XMP-xmp": { Label: 'a>"b' },
      "XMP-dc": { Format: "f" },
    });
  });

  it("reads several packets in one block, and what is no packet not at all", () => {
    const packets = Buffer.from(`${packetText("<dc:format>1</dc:format>")}\0\0 junk < & ${packetText("<dc:source>2</dc:source>")} <`);
    expect(decodeBlock(xmp, packets).numeric["XMP-dc"]).toEqual({ Format: "1", Source: "2" });
  });
});

describe("encodings", () => {
  const text = packetText("<dc:format>häß 日本 😀</dc:format>", { padding: 100 });
  const expected = { "XMP-dc": { Format: "häß 日本 😀" } };
  const unmarked = text.replace("\ufeff", "");

  it.each([
    ["UTF-8", Buffer.from(text)],
    ["UTF-8 with a mark", Buffer.from(`\ufeff${text}`)],
    ["UTF-16LE", Buffer.from(text, "utf16le")],
    ["UTF-16LE with a mark", Buffer.from(`\ufeff${unmarked}`, "utf16le")],
    ["UTF-16BE", Buffer.from(text, "utf16le").swap16()],
    ["UTF-16BE with a mark", Buffer.from(`\ufeff${unmarked}`, "utf16le").swap16()],
    ["UTF-32LE", utf32(text, true)],
    ["UTF-32LE with a mark", utf32(`\ufeff${text}`, true)],
    ["UTF-32BE", utf32(text, false)],
    ["UTF-32BE with a mark", utf32(`\ufeff${text}`, false)],
    ["UTF-8 twice", Buffer.from(`\ufeff${Buffer.from(unmarked).toString("latin1")}`)],
  ])("reads %s", (_, bytes) => {
    expect(decodeBlock(xmp, bytes).numeric).toEqual(expected);
  });

  it("gives ? for bytes that are no UTF-8", () => {
    const bytes = xmpPacket("<dc:format>a@@b</dc:format>");
    bytes.set([0xe9, 0xff], bytes.indexOf("@@"));
    expect(decodeBlock(xmp, bytes).numeric["XMP-dc"]).toEqual({ Format: "a??b" });
  });
});

describe("damage", () => {
  function damaged(text: string, limits?: Partial<Limits>) {
    const { numeric, warnings } = decodeBlock(xmp, Buffer.from(text), limits === undefined ? {} : { limits });
    return { numeric, codes: warnings.map(({ code }) => code) };
  }

  it("keeps what comes before the end of a cut packet", () => {
    const text = packetText("<dc:format>x</dc:format><dc:source>cut he@@re</dc:source>");
    expect(damaged(text.slice(0, text.indexOf("@@")))).toEqual({ numeric: { "XMP-dc": { Format: "x" } }, codes: ["TRUNCATED"] });
    expect(damaged(text.slice(0, text.indexOf("<dc:source") + 5))).toEqual({
      numeric: { "XMP-dc": { Format: "x" } },
      codes: ["TRUNCATED"],
    });
  });

  it("closes a misspelt element and leaves one out that is never closed", () => {
    expect(damaged(packetText("<dc:format>x</dc:formax><dc:source>s</dc:source>"))).toEqual({
      numeric: { "XMP-dc": { Format: "x", Source: "s" } },
      codes: ["MALFORMED"],
    });
    expect(damaged(packetText("<dc:format>x</dc:format><dc:source>s"))).toEqual({
      numeric: { "XMP-dc": { Format: "x" } },
      codes: ["MALFORMED"],
    });
  });

  it("warns of comments, CDATA and attribute values without an end", () => {
    expect(damaged(packetText("<dc:format>x</dc:format><!-- "))).toEqual({
      numeric: { "XMP-dc": { Format: "x" } },
      codes: ["MALFORMED", "TRUNCATED"],
    });
    expect(damaged(packetText("<dc:format>x</dc:format><dc:type><![CDATA["))).toMatchObject({ numeric: { "XMP-dc": { Format: "x" } } });
    expect(damaged("<a:b c:d='1' e:f='2></a:b>").codes).toEqual(["MALFORMED"]);
  });

  it("reads no more than 1000 items of an array", () => {
    const { numeric, codes } = damaged(packetText(`<dc:subject>${array("Bag", ...Array.from({ length: 1001 }, String))}</dc:subject>`));
    expect(numeric["XMP-dc"]?.Subject).toHaveLength(1000);
    expect(codes).toEqual(["LIMIT_EXCEEDED"]);
  });

  it("leaves out what nests too deep, and reads on after it", () => {
    const deep = 50_000;
    const nested = "<ex:a>".repeat(deep) + "</ex:a>".repeat(deep);
    expect(damaged(packetText(`${nested}<dc:format>after</dc:format>`))).toMatchObject({
      numeric: { "XMP-dc": { Format: "after" } },
      codes: ["LIMIT_EXCEEDED"],
    });
  });

  it("cuts text that is too long", () => {
    const { numeric, codes } = damaged(packetText(`<dc:format>${"x".repeat(2000)}</dc:format>`), { textBytes: 1000 });
    expect(numeric["XMP-dc"]?.Format).toHaveLength(1000);
    expect(codes).toEqual(["LIMIT_EXCEEDED"]);
  });

  it("draws on the budget, and keeps what was read before it was spent", () => {
    const many = xmpPacket("<ex:a>1</ex:a>".repeat(10_000));
    expect(() => decodeBlock(xmp, many, { limits: { steps: 100_000 } })).toThrow("steps of work");
    const content = new Reading(ByteWindow.whole(pngFile(pngChunk("iTXt", Buffer.concat([KEYWORD, many]))), 0), {
      limits: { steps: 500_000 },
    }).attempt();
    expect(content.tags["XMP-ex"]).toEqual({ TagA: "1" });
    expect(content.warnings.map(({ code }) => code)).toEqual(["LIMIT_EXCEEDED"]);
  });

  it("finds nothing in an empty block", () => {
    expect(damaged("")).toEqual({ numeric: {}, codes: [] });
    expect(damaged("\0".repeat(100))).toEqual({ numeric: {}, codes: [] });
  });

  it("takes __proto__ for an ordinary name", () => {
    const { numeric } = damaged(packetText('<ex:st rdf:parseType="Resource"><ex:__proto__>1</ex:__proto__></ex:st>'));
    expect(Object.keys(numeric["XMP-ex"]?.St ?? {})).toEqual(["__proto__"]);
  });
});

describe("in an image", () => {
  const history = '<xmpMM:History><rdf:Seq><rdf:li stEvt:action="saved" stEvt:when="2020-01-02"/></rdf:Seq></xmpMM:History>';
  const packet = xmpPacket(`<dc:title>${alternatives({ "x-default": "T" })}</dc:title>${history}`, { padding: 2000 });
  const image = pngFile(pngChunk("iTXt", Buffer.concat([KEYWORD, packet])));

  it("reads the same through any windows", () => lawOfWindows(image));
  it("survives being cut anywhere", () => lawOfTruncation(image));
});
