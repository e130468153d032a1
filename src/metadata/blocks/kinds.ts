/**
 * The kinds of blocks, each with its context: what its decoder has to know beyond the bytes, undefined if that is nothing. The container or
 * decoder that names a block gives its context.
 */

export interface Kinds {
  readonly adobe: undefined;
  readonly "adobe-cm": undefined;
  readonly afcp: undefined;
  readonly avi1: undefined;
  readonly cbor: undefined;
  readonly "compound-file": undefined;
  readonly "dng-dynamic-range": undefined;
  readonly "dng-image-sequence": undefined;
  readonly ducky: undefined;
  readonly eppim: undefined;
  readonly exif: ExifContext;
  readonly flashpix: {
    /** Of each segment whose payload is a part of the block. */
    readonly lengths: readonly number[];
  };
  readonly fotostation: {
    /** The number of its kind. */
    readonly record: number;
  };
  readonly "graphic-converter": undefined;
  readonly "hdr-gain-curve": undefined;
  readonly icc: undefined;
  readonly iptc: { readonly standing: IptcStanding };
  readonly jfif: undefined;
  readonly jfxx: undefined;
  readonly "jpeg-comment": { readonly charset: "utf-8" | "utf-16be" };
  readonly "jpeg-hdr": undefined;
  readonly jps: undefined;
  readonly json: undefined;
  readonly jumbf: undefined;
  readonly "kodak-meta": undefined;
  readonly "media-jukebox": undefined;
  readonly "microsoft-stitch": undefined;
  readonly "mp-entries": {
    readonly littleEndian: boolean;
    /** Where the TIFF structure that holds them begins, from the start of the object. */
    readonly structure: number;
  };
  readonly mpf: undefined;
  readonly nitf: undefined;
  readonly ocad: undefined;
  readonly photoshop: {
    /** Of IPTC in its resources. */
    readonly iptc: IptcStanding;
  };
  readonly "photoshop-layers": undefined;
  readonly "picture-info": undefined;
  readonly "png-text": PngTextContext;
  readonly printim: { readonly littleEndian: boolean };
  readonly "raw-thermal-image": undefined;
  readonly rmeta: undefined;
  readonly "samsung-unique-id": undefined;
  readonly scalado: undefined;
  readonly seal: undefined;
  readonly spiff: undefined;
  readonly stim: undefined;
  /** A whole TIFF file. */
  readonly tiff: undefined;
  readonly "uniform-resource-name": undefined;
  readonly xmp: undefined;
}

/**
 * Does IPTC stand where Metadata Working Group guidance wants it: in JPEG in the Photoshop resources, in TIFF in the first IFD? Formats of
 * which it does not speak have no standard place, and no wrong one: there it is `free`.
 */
export type IptcStanding = "standard" | "free" | "elsewhere";

/** The standing of IPTC that lies deeper than where its format may have a standard place. */
export function beneath(standing: IptcStanding): IptcStanding {
  return standing === "free" ? "free" : "elsewhere";
}

interface ExifContext {
  /** JPEG's segment, a chunk of WebP, an item of a HEIF, or anything else. */
  readonly holder: "APP1" | "RIFF" | "HEIF" | "other";
  /** Of IPTC in its first IFD. */
  readonly iptc: IptcStanding;
}

interface PngTextContext {
  /** ExifTool's family 1 group. */
  readonly group: "PNG" | "Trailer";
  readonly keyword: string;
  /** 0 for zlib; undefined if the text is not compressed. */
  readonly method?: number | undefined;
  /** Of a text in UTF-8, which may be empty; undefined if the text is in Latin-1. */
  readonly language?: string | undefined;
}
