/**
 * JPEG interchange format: ITU-T T.81 annex B; application segments as ExifTool 13.59 ExifTool.pm and JPEG.pm know them.
 * Segments are told apart by their first bytes; payloads are left to the decoders.
 */
import { latin1 } from "../bytes/text.ts";
import type { ByteRange, ByteWindow } from "../bytes/window.ts";
import type { Findings, PlainKind } from "../contracts.ts";
import { frame } from "../tables/jpeg.ts";
import type { Container, Format } from "./container.ts";
import { ExtendedXmp, JumbfBoxes, ProfileParts } from "./jpeg/parts.ts";
import { type Ahead, APP0, COM, isStartOfFrame, rangeOf, type Segment, SOS, segments } from "./jpeg/segments.ts";
import { findTrailers } from "./jpeg/trailers.ts";

const EXV = [0xff, 0x01, 0x45, 0x78, 0x69, 0x76, 0x32];

const STANDARD = "ITU-T T.81 annex B";
const JPEG: Format = { format: "JPEG", mimeType: "image/jpeg", extensions: "jpg jpeg jpe jfif jif jpg_large", standard: STANDARD };
const METADATA_ONLY: Format = { format: "EXV", mimeType: "image/x-exv", extensions: "exv", standard: "Exiv2's metadata file" };

export const jpeg: Container = {
  name: "jpeg",
  title: "JPEG, MPO, JPS",
  formats: [
    JPEG,
    { format: "MPO", mimeType: "image/mpo", extensions: "mpo", standard: "CIPA DC-007-2021" },
    { format: "JPS", mimeType: "image/x-jps", extensions: "jps", standard: "VRex's JPS" },
    METADATA_ONLY,
  ],
  // All metadata stand before the picture.
  firstRead: 64 << 10,
  metadata: "Exif, XMP and extended XMP, IPTC, Photoshop, ICC, MPF, JFIF, C2PA, FlashPix, comments, application segments of many makers",
  coverage:
    "Nothing behind the start of scan is read, except trailers (AFCP, FotoStation) of files up to 16 KiB, or with `--thorough`. " +
    "Pictures behind the first one of an MPO are named, not read. At most 4,096 metadata segments",
  detect(head) {
    if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return JPEG;
    return EXV.every((byte, i) => head[i] === byte) ? METADATA_ONLY : undefined;
  },
  parse(window, found) {
    new JpegParse(window, found).run();
  },
};

/** Segments whose payload is one block: `[marker − APP0, first bytes, kind, bytes before the block]`. */
const applications: readonly (readonly [number, RegExp, PlainKind | "jpeg-comment", number])[] = [
  [0, /^JFIF\0/, "jfif", 5],
  [0, /^JFXX\0[\x10\x11\x13]/, "jfxx", 5],
  [0, /^AVI1/, "avi1", 4],
  [0, /^Ocad/, "ocad", 4],
  [1, /^PARROT\0(II\x2a\0|MM\0\x2a)/, "raw-thermal-image", 7],
  [2, /^MPF\0/, "mpf", 4],
  [2, /^urn:/, "uniform-resource-name", 0],
  [3, /^(Meta|META|Exif)\0\0/, "kodak-meta", 6],
  [3, /^Stim\0/, "stim", 6],
  [3, /^_JPSJPS_/, "jps", 0],
  [5, /^RMETA\0/, "rmeta", 6],
  [5, /^ssuniqueid\0/, "samsung-unique-id", 11],
  [6, /^EPPIM\0/, "eppim", 6],
  [6, /^NITF\0/, "nitf", 5],
  [8, /^SPIFF\0/, "spiff", 6],
  [8, /^SEAL\0/, "seal", 5],
  [9, /^Media Jukebox\0/, "media-jukebox", 22],
  [9, /^SEAL\0/, "seal", 5],
  [10, /^UNICODE\0/, "jpeg-comment", 8],
  [10, /^AROT\0\0/, "hdr-gain-curve", 0],
  [12, /^Ducky/, "ducky", 5],
  [12, /^/, "picture-info", 0],
  [13, /^Adobe_CM/, "adobe-cm", 8],
  [14, /^Adobe/, "adobe", 5],
  [15, /^Q\s*\d/, "graphic-converter", 0],
];

