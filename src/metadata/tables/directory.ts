/** What the tag tables of image file directories are made of (TIFF 6.0, Exif 3.1): typed rows, found by tag number. */
import type { BlockKind, TagInput } from "../contracts.ts";
import type { ValueFormat } from "../grammar/ifd.ts";
import type { Conversion, Lookup } from "./conversion.ts";
import { lookup } from "./conversion.ts";

/** Where a name or a meaning depends on the directory that a tag stands in. */
export interface DirectoryState {
  /** ExifTool's family 1 group: `IFD0`, `SubIFD1`, `ExifIFD` … */
  readonly name: string;
  /** What holds the TIFF structure: a file of its own, JPEG's APP1, or another container. */
  readonly holder: Holder;
  /** Compression (0x0103) and NewSubfileType (0x00fe) of this directory, as far as it was read. */
  readonly compression: number | undefined;
  readonly subfileType: number | undefined;
}

export type Holder = "TIFF" | "BigTIFF" | "APP1" | "RIFF" | "HEIF" | "other";

/** Tags of other tables than the main one, by the name of the table. */
export type TableName = "gps" | "kodak" | "kdc";

/** A tag that points at directories. */
export interface SubDirectory {
  readonly name: string;
  /** The main table, if there is none. */
  readonly table?: TableName;
  /** More offsets than these are left out. */
  readonly most?: number;
  /** It begins with a header of its own, of this magic number, from which its offsets count. */
  readonly header?: number;
}

export interface DirectoryConversion {
  /** The format in which the value is read, whatever the entry says. */
  readonly format?: ValueFormat;
  /** ExifTool's priority 0. */
  readonly low?: true;
  /** Given as how long it is; never fetched for that. */
  readonly binary?: true;
  /** A value whose text has more characters is given as how long it is. */
  readonly longest?: 32 | 64;
  /** Arrays of more than 500 values are named by their count alone. */
  readonly longArray?: true;
  /** Counts from the start of the TIFF structure: given from the start of the object. */
  readonly offset?: true;
  /** The value is a block of its own. */
  readonly block?: BlockKind;
  readonly directory?: SubDirectory;
  /** From what is stored to what it stands for; undefined leaves the tag out. */
  readonly value?: (raw: never, littleEndian: boolean) => TagInput | undefined;
  readonly print?: Conversion["print"];
  /** The text, where it is made from the bytes and not from what they stand for. */
  readonly printBytes?: (bytes: Uint8Array, littleEndian: boolean) => TagInput;
}

export type DirectoryRow = readonly [
  id: number,
  name: string | ((state: DirectoryState) => string),
  conversion?: DirectoryConversion | Lookup,
];

/** A row made ready: its print is a function. */
export interface DirectoryTag extends Omit<DirectoryConversion, "print"> {
  readonly id: number;
  readonly name: string | ((state: DirectoryState) => string);
  readonly print: ((value: never) => TagInput) | undefined;
}

const CONVERSION_FIELDS = ["format", "low", "binary", "longest", "offset", "block", "directory", "value", "print", "printBytes"] as const;

/** A table of rows by tag number, made ready at its first use. */
export class DirectoryTable {
  readonly #rows: readonly DirectoryRow[];
  #tags: Map<number, DirectoryTag> | undefined;

  constructor(rows: readonly DirectoryRow[]) {
    this.#rows = rows;
  }

  get(id: number): DirectoryTag | undefined {
    this.#tags ??= new Map(this.#rows.map((row) => [row[0], ready(row)]));
    return this.#tags.get(id);
  }
}

function ready([id, name, conversion]: DirectoryRow): DirectoryTag {
  if (conversion === undefined) return { id, name, print: undefined };
  if (!CONVERSION_FIELDS.some((field) => field in conversion)) return { id, name, print: lookup(conversion as Lookup) };
  const { print, ...rest } = conversion as DirectoryConversion;
  return { ...rest, id, name, print: typeof print === "object" ? lookup(print) : print };
}
