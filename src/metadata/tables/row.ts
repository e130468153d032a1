/**
 * What tag tables are made of: rows `[id, name, how]`. An id is the number of a tag in a directory, an offset, or the name of a property.
 * Three things stay apart: the value as the file stores it, the value it stands for (what `-n` gives), and the text for people.
 */
import type { BlockKind, Findings, TagGroup, TagInput } from "../contracts.ts";
import type { ValueFormat } from "../grammar/ifd.ts";
import type { LateTable } from "../late-table.ts";
import { nameNumber } from "../sink.ts";
import { type Lookup, lookup } from "./conversion.ts";
import type { FixedField } from "./fixed-fields.ts";

/** What a row's meaning may depend on. */
export interface Context {
  /** ExifTool's family 1 group: `IFD0`, `SubIFD1`, `ExifIFD` … */
  readonly directory: string;
  readonly holder: Holder;
  /** Compression (0x0103) and NewSubfileType (0x00fe) of this directory, as far as it was read. */
  readonly compression: number | undefined;
  readonly subfileType: number | undefined;
}

/** What holds a TIFF structure: a file of its own, JPEG's APP1, or another container. */
export type Holder = "TIFF" | "BigTIFF" | "APP1" | "RIFF" | "HEIF" | "other";

export interface How {
  /** The format in which the value is read, whatever the file says. */
  readonly read?: ValueFormat;
  /** The row is taken only if this holds. Of rows with one id the first is taken whose condition holds. */
  readonly when?: (context: Context) => boolean;
  /** From what is stored to what it stands for; undefined leaves the tag out. */
  readonly value?: (raw: never, littleEndian: boolean) => TagInput | undefined;
  /** From what it stands for to text. A value that a lookup does not have prints as `Unknown (value)`. */
  readonly print?: Lookup | ((value: never) => TagInput);
  /** The text, if it is made from the bytes and not from what they stand for. */
  readonly printBytes?: (bytes: Uint8Array, littleEndian: boolean) => TagInput;
  /** ExifTool's priority 0. */
  readonly low?: true;
  /** Given as how long it is; never fetched for that. */
  readonly binary?: true;
  /** A value whose text has more characters is given as how long it is. */
  readonly longest?: 32 | 64;
  /** A list of more than 500 values is named by their count alone. */
  readonly longArray?: true;
  /** It counts from the start of the TIFF structure, and is given from the start of the object. */
  readonly offset?: true;
  /** The value is a block of its own. */
  readonly block?: BlockKind;
  /** The value is a structure of values at fixed offsets. */
  readonly fields?: readonly FixedField[];
  /** The value is of another grammar, and puts tags of its own. It may throw an Error that says why it is not well-formed. */
  readonly structure?: (bytes: Uint8Array, group: TagGroup, found: Findings) => void;
  /** The value points at directories. */
  readonly directory?: SubDirectory;
}

export interface SubDirectory {
  /** ExifTool's family 1 group. */
  readonly name: string;
  /** The table of the directory that points there, if there is none. */
  readonly table?: (() => Table) | LateTable<Table>;
  /** More offsets than these are left out. */
  readonly most?: number;
  /** It begins with a header of its own, of this magic number, from which its offsets count. */
  readonly header?: number;
}

export type Row<Id = number> = readonly [id: Id, name: string, how?: How];

/** A row made ready. All have one shape. */
export class Tag {
  readonly id: number;
  readonly name: string;
  /** See `Sink`. */
  readonly number: number;
  readonly read: ValueFormat | undefined;
  readonly when: How["when"];
  readonly value: How["value"];
  readonly print: ((value: never) => TagInput) | undefined;
  readonly printBytes: How["printBytes"];
  readonly isLow: boolean;
  readonly isBinary: boolean;
  readonly longest: number | undefined;
  readonly isLongArray: boolean;
  readonly isOffset: boolean;
  readonly block: BlockKind | undefined;
  readonly fields: readonly FixedField[] | undefined;
  readonly structure: How["structure"];
  readonly directory: SubDirectory | undefined;
  readonly #next: Tag | undefined;

  constructor([id, name, how = {}]: Row, next?: Tag) {
    const { print } = how;
    this.id = id;
    this.name = name;
    this.number = nameNumber(name);
    this.read = how.read;
    this.when = how.when;
    this.value = how.value;
    this.print = typeof print === "object" ? lookup(print) : print;
    this.printBytes = how.printBytes;
    this.isLow = how.low ?? false;
    this.isBinary = how.binary ?? false;
    this.longest = how.longest;
    this.isLongArray = how.longArray ?? false;
    this.isOffset = how.offset ?? false;
    this.block = how.block;
    this.fields = how.fields;
    this.structure = how.structure;
    this.directory = how.directory;
    this.#next = next;
  }

  /** Of this row and the next of the same id, the first whose condition holds. */
  taken(context: Context): Tag | undefined {
    let tag: Tag | undefined = this;
    while (tag?.when !== undefined && !tag.when(context)) tag = tag.#next;
    return tag;
  }
}

/** Rows by their number, made ready at their first use. */
export class Table {
  readonly #rows: readonly Row[];
  #tags: Map<number, Tag> | undefined;

  constructor(rows: readonly Row[]) {
    this.#rows = rows;
  }

  /** The first row of an id; undefined if the table has none. */
  first(id: number): Tag | undefined {
    this.#tags ??= ready(this.#rows);
    return this.#tags.get(id);
  }
}

function ready(rows: readonly Row[]): Map<number, Tag> {
  const tags = new Map<number, Tag>();
  for (const row of rows.toReversed()) tags.set(row[0], new Tag(row, tags.get(row[0])));
  return tags;
}
