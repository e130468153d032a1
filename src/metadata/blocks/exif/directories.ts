/**
 * The directories of a TIFF structure: TIFF 6.0 section 2, Exif 3.1 sections 4.5 and 4.6, DNG 1.7, BigTIFF.
 * Order, names of groups, priorities and leniencies as ExifTool 13.59 Exif.pm and BigTIFF.pm have them.
 */
import { ImagemetaError } from "../../../record/errors.ts";
import { decodeText } from "../../bytes/text.ts";
import { type ByteRange, type ByteWindow, PastEnd } from "../../bytes/window.ts";
import type { Findings, TagGroup, TagInput } from "../../contracts.ts";
import {
  BYTES,
  DIRECTORY_AHEAD,
  type DirectoryPlace,
  formatName,
  isBytes,
  isFloat,
  isFraction,
  isInteger,
  locateDirectory,
  offset64,
  readTiffHeader,
  readValue,
  type StoredValue,
  type TiffHeader,
  typeOf,
  typeSize,
  UINT_64,
  UNDEFINED,
  UTF_8,
} from "../../grammar/ifd.ts";
import { exifTags } from "../../tables/exif.ts";
import { putFields } from "../../tables/fixed-fields.ts";
import { gpsTags } from "../../tables/gps.ts";
import { numberText } from "../../tables/prints.ts";
import type { Holder, Layout, SubDirectory, Table, Tag, TagBlock } from "../../tables/row.ts";
import { beneath, type IptcStanding } from "../kinds.ts";
import { type ImageFacts, OpenDirectory } from "./image.ts";
import { findMaker, nameMakerNotes, namePrivateData, type PrivateData } from "./maker-notes.ts";

/** A tag with more values is left out, as ExifTool does. */
const MAX_VALUES = 100_000;
/** A list of more values is not decoded if its row says that it is long. */
const LONG_ARRAY = 500;
/** A directory with more bad entries is not read further. */
const MAX_DAMAGED = 10;
const DIRECTORY_STEPS = 100;
/** Of finding a maker, and of a reader of its own. */
const MAKER_STEPS = 150;
/** Work of a number in a list that stands for something else. */
const CONVERTED_STEPS = 4;
const MAKE = 0x010f;
/** A ColorMap or TransferFunction of 16 bits. */
const [TRANSFER_FUNCTION, TRANSFER_VALUES] = [0x012d, 196_608];

/** Entries of the directories that are open, one behind the other: the columns are used again for the next structure. */
const entries = {
  tag: [] as Tag[],
  type: [] as number[],
  count: [] as number[],
  size: [] as number[],
  at: [] as number[],
  isInline: [] as boolean[],
};
let openEntries = 0;

/** Where a TIFF structure stands. */
export interface Structure {
  readonly window: ByteWindow;
  readonly header: TiffHeader;
  readonly holder: Holder;
  /** Of IPTC in its first IFD. */
  readonly iptc: IptcStanding;
  /** Where it begins in the window of what it finds. */
  readonly origin: number;
  /** Where its offsets count from in `window`, if not from the start. No directory follows such a one. */
  readonly base?: number;
  /** Has it types of 64 bits without being BigTIFF? */
  readonly int64?: boolean;
}

export class DirectoryReader {
  readonly #window: ByteWindow;
  readonly #header: TiffHeader;
  readonly #holder: Holder;
  readonly #iptc: IptcStanding;
  readonly #found: Findings;
  readonly #image: ImageFacts;
  readonly #origin: number;
  readonly #base: number | undefined;
  readonly #int64: boolean;
  readonly #seen = new Map<number, string>();
  #depth: number;
  #make = "";

  constructor({ window, header, holder, iptc, origin, base, int64 = false }: Structure, found: Findings, image: ImageFacts, depth = 0) {
    this.#window = window;
    this.#header = header;
    this.#holder = holder;
    this.#iptc = iptc;
    this.#found = found;
    this.#image = image;
    this.#origin = origin;
    this.#base = base;
    this.#int64 = int64;
    this.#depth = depth;
  }

