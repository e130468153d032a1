/**
 * What tag tables are made of: rows `[id, name, how]`. An id is the number of a tag in a directory, an offset, or the name of a property.
 * Three things stay apart: the value as the file stores it, the value it stands for (what `-n` gives), and the text for people.
 */
import type { Findings, PlainKind, TableTag, TagGroup, TagInput } from "../contracts.ts";
import { typeOf, typeSize, type ValueFormat } from "../grammar/ifd.ts";
import type { LateTable } from "../late-table.ts";
import { nameNumber } from "../sink.ts";
import { type Lookup, lookup } from "./conversion.ts";

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
  /** In a layout: this many values in a row, an array even of one; of a text or of bytes the length. */
  readonly count?: number;
  /** Only these bits of the number, as a number of their own. */
  readonly mask?: number;
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
  readonly longest?: number;
  /** A list of more than 500 values is named by their count alone. */
  readonly longArray?: true;
  /** It may come several times: an array, even with one value. Each is printed on its own. */
  readonly list?: true;
  /** It counts from the start of the TIFF structure, and is given from the start of the object. */
  readonly offset?: true;
  /** It says what pictures there are: their size, depth, colours, where they lie. */
  readonly image?: true;
  /** The value is a block of its own. */
  readonly block?: TagBlock;
  /** The value is a structure of values at fixed offsets. */
  readonly table?: () => Layout;
  /** The value is of another grammar, and puts tags of its own. It may throw an Error that says why it is not well-formed. */
  readonly structure?: (bytes: Uint8Array, group: TagGroup, found: Findings) => void;
  /** The value points at directories. */
  readonly directory?: SubDirectory;
}

/** Blocks that tags are; maker notes and what DNG calls private are named, not decoded. */
export type TagBlock = PlainKind | "iptc" | "photoshop" | "printim" | "mp-entries" | "makernotes" | "dng-private";

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
export class Tag<Id = number> implements TableTag {
  readonly id: Id;
  readonly name: string;
  /** See `Sink`. */
  readonly number: number;
  readonly read: ValueFormat | undefined;
  readonly count: number | undefined;
  readonly mask: number | undefined;
  readonly when: How["when"];
  readonly value: How["value"];
  readonly print: ((value: never) => TagInput) | undefined;
  readonly printBytes: How["printBytes"];
  readonly isLow: boolean;
  readonly isBinary: boolean;
  readonly longest: number | undefined;
  readonly isLongArray: boolean;
  readonly isList: boolean;
  readonly isOffset: boolean;
  readonly isOfImage: boolean;
  /** Is it a value like most, always read? */
  readonly isPlain: boolean;
  readonly block: TagBlock | undefined;
  readonly table: (() => Layout) | undefined;
  readonly structure: How["structure"];
  readonly directory: SubDirectory | undefined;
  readonly #next: Tag<Id> | undefined;

  constructor([id, name, how = {}]: Row<Id>, next?: Tag<Id>) {
    const { print } = how;
    this.id = id;
    this.name = name;
    this.number = nameNumber(name);
    this.read = how.read;
    this.count = how.count;
    this.mask = how.mask;
    this.when = how.when;
    this.value = how.value;
    const printOne = typeof print === "object" ? lookup(print) : print;
    this.print = how.list && printOne !== undefined ? printedEach(printOne) : printOne;
    this.printBytes = how.printBytes;
    this.isLow = how.low ?? false;
    this.isBinary = how.binary ?? false;
    this.longest = how.longest;
    this.isLongArray = how.longArray ?? false;
    this.isList = how.list ?? false;
    this.isOffset = how.offset ?? false;
    this.isOfImage = how.image ?? false;
    this.isPlain = !(how.binary || how.longest || how.longArray || how.block || how.directory || how.table || how.structure);
    this.block = how.block;
    this.table = how.table;
    this.structure = how.structure;
    this.directory = how.directory;
    this.#next = next;
  }

  /** Of this row and the next of the same id, the first whose condition holds. */
  taken(context: Context): Tag<Id> | undefined {
    let tag: Tag<Id> | undefined = this;
    while (tag?.when !== undefined && !tag.when(context)) tag = tag.#next;
    return tag;
  }

  /** What a value stands for as it is stored; undefined leaves the tag out. */
  standsFor(raw: TagInput, littleEndian: boolean): TagInput | undefined {
    const { mask, value } = this;
    const stored = mask === undefined || typeof raw !== "number" ? raw : ((raw & mask) >>> 0) / ((mask & -mask) >>> 0);
    return value === undefined ? stored : value(stored as never, littleEndian);
  }
}

/** A print of a list. */
function printedEach(print: (value: never) => TagInput): (values: readonly never[]) => TagInput {
  return (values) => values.map((value) => print(value));
}

/** Rows by their number or their text, made ready at their first use. */
export class Table<Id extends number | string = number> {
  readonly #rows: readonly Row<Id>[];
  #tags: readonly Tag<Id>[] | undefined;
  #first: ReadonlyMap<Id, Tag<Id>> | undefined;

  constructor(rows: readonly Row<NoInfer<Id>>[]) {
    this.#rows = rows;
    // A name that got its number in the midst of an image would have two there.
    for (const [, name] of rows) nameNumber(name);
  }

  /** In the order of the rows. */
  get tags(): readonly Tag<Id>[] {
    if (this.#tags === undefined) this.#makeReady();
    return this.#tags as readonly Tag<Id>[];
  }

  /** The first row of an id; undefined if the table has none. */
  first(id: Id): Tag<Id> | undefined {
    if (this.#first === undefined) this.#makeReady();
    return (this.#first as ReadonlyMap<Id, Tag<Id>>).get(id);
  }

  #makeReady(): void {
    const tags: Tag<Id>[] = [];
    const first = new Map<Id, Tag<Id>>();
    for (const row of this.#rows.toReversed()) {
      const tag = new Tag(row, first.get(row[0]));
      first.set(row[0], tag);
      tags.push(tag);
    }
    this.#tags = tags.reverse();
    this.#first = first;
  }
}

/** Values at fixed offsets. An id is an offset, counted in values of the format that the layout has if a row names none. */
export class Layout extends Table {
  readonly format: ValueFormat;
  #end: number | undefined;

  constructor(rows: readonly Row[], format: ValueFormat = "int8u") {
    super(rows);
    this.format = format;
  }

  /** Bytes of one step of the ids. */
  get step(): number {
    return typeSize(typeOf[this.format]);
  }

  /** Where the last value ends. */
  get end(): number {
    this.#end ??= Math.max(...this.tags.map(({ id, read, count = 1 }) => id * this.step + count * typeSize(typeOf[read ?? this.format])));
    return this.#end;
  }
}
