/**
 * The record: what imagemeta says of one image. These types are its one definition:
 * `docs/record.schema.json` (JSON Schema 2020-12) is generated from them by `npm run schema`.
 */

/** How tag values are given: as people read them, or as they are stored. */
export type ValueForm = "printed" | "numeric";

/** A value of one tag. Never NaN or Infinity, no lone surrogate, no U+0000, no integer beyond ±(2⁵³−1). */
export type TagValue = string | number | boolean | TagValue[] | BinaryValue | { [field: string]: TagValue };

/** A binary value: how long it is, not what it holds. */
export interface BinaryValue {
  /** Length in bytes. @asType integer */
  bytes: number;
}

/** group → name → value, in ExifTool's family 1 groups and tag names. */
export type Tags = Record<string, Record<string, TagValue>>;

export type ErrorCode =
  | "NOT_AN_IMAGE"
  | "UNSUPPORTED_FORMAT"
  | "EMPTY"
  | "TRUNCATED"
  | "MALFORMED"
  | "LIMIT_EXCEEDED"
  | "NOT_FOUND"
  | "FORBIDDEN"
  | "UNAUTHENTICATED"
  | "CHANGED"
  | "UNAVAILABLE"
  | "INTERNAL";

/** What was damaged or left out. */
export type WarningCode =
  /** Bytes that break the rules of their format; the rest was read. */
  | "MALFORMED"
  /** The file or block ends before what it announces. */
  | "TRUNCATED"
  /** A limit on work, size, depth or count was reached; what lies beyond it was left out. */
  | "LIMIT_EXCEEDED"
  /** Bytes that were not fetched, because the request or byte limit of the image was reached. */
  | "NOT_READ"
  /** A block that is recognised and not decoded. */
  | "NOT_DECODED"
  /** A value that cannot be meant, such as an impossible date. */
  | "IMPLAUSIBLE";

export interface Warning {
  code: WarningCode;
  message: string;
  /** Kind of the block it concerns, such as `exif` or `icc`. */
  block?: string;
  /** Bytes from the start of the object. @asType integer */
  offset?: number;
}

/** What the storage says of an object. What is unknown is absent. */
export interface ObjectInfo {
  bucket?: string;
  name?: string;
  generation?: string;
  metageneration?: string;
  /** Bytes as stored. @asType integer */
  size?: number;
  contentType?: string;
  contentEncoding?: string;
  /** Base64, as the API gives it. */
  md5?: string;
  /** Base64 of the big-endian checksum, as the API gives it. */
  crc32c?: string;
  etag?: string;
  /** RFC 3339. */
  timeCreated?: string;
  /** RFC 3339. */
  updated?: string;
  storageClass?: string;
  /** The custom key–values. */
  metadata?: Record<string, string>;
}

export interface ContentCredentials {
  claimGenerator?: string;
  title?: string;
  actions?: string[];
  signer?: string;
  /** ISO 8601. */
  signedAt?: string;
  /** Present and true only where the signature was verified. */
  verified?: boolean;
}

/** The few facts most people ask for, typed and reconciled. Each is absent when nothing says it. */
export interface Summary {
  /** ISO 8601 in local time; offset only where known; partial dates keep their precision. */
  takenAt?: string;
  /** ISO 8601, `Z`; only when the offset is known. */
  takenAtUtc?: string;
  /**
   * How the offset of `takenAt` is known: an offset tag of the same time, GPS time, or another block that gives the same local
   * time with an offset. Absent without an offset.
   */
  takenAtOffsetFrom?: "stated" | "gps" | "other-metadata";
  /** ISO 8601. */
  modifiedAt?: string;
  make?: string;
  model?: string;
  serialNumber?: string;
  lens?: string;
  lensSerialNumber?: string;
  software?: string;
  /** Seconds. */
  exposureTime?: number;
  fNumber?: number;
  iso?: number;
  /** Millimetres. */
  focalLength?: number;
  /** Millimetres, as on 35 mm film. */
  focalLength35mm?: number;
  /** EV. */
  exposureBias?: number;
  flashFired?: boolean;
  /** Degrees, WGS 84, signed. */
  latitude?: number;
  /** Degrees, WGS 84, signed. */
  longitude?: number;
  /** Metres, signed. */
  altitude?: number;
  /** Degrees from true north. */
  direction?: number;
  title?: string;
  description?: string;
  credit?: string;
  copyright?: string;
  city?: string;
  state?: string;
  country?: string;
  creators?: string[];
  keywords?: string[];
  rating?: number;
  colorSpace?: string;
  colorProfile?: string;
  /** @asType integer */
  bitsPerSample?: number;
  /** @asType integer */
  channels?: number;
  hasAlpha?: boolean;
  animated?: boolean;
  /** @asType integer */
  frames?: number;
  /** The last part of the IPTC digital source type URI. */
  digitalSourceType?: string;
  /** Only with evidence. */
  aiGenerated?: boolean;
  contentCredentials?: ContentCredentials;
}

/** An embedded preview that a browser can show. */
export interface Thumbnail {
  /** Bytes from the start of the object. @asType integer */
  offset: number;
  /** Bytes. @asType integer */
  length: number;
  mimeType: string;
}

/** What the bytes of one image say. */
export interface ImageContent {
  /** ExifTool's `File:FileType`: `JPEG`, `PNG`, `HEIC` … */
  format: string;
  /** From the bytes, never from the name. */
  mimeType: string;
  /** Pixels as stored, before orientation, of the main image. @asType integer */
  width?: number;
  /** Pixels as stored, before orientation, of the main image. @asType integer */
  height?: number;
  /** How to turn what is stored: the eight values of Exif. @asType integer @minimum 1 @maximum 8 */
  orientation?: number;
  summary: Summary;
  tags: Tags;
  thumbnail?: Thumbnail;
  warnings: Warning[];
}

/** Who read the content, and in which form: the head of every record. */
export interface RecordHead {
  /** Version of this contract. @asType integer */
  schema: 1;
  /** Version of imagemeta that read the content. */
  engine: string;
  values: ValueForm;
}

/** Metadata of bytes that have no address. */
export interface ImageMetadata extends RecordHead, ImageContent {}

/** Every HTTP request made for an image, retries and a metadata request included. */
export interface ReadCost {
  /** @asType integer */
  requests: number;
  /** Bytes of bodies received. @asType integer */
  bytes: number;
}

interface Located extends RecordHead {
  /** `gs://bucket/name` with the name raw, `file:///…` percent-encoded, `https://…`, or `-` for standard input. */
  uri: string;
  object: ObjectInfo;
  read: ReadCost;
}

/** An image that was read. */
export interface ReadRecord extends Located, ImageContent {
  error?: never;
}

/** An image that gave no metadata, and why. */
export interface FailedRecord extends Located {
  error: { code: ErrorCode; message: string };
}

export type ImageRecord = ReadRecord | FailedRecord;