  /** The directory at `start` and, if its kind has such, those that follow it. Returns the offset of what comes next, 0 if nothing does. */
  read(name: string, start: number, table: Table = exifTags): number {
    if (this.#depth >= this.#found.budget.limits.depth) {
      this.#warn("LIMIT_EXCEEDED", `${name} lies deeper than ${this.#depth} directories`, start);
      return 0;
    }
    const before = openEntries;
    this.#depth++;
    try {
      return this.#chain(name, start, table);
    } finally {
      this.#depth--;
      openEntries = before;
    }
  }

  #chain(first: string, start: number, table: Table): number {
    const { big } = this.#header;
    const chained = big ? /^(IFD|SubIFD)\d*$/.test(first) : first === "IFD0" || first === "SubIFD";
    let name = first;
    let at = start;
    for (;;) {
      const next = this.#directory(name, at, table);
      if (!chained || next === 0) return next;
      const [, stem = "", number = "0"] = /^(\D*)(\d*)$/.exec(name) ?? [];
      name = `${stem}${Number(number) + 1}`;
      at = next;
      if (name === "SubIFD1" && !big && !this.#isPlausible(at)) {
        if (this.#holder === "TIFF") this.#warn("MALFORMED", "the bytes after a SubIFD are not a directory", at);
        return 0;
      }
    }
  }