/** Segments with what makers know alone: told, not decoded. */
const makers: readonly (readonly [number: number, first: RegExp, what: string])[] = [
  [0, /^(II|MM).{4}HEAPJPGM/s, "Canon CIFF"],
  [1, /^QVCI\0/, "Casio QVCI"],
  [1, /^FLIR\0/, "FLIR thermal data"],
  [2, /^.{4}IJPEG\0/s, "InfiRay data"],
  [4, /^Qualcomm Dual Camera Attributes/, "Qualcomm attributes"],
  [6, /^TDHD\x01\0\0\0/, "HP TDHD"],
  [6, /^GoPro\0/, "GoPro GPMF"],
  [6, /^DTAT\0\0.\{/s, "DJI thermal analysis"],
  [7, /^(PENTAX |RICOH)\0(II|MM)/, "Pentax data"],
  [7, /^HUAWEI\0\0(II|MM)/, "Huawei data"],
  [7, /^DJI-DBG\0/, "DJI data"],
  [7, /^\x1aQualcomm Camera Attributes/, "Qualcomm attributes"],
];

const PHOTOSHOP = /^Photoshop 3\.0\0/;
const PHOTOSHOP_2 = /^Adobe_Photoshop2\.5/;
const EXIF = /^(.{0,4})Exif\0./is;
const EXTENDED_EXIF = /^Exif\0\0(?!MM\0\x2a|II\x2a\0)/;
const XMP = "http://ns.adobe.com/xap/1.0/\0";
const EXTENDED_XMP = "http://ns.adobe.com/xmp/extension/\0";
/** A JPEG of its own within APP2 to APP5, as some makers store a preview. */
const PREVIEW = /^(|QVGA\0|BGTH)\xff\xd8\xff[\xdb\xe0\xe1]/;

/** Bytes of a payload that tell what it is. */
const SIGNATURE = 96;
/** Bytes in which XMP without its signature is looked for. */
const XMP_SEARCH = 512;

/** No image has so many segments with metadata; further ones are stepped over. */
const MOST_PAYLOADS = 4096;

/** What a file says of parts to come is believed up to this. */
const MOST_AHEAD = 1 << 20;

/** Segments that follow each other and make one block. */
interface Run {
  readonly kind: "exif" | "photoshop" | "flashpix" | "jpeg-hdr" | "preview";
  readonly parts: ByteRange[];
  readonly marker: number;
}

class JpegParse {
  readonly #window: ByteWindow;
  readonly #found: Findings;
  readonly #profile = new ProfileParts();
  /** Bytes of each kind of segment that is not decoded. */
  readonly #undecoded = new Map<string, number>();
  readonly #scalado: ByteRange[] = [];
  readonly #extended = new ExtendedXmp();
  readonly #boxes = new JumbfBoxes();
  readonly #ahead: Ahead = { from: 0, until: 0, resume: 0 };
  #run: Run | undefined;
  #sized = false;
  #payloads = 0;

  constructor(window: ByteWindow, found: Findings) {
    this.#window = window;
    this.#found = found;
  }

  run(): void {
    const window = this.#window;
    const found = this.#found;
    let scan: number | undefined;
    for (const segment of segments(window, window.u8(1) === 0x01 ? 7 : 2, this.#ahead, found)) {
      const { marker } = segment;
      if (marker === SOS) scan = segment.end;
      if (this.#run !== undefined && !this.#continues(this.#run, segment)) this.#flush();
      if (isStartOfFrame(marker)) this.#frame(segment);
      if (this.#isTooMuch(segment)) continue;
      if (marker === COM) found.block({ kind: "jpeg-comment", at: [rangeOf(segment)], context: { charset: "utf-8" } });
      else if (marker >= APP0 && marker <= 0xef) this.#application(segment);
    }
    this.#flush();
    this.#extended.finish(window, found);
    this.#profile.finish(found);
    this.#boxes.finish(found);
    for (const [what, bytes] of this.#undecoded) found.warn("NOT_DECODED", `${what}, ${bytes} bytes`);
    if (scan === undefined) found.warn("TRUNCATED", "no start of scan");
    else findTrailers(window, scan, found);
  }

  #isTooMuch({ marker, at }: Segment): boolean {
    if (marker === COM || (marker >= APP0 && marker <= 0xef)) this.#payloads++;
    if (this.#payloads === MOST_PAYLOADS + 1) this.#found.warn("LIMIT_EXCEEDED", `more than ${MOST_PAYLOADS} segments with metadata`, at);
    return this.#payloads > MOST_PAYLOADS;
  }

  /** Annex B.2.2. */
  #frame(segment: Segment): void {
    const { data, end, marker } = segment;
    const length = end - data;
    if (length < 6 || this.#sized) return;
    this.#sized = true;
    const window = this.#window;
    window.need({ start: data, end });
    const [precision, height, width, components] = [window.u8(data), window.u16(data + 1), window.u16(data + 3), window.u8(data + 5)];
    const found = this.#found;
    found.fact("width", width);
    found.fact("height", height);
    found.fact("bitsPerSample", precision);
    found.fact("channels", components);
    const file = found.group("File");
    file.putRow(frame.width, width);
    file.putRow(frame.height, height);
    file.putRow(frame.process, marker - 0xc0);
    file.putRow(frame.precision, precision);
    file.putRow(frame.components, components);
    if (components !== 3 || length < 15) return;
    const [first, second, third] = [window.u8(data + 7), window.u8(data + 10), window.u8(data + 13)];
    const across = ratio(first >> 4, second >> 4, third >> 4);
    const down = ratio(first & 15, second & 15, third & 15);
    if (Number.isFinite(across) && Number.isFinite(down)) file.putRow(frame.subsampling, [across, down]);
  }

  #signature(segment: Segment, length = SIGNATURE): string {
    return latin1(this.#window.upTo(segment.data, Math.min(length, segment.end - segment.data)));
  }

  #application(segment: Segment): void {
    const signature = this.#signature(segment);
    if (this.#extend(segment, signature) || this.#series(segment, signature)) return;
    const known = applications.find(([number, first]) => segment.marker === APP0 + number && first.test(signature));
    if (known !== undefined) {
      const [, , kind, skip] = known;
      const at = [rangeOf(segment, skip)];
      if (kind === "jps") {
        this.#found.fact("format", "JPS");
        this.#found.fact("mimeType", "image/x-jps");
      }
      // PhotoStudio's.
      if (kind === "jpeg-comment") this.#found.block({ kind, at, context: { charset: "utf-16be" } });
      else this.#found.block({ kind, at });
      return;
    }
    const maker = makers.find(([number, first]) => segment.marker === APP0 + number && first.test(signature));
    if (maker !== undefined) this.#undecoded.set(maker[2], (this.#undecoded.get(maker[2]) ?? 0) + segment.end - segment.data);
    else if (segment.marker === APP0 + 1) this.#xmp(segment, signature);
  }

  /** Starts or prolongs a block that may go on in the next segment. */
  #extend(segment: Segment, signature: string): boolean {
    const { marker } = segment;
    const run = this.#run;
    if (run !== undefined) {
      run.parts.push(rangeOf(segment, this.#prefix(run, signature)));
      return true;
    }
    const started = startOf(marker - APP0, signature);
    if (started === undefined) return false;
    if (started.kind === "exif" && !/^Exif\0/.test(signature)) this.#found.warn("MALFORMED", "damaged Exif identifier", segment.at);
    this.#run = { kind: started.kind, marker, parts: [rangeOf(segment, started.skip)] };
    return true;
  }

  #continues({ kind, marker }: Run, segment: Segment): boolean {
    if (segment.marker < APP0 || segment.marker > 0xef) return false;
    const signature = this.#signature(segment);
    switch (kind) {
      case "exif":
        return segment.marker === marker && EXTENDED_EXIF.test(signature);
      case "photoshop":
        return segment.marker === marker && PHOTOSHOP.test(signature);
      case "flashpix":
        return segment.marker === marker && signature.startsWith("FPXR\0");
      case "jpeg-hdr":
        return segment.marker === marker && signature.startsWith("HDR_RI ");
      case "preview":
        return marker === APP0 + 2
          ? segment.marker === marker && !/^(ICC_PROFILE|FPXR|MPF|urn:)/.test(signature) && !PREVIEW.test(signature)
          : followsPreview(marker, segment.marker);
    }
  }

  /** Bytes before the part in a segment that prolongs `run`. */
  #prefix({ kind }: Run, signature: string): number {
    switch (kind) {
      case "exif":
        return 6;
      case "photoshop":
        return 14;
      case "jpeg-hdr":
        return Math.max(signature.indexOf("~\0") + 2, 0);
      default:
        return 0;
    }
  }

  #flush(): void {
    const run = this.#run;
    this.#run = undefined;
    if (run === undefined) return;
    const { kind, parts: at } = run;
    switch (kind) {
      case "exif":
        this.#found.block({ kind, at, context: { holder: "APP1", iptc: "elsewhere" } });
        return;
      case "photoshop":
        this.#found.block({ kind, at, context: { iptc: "standard" } });
        return;
      case "flashpix":
        // Its parts carry no length of their own.
        this.#found.block({ kind, at, context: { lengths: at.map(({ start, end }) => end - start) } });
        return;
      case "jpeg-hdr":
        this.#found.block({ kind, at });
        return;
      case "preview":
        this.#preview(at);
    }
  }

  #preview(parts: readonly ByteRange[]): void {
    const [first] = parts;
    const length = parts.reduce((sum, { start, end }) => sum + end - start, 0);
    this.#found.tags.group("File").put("PreviewImage", { bytes: length });
    if (first !== undefined && parts.length === 1) this.#found.thumbnail({ offset: first.start, length, mimeType: "image/jpeg" });
  }

  /** Parts that are put in order by what they say of themselves. */
  #series(segment: Segment, signature: string): boolean {
    const { marker, data, end } = segment;
    const window = this.#window;
    const found = this.#found;
    let rest = 0;
    if (marker === APP0 + 1 && signature.startsWith(EXTENDED_XMP)) rest = this.#extended.add(segment, window, found);
    else if (marker === APP0 + 2 && signature.startsWith("ICC_PROFILE\0") && end - data >= 14) {
      const [number, total] = [window.u8(data + 12), window.u8(data + 13)];
      const end = number === 1 ? this.#profile.foretell(segment, total, window, found) : undefined;
      if (end !== undefined) this.#ahead.resume = end;
      else rest = this.#profile.add(segment, number, total, found);
    } else if (marker === APP0 + 4 && signature.startsWith("SCALADO\0") && end - data >= 16) {
      this.#scalado.push(rangeOf(segment, 16));
      if (window.u16(data + 10) === window.u16(data + 8) - 1) found.block({ kind: "scalado", at: this.#scalado.splice(0) });
    } else if (marker === APP0 + 11 && signature.startsWith("JP")) rest = this.#boxes.add(segment, window, found);
    else return false;
    if (this.#ahead.until <= segment.at) this.#ahead.from = data;
    this.#ahead.until = rest === 0 ? 0 : end + Math.min(rest, MOST_AHEAD);
    return true;
  }

  /** ISO 16684-3 section 3.1.3; packets without the signature are accepted. */
  #xmp(segment: Segment, signature: string): void {
    const found = this.#found;
    if (signature.startsWith(XMP)) {
      const range = rangeOf(segment, XMP.length);
      this.#extended.main(range);
      found.block({ kind: "xmp", at: [range] });
      return;
    }
    const text = this.#signature(segment, XMP_SEARCH);
    if (!/^(http|XMP\0)/.test(text) && !/<(exif:|\?xpacket)/.test(text)) return;
    const start = text.search(/<[?\w]/);
    if (start < 0) return;
    found.warn("MALFORMED", "XMP segment without the standard's signature", segment.at);
    found.block({ kind: "xmp", at: [rangeOf(segment, start)] });
  }
}

/** How often the component that is sampled most is sampled for each time of the least. */
function ratio(a: number, b: number, c: number): number {
  return Math.max(a, b, c) / Math.min(a, b, c);
}

/** The block that may span several segments and starts in APP`number`, if one does. */
function startOf(number: number, signature: string): { kind: Run["kind"]; skip: number } | undefined {
  const exif = number === 1 ? EXIF.exec(signature) : null;
  if (exif !== null) return { kind: "exif", skip: 6 + (exif[1] ?? "").length };
  if (number === 13 && PHOTOSHOP.test(signature)) return { kind: "photoshop", skip: 14 };
  if (number === 13 && PHOTOSHOP_2.test(signature)) return { kind: "photoshop", skip: 27 };
  if ((number === 2 || number === 4) && signature.startsWith("FPXR\0")) return { kind: "flashpix", skip: 0 };
  if (number === 11 && signature.startsWith("HDR_RI ")) return { kind: "jpeg-hdr", skip: 0 };
  const preview = number === 2 ? PREVIEW.exec(signature) : number === 3 && signature.startsWith("\xff\xd8\xff\xdb") ? [""] : null;
  return preview === null ? undefined : { kind: "preview", skip: (preview[1] ?? "").length };
}

/** A preview that begins in APP3 goes on in APP4 and APP5. */
function followsPreview(first: number, marker: number): boolean {
  return first === APP0 + 3 && (marker === APP0 + 4 || marker === APP0 + 5);
}
