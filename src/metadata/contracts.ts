/**
 * What containers and decoders are, and what they find. Both are synchronous and pure: bytes in, findings out.
 * A container finds blocks and image facts; a decoder turns one block into tags. Containers import no decoder.
 */
import type { ContentCredentials, TagValue, Thumbnail, WarningCode } from "../record/types.ts";
import type { Kinds } from "./blocks/kinds.ts";
import type { Budget } from "./budget.ts";
import type { ByteRange, ByteWindow } from "./bytes/window.ts";
import type { LateTable } from "./late-table.ts";

/** A value as a decoder gives it. Bytes become `{bytes: N}`; a bigint beyond 2⁵³ a decimal string. */
export type TagInput = TagValue | bigint | Uint8Array | readonly TagInput[];

/** How a value is printed for people: the text itself, or a function of the stored value. */
export type Print = TagValue | ((stored: never) => TagInput);

export interface TagOptions {
  /**
   * ExifTool's priority among tags of one name: a later one takes the place of an earlier, unless it is of
   * `low` priority and the earlier is not (IFD1, thumbnails, second copies).
   */
  readonly priority?: "low";
}

/** A tag as a row of a table has it: see `Tag` of `tables/row.ts`. */
export interface TableTag {
  readonly name: string;
  readonly number: number;
  readonly print: Print | undefined;
  readonly isLow: boolean;
  standsFor(raw: TagInput, littleEndian: boolean): TagInput | undefined;
}

/** Tags of one family 1 group. */
export interface TagGroup {
  /** Asked before a value is read: if it is false, the tag would be dropped. */
  wants(tag: TableTag): boolean;
  /** `stored` is what `-n` gives; `print` what people read, the same where it is left out. */
  put(name: string, stored: TagInput, print?: Print, options?: TagOptions): void;
  /** A tag of a table. `print` may take the place of the row's own. */
  putRow(tag: TableTag, stored: TagInput, isLow?: boolean, print?: Print | undefined): void;
  /** The same without the row's print: a value that is given by its size alone. */
  putBare(tag: TableTag, stored: TagInput, isLow: boolean): void;
  /** A tag of a table with what its value stands for. */
  putRaw(tag: TableTag, raw: TagInput, littleEndian?: boolean): void;
}

export interface TagWriter {
  /** @param isLow whether all its tags have a low priority */
  group(name: string, isLow?: boolean): TagGroup;
}

export type BlockKind = keyof Kinds;

/** Kinds whose bytes say all that their decoders have to know. */
export type PlainKind = { [K in BlockKind]: Kinds[K] extends undefined ? K : never }[BlockKind];

type KindWithContext = Exclude<BlockKind, PlainKind>;

/** One block, whole, as a decoder gets it. */
export interface Block<K extends BlockKind = BlockKind> {
  /** The block's bytes. `data.offsetInObject` is undefined where they were assembled or inflated. */
  readonly data: ByteWindow;
  readonly context: Kinds[K];
}

/** A block as a container or a decoder names it: its kind, with its context exactly if the kind has one. */
export type FoundBlock = BlockContent &
  (
    | { readonly kind: PlainKind; readonly context?: undefined }
    | { [K in KindWithContext]: { readonly kind: K; readonly context: Kinds[K] } }[KindWithContext]
  );

export interface BlockContent {
  /** Where it lies, in the window of whoever names it. Several parts are joined (ICC in JPEG, items of a HEIF). */
  readonly at?: readonly ByteRange[];
  /** Or its bytes, where they had to be made (base64 and the like). */
  readonly bytes?: Uint8Array;
  /** How the joined parts are compressed: zlib (RFC 1950) or raw DEFLATE (RFC 1951), inflated within the limits; Brotli. */
  readonly encoding?: "zlib" | "deflate" | "brotli";
  /** It speaks of another image than the main one: its tags stand only where the main image has none. */
  readonly priority?: "low";
}

/** What the container says of the image itself. */
export interface Facts {
  /** Refines what `detect` said, once the content is known (`APNG`, `Extended WEBP`). */
  format: string;
  mimeType: string;
  /** Pixels as stored, of the main image. */
  width: number;
  height: number;
  /** 1–8, where the container itself turns the image (`irot`, `imir`). */
  orientation: number;
  bitsPerSample: number;
  channels: number;
  hasAlpha: boolean;
  animated: boolean;
  frames: number;
  /** What a C2PA manifest store claims. */
  contentCredentials: ContentCredentials;
  /** What the actions of a C2PA manifest give as digital source type: the IPTC URI. */
  digitalSourceType: string;
}

export interface Findings extends TagWriter {
  readonly tags: TagWriter;
  readonly budget: Budget;
  /** True where the caller asked for what needs a walk over all pixels. */
  readonly thorough: boolean;
  /** Asked before a value of this name is decoded: if it is false, the tag would be dropped. */
  wants(name: string): boolean;
  block(block: FoundBlock): void;
  /**
   * A table that is loaded late; undefined if it is not loaded. The decoder then goes on without it: the attempt ends with what is
   * missing, or, if the table will not be loaded, the record has a warning.
   */
  table<T>(late: LateTable<T>): T | undefined;
  /**
   * Says that the block at hand is one of a series whose groups carry a number from the second on (`ICC-header2`, `IPTC3`).
   * One that does not stand where its standard wants it is never the first. Group `File` has no number.
   */
  numbered(series: string, standing?: { readonly standard: boolean }): void;
  /** The first to state a fact wins. */
  fact<K extends keyof Facts>(name: K, value: Facts[K]): void;
  /** `offset` in bytes from the start of the window at hand. */
  warn(code: WarningCode, message: string, offset?: number): void;
  /** An embedded preview that a browser can show; `offset` from the start of the object. The first wins. */
  thumbnail(preview: Thumbnail): void;
}

export interface Decoder<K extends BlockKind = BlockKind> {
  readonly kind: K;
  /** One bad tag never costs the others. May name blocks within its block. */
  decode(block: Block<K>, found: Findings): void;
}