  /** Some raw formats have anything but an offset behind a SubIFD. */
  #isPlausible(start: number): boolean {
    if (this.#holder === "APP1" || this.#holder === "other") return false;
    try {
      const { littleEndian } = this.#header;
      const { announced, first, count } = locateDirectory(this.#window, this.#header, start, this.#found.budget);
      if (announced < 2 || announced > 63 || count < announced) return false;
      let before = -1;
      for (let at = first; at < first + 12 * count; at += 12) {
        const id = this.#window.u16(at, littleEndian);
        const type = this.#window.u16(at + 2, littleEndian);
        if (id <= before || type === 0 || type > 13 || this.#window.u32(at + 4, littleEndian) === 0) return false;
        before = id;
      }
      return true;
    } catch (thrown) {
      if (thrown instanceof PastEnd) return false;
      throw thrown;
    }
  }

  /** Reads one directory; returns the offset of the next, 0 if there is none or this one cannot be read. */
  #directory(name: string, start: number, table: Table): number {
    const earlier = this.#seen.get(start);
    if (earlier !== undefined) {
      this.#warn("MALFORMED", `${name} points at ${earlier}, which was read before`, start);
      // Windows Phone 7.5 writes the GPS directory's offset as the interoperability directory's too.
      if (!(name === "GPS" && earlier === "InteropIFD")) return 0;
    }
    this.#seen.set(start, name);
    const { budget } = this.#found;
    let place: DirectoryPlace;
    try {
      place = locateDirectory(this.#window, this.#header, start, budget);
    } catch (thrown) {
      if (!(thrown instanceof PastEnd)) throw thrown;
      this.#warn("TRUNCATED", `${name} lies past the end`, start);
      return 0;
    }
    if (place.count < place.announced)
      this.#warn("TRUNCATED", `${name} has ${place.announced} entries, and ${place.count} of them before the end`, start);
    budget.step(DIRECTORY_STEPS);
    const open = new OpenDirectory(name, this.#holder);
    const from = openEntries;
    const next = this.#accept(open, place, table);
    if (next === undefined) return 0;
    const to = openEntries;
    const group = this.#found.group(table === gpsTags ? "GPS" : name);
    if (!this.#window.isWhole) this.#ask(from, to, next, group);
    for (let entry = from; entry < to; entry++) {
      const tag = (entries.tag[entry] as Tag).taken(open);
      if (tag === undefined) continue;
      if (tag.directory !== undefined) this.#subDirectories(entry, tag, tag.directory, table);
      else if (tag.block !== undefined) this.#block(entry, tag, open);
      else if (tag.table !== undefined) this.#fields(entry, tag.table(), group);
      else if (tag.structure !== undefined) this.#inside(entry, tag, tag.structure, group);
      else if (tag.isOfImage || group.wants(tag)) this.#tag(entry, tag, open, group, table);
    }
    openEntries = from;
    if (table === exifTags) this.#image.directory(open, group);
    return next;
  }

  /**
   * Opens the entries that are known and can be read. Returns the offset of the next directory, 0 if there is none or this one is too
   * damaged to be trusted with it; undefined if this is not a directory at all.
   */
  #accept(open: OpenDirectory, { start, end, first, count, next }: DirectoryPlace, table: Table): number | undefined {
    const { big, littleEndian } = this.#header;
    const base = this.#base ?? 0;
    const name = open.directory;
    const window = this.#window;
    const windowSize = window.size ?? Number.POSITIVE_INFINITY;
    const entrySize = big ? 20 : 12;
    const inlineSize = big ? 8 : 4;
    const firstOpen = openEntries;
    let damaged = 0;
    let hasBadType = false;
    const follows = this.#base === undefined ? next : 0;
    if (count === 0) return follows;
    const placed = window.place(first, count * entrySize);
    const { view } = window;
    for (let index = 0; index < count; index++) {
      if (damaged > MAX_DAMAGED) {
        this.#warn("MALFORMED", `${name} is damaged: its rest is left out`, start);
        return 0;
      }
      const entry = placed + index * entrySize;
      const id = view.getUint16(entry, littleEndian);
      let type = view.getUint16(entry + 2, littleEndian);
      let values = big ? offset64(view, entry + 4, littleEndian) : view.getUint32(entry + 4, littleEndian);
      const width = typeSize(type);
      if (width === 0 || (!big && type > 13 && type !== UTF_8 && !(type === UINT_64 && this.#int64))) {
        if (type !== 0) {
          this.#warn("MALFORMED", `${name} entry ${index} has type ${type}, which does not exist`, start);
          damaged++;
          hasBadType = true;
        }
        if (index === 0 || big) return openEntries > firstOpen ? 0 : undefined;
        continue;
      }
      const size = values * width;
      const field = big ? 12 : 8;
      const isInline = size <= inlineSize;
      const at = isInline
        ? first + index * entrySize + field
        : big
          ? offset64(view, entry + field, littleEndian)
          : base + view.getUint32(entry + field, littleEndian);
      if (!isInline && at + size > windowSize) {
        this.#warn("TRUNCATED", `${name} tag ${hex(id)}: its ${size} bytes lie past the end`, at);
        // These are not the bytes of a directory, so the rest is not read.
        if (hasBadType) return 0;
        damaged++;
        continue;
      }
      if (!isInline && !big && (at - base < 8 || (at < end && at + size > start))) {
        this.#warn("MALFORMED", `${name} tag ${hex(id)}: its value cannot lie at ${at - base}`, start);
        damaged++;
        continue;
      }
      const tag = table.first(id);
      if (tag === undefined) continue;
      const announcedType = type;
      const announcedValues = values;
      if (tag.read !== undefined) {
        const read = typeOf[tag.read];
        if (read !== type || read === UNDEFINED) {
          values = read === UNDEFINED ? size : Math.floor(size / typeSize(read));
          // One byte of type UNDEFINED is a number; read as bytes it is not.
          type = read === UNDEFINED ? BYTES : read;
        }
      }
      if ((tag.isOffset || tag.directory !== undefined) && !isInteger(type)) {
        this.#warn("MALFORMED", `${name} tag ${hex(id)} is an offset, and of type ${announcedType}`, start);
        continue;
      }
      if (announcedValues > MAX_VALUES && !isBytes(type) && tag.block === undefined && !isTransferFunction(id, announcedValues)) {
        this.#warn("LIMIT_EXCEEDED", `${name} tag ${hex(id)} has ${announcedValues} values`, at);
        continue;
      }
      const row = openEntries++;
      entries.tag[row] = tag;
      entries.type[row] = type;
      entries.count[row] = values;
      entries.size[row] = size;
      entries.at[row] = at;
      entries.isInline[row] = isInline;
    }
    return follows;
  }

  /** Asks for all values that will be read, and for the beginnings of the directories that come next, together. */
  #ask(from: number, to: number, next: number, group: TagGroup): void {
    const ranges: ByteRange[] = [];
    if (next !== 0) ranges.push({ start: next, end: next + DIRECTORY_AHEAD });
    for (let entry = from; entry < to; entry++) {
      const tag = entries.tag[entry] as Tag;
      const at = entries.at[entry] as number;
      if (!entries.isInline[entry] && this.#isRead(entry, tag) && (tag.isOfImage || group.wants(tag))) {
        const end = at + this.#readSize(entry);
        if (!this.#window.has(at, end)) ranges.push({ start: at, end });
      }
      if (tag.directory !== undefined && entries.isInline[entry] && entries.count[entry] === 1) {
        const start = (this.#base ?? 0) + Number(this.#stored(entry, entries.size[entry] as number));
        ranges.push({ start, end: start + DIRECTORY_AHEAD });
      }
    }
    this.#window.need(ranges);
  }

  /** False for what is only given as how long it is, or is a block of its own. */
  #isRead(entry: number, tag: Tag): boolean {
    if (tag.block !== undefined) return false;
    const isText = isBytes(entries.type[entry] as number);
    const count = entries.count[entry] as number;
    if (tag.isBinary) return tag.printBytes !== undefined || this.#image.wants(tag.id);
    if (tag.isLongArray && count > LONG_ARRAY && !isText) return false;
    // The text of n numbers has at least 2n − 1 characters.
    return tag.longest === undefined || 2 * count - 1 <= tag.longest || (isText && count <= tag.longest);
  }

  #readSize(entry: number): number {
    const size = entries.size[entry] as number;
    return isBytes(entries.type[entry] as number) ? Math.min(size, this.#found.budget.limits.textBytes) : size;
  }

  #value(entry: number): StoredValue {
    const [size, whole] = [this.#readSize(entry), entries.size[entry] as number];
    if (size < whole) {
      const { id } = entries.tag[entry] as Tag;
      this.#warn("LIMIT_EXCEEDED", `tag ${hex(id)}: only the first ${size} of ${whole} bytes are read`, entries.at[entry] as number);
    }
    return this.#stored(entry, size);
  }

  #stored(entry: number, size: number): StoredValue {
    const type = entries.type[entry] as number;
    const count = isBytes(type) ? size : (entries.count[entry] as number);
    return readValue(this.#window, type, count, entries.at[entry] as number, this.#header.littleEndian, this.#found.budget);
  }

  #tag(entry: number, tag: Tag, open: OpenDirectory, group: TagGroup, table: Table): void {
    const isLow = this.#isLow(tag, open.directory);
    const type = entries.type[entry] as number;
    const size = entries.size[entry] as number;
    if (!tag.isPlain && !this.#isRead(entry, tag)) {
      const count = entries.count[entry] as number;
      const isNamed = tag.isLongArray && count > LONG_ARRAY;
      group.putBare(tag, isNamed ? `(large array of ${count} ${formatName(type)} values)` : { bytes: size }, isLow);
      return;
    }
    const { littleEndian } = this.#header;
    const raw = this.#value(entry);
    // What becomes of bytes is decided by looking at each of them; their print makes numbers, or numbers' texts, of them.
    if (raw instanceof Uint8Array) this.#found.budget.step((tag.printBytes === undefined ? 0.5 : 2) * raw.length);
    else if (tag.value !== undefined && Array.isArray(raw)) this.#found.budget.step(CONVERTED_STEPS * raw.length);
    if (tag.isOfImage) this.#image.tag(tag.id, raw, open);
    if (tag.id === MAKE && table === exifTags && typeof raw === "string") this.#make = raw.trim();
    if (tag.printBytes !== undefined && raw instanceof Uint8Array) {
      group.putRow(tag, tag.isBinary ? { bytes: size } : plain(raw, type), isLow, printOf(raw, tag.printBytes, littleEndian));
      return;
    }
    if (tag.isBinary) {
      if (!this.#image.wants(tag.id)) group.putBare(tag, { bytes: size }, isLow);
      return;
    }
    const based = tag.isOffset ? this.#fromObjectStart(raw) : raw;
    if (tag.longest !== undefined && textLength(based) > tag.longest) {
      group.putBare(tag, { bytes: size }, isLow);
      return;
    }
    if (tag.isOfImage) open.image(tag, based);
    const value = tag.standsFor(based, littleEndian);
    if (value !== undefined) group.putRow(tag, plain(value, type), isLow, tag.print);
  }

  /** ExifTool's priority 0: of the tag, but in the main image's directory; in JPEG of all that describes the thumbnail. */
  #isLow(tag: Tag, directory: string): boolean {
    if (tag.isLow) return directory !== this.#image.priorityDirectory;
    return directory === "PreviewIFD" || (directory === "IFD1" && this.#holder === "APP1");
  }

  #fromObjectStart(value: StoredValue): StoredValue {
    const base = this.#image.base + (this.#base ?? 0);
    if (typeof value === "number") return value + base;
    return Array.isArray(value) ? value.map((offset) => Number(offset) + base) : value;
  }

  #subDirectories(entry: number, tag: Tag, directory: SubDirectory, table: Table): void {
    const value = this.#value(entry);
    const offsets = (Array.isArray(value) ? value : [value]).map(Number);
    const { big } = this.#header;
    const most = big ? offsets.length : (directory.most ?? 1);
    if (offsets.length > most)
      this.#warn("MALFORMED", `${offsets.length - most} more ${directory.name} directories are left out`, entries.at[entry] as number);
    // BigTIFF's directories have the names of the tags that point at them.
    const name = big ? (bigTiffNames[tag.id] ?? tag.name) : directory.name;
    const inside = big ? table : this.#tableOf(directory, table);
    if (inside === undefined) return;
    for (let i = 0; i < Math.min(most, offsets.length); i++) {
      const offset = (this.#base ?? 0) + (offsets[i] as number);
      this.#found.budget.step();
      const numbered = i === 0 ? name : `${name}${i}`;
      if (directory.header !== undefined && !big) this.#structure(numbered, offset, directory.header);
      else this.read(numbered, offset, inside);
    }
  }

  #tableOf({ table }: SubDirectory, otherwise: Table): Table | undefined {
    if (table === undefined) return otherwise;
    return typeof table === "function" ? table() : this.#found.table(table);
  }

  /** A directory behind a header of its own. */
  #structure(name: string, offset: number, magic: number): void {
    try {
      const window = this.#window.sub(offset);
      const header = readTiffHeader(window);
      if (header?.magic !== magic) {
        this.#warn("MALFORMED", `${name} has no header`, offset);
        return;
      }
      const structure = { window, header, holder: this.#holder, iptc: this.#iptc, origin: this.#origin + offset };
      new DirectoryReader(structure, this.#found, this.#image, this.#depth + 1).read(name, header.firstDirectory);
    } catch (thrown) {
      if (!(thrown instanceof PastEnd)) throw thrown;
      this.#warn("TRUNCATED", `${name} lies past the end`, offset);
    }
  }

  #fields(entry: number, layout: Layout, group: TagGroup): void {
    const data = this.#window.sub(entries.at[entry] as number, entries.size[entry]);
    putFields(layout, data, group, this.#header.littleEndian);
  }

  /** A value of another grammar. What is wrong with it costs nothing else. */
  #inside(entry: number, { id }: Tag, structure: NonNullable<Tag["structure"]>, group: TagGroup): void {
    const [at, size] = [entries.at[entry] as number, entries.size[entry] as number];
    if (size > this.#readSize(entry)) {
      this.#warn("LIMIT_EXCEEDED", `tag ${hex(id)}: its ${size} bytes are not read`, at);
      return;
    }
    try {
      structure(this.#window.bytes(at, size), group, this.#found);
    } catch (thrown) {
      if (!(thrown instanceof Error) || thrown instanceof ImagemetaError) throw thrown;
      this.#warn("MALFORMED", `tag ${hex(id)}: ${thrown.message}`, at);
    }
  }

  /** Notes of a maker that is known, behind a header of its own; false if there is none such. */
  #makerNotes(place: PrivateData): boolean {
    const { littleEndian } = this.#header;
    const found = findMaker(place, littleEndian ? "II" : "MM");
    if (found === undefined) return false;
    const { maker, start, base, order, int64 } = found;
    const table = this.#found.table(maker.table);
    if (table === undefined) return true;
    this.#found.budget.step(MAKER_STEPS);
    const header = { ...this.#header, littleEndian: order === "II" };
    const structure = { window: this.#window, header, holder: this.#holder, iptc: this.#iptc, origin: this.#origin, base, int64 };
    new DirectoryReader(structure, this.#found, this.#image, this.#depth).read(maker.name, start, table);
    return true;
  }

  #block(entry: number, tag: Tag, { directory }: OpenDirectory): void {
    const [at, size] = [entries.at[entry] as number, entries.size[entry] as number];
    if (size === 0) return;
    const kind = tag.block as TagBlock;
    const start = this.#origin + at;
    const range = [{ start, end: start + size }];
    const place = { window: this.#window, at, size, directory, make: this.#make, origin: this.#origin };
    const { littleEndian } = this.#header;
    if (kind === "makernotes") {
      if (!this.#makerNotes(place)) nameMakerNotes(place, this.#found);
    } else if (kind === "dng-private") namePrivateData(place, this.#found);
    else if (kind === "printim") this.#found.block({ kind, at: range, context: { littleEndian } });
    else if (kind === "mp-entries")
      this.#found.block({ kind, at: range, context: { littleEndian, structure: this.#window.offsetInObject ?? 0 } });
    else if (kind === "iptc")
      this.#found.block({ kind, at: range, context: { standing: directory === "IFD0" ? this.#iptc : beneath(this.#iptc) } });
    else if (kind === "photoshop") this.#found.block({ kind, at: range, context: { iptc: beneath(this.#iptc) } });
    else this.#found.block({ kind, at: range });
  }

  #warn(code: "MALFORMED" | "TRUNCATED" | "LIMIT_EXCEEDED", message: string, offset: number): void {
    this.#found.warn(code, message, this.#origin + offset);
  }
}

const bigTiffNames: Readonly<Record<number, string>> = {
  330: "SubIFD",
  400: "GlobalParametersIFD",
  33424: "KodakIFD",
  34665: "ExifOffset",
  34853: "GPSInfo",
  40965: "InteropOffset",
  50933: "ProfileIFD",
  65024: "KDC_IFD",
};

function isTransferFunction(id: number, count: number): boolean {
  return id === TRANSFER_FUNCTION && count === TRANSFER_VALUES;
}

/** Bytes are text if nothing else is said. Several numbers are text, as ExifTool has them, if not all are numbers. */
function plain(value: TagInput, type: number): TagInput {
  if (value instanceof Uint8Array) return decodeText(value, "utf-8");
  if (!Array.isArray(value) || !isFraction(type) || value.every(Number.isFinite)) return value;
  return numberText(value, isFloat(type));
}

/** On its own, so that only what is printed from its bytes costs a closure. */
function printOf(raw: Uint8Array, print: (bytes: Uint8Array, littleEndian: boolean) => TagInput, littleEndian: boolean): () => TagInput {
  return () => print(raw, littleEndian);
}

function textLength(value: StoredValue): number {
  if (value instanceof Uint8Array) return value.length;
  return Array.isArray(value) ? numberText(value).length : String(value).length;
}

function hex(id: number): string {
  return `0x${id.toString(16).padStart(4, "0")}`;
}
