/**
 * The directories of a TIFF structure: TIFF 6.0 section 2, Exif 3.1 sections 4.5 and 4.6, DNG 1.7, BigTIFF.
 * Order, names of groups, priorities and leniencies as ExifTool 13.59 Exif.pm and BigTIFF.pm have them.
 */

import { decodeText } from "../bytes/text.ts";
import { type ByteRange, type ByteWindow, PastEnd } from "../bytes/window.ts";
import type { Findings, TagInput, TagOptions } from "../contracts.ts";
import {
  DIRECTORY_AHEAD,
  type Directory,
  type Entry,
  isBytes,
  isFloat,
  isFraction,
  isInteger,
  readDirectory,
  readStored,
  readTiffHeader,
  type StoredValue,
  type TiffHeader,
  typeSize,
} from "../grammar/ifd.ts";
import type { DirectoryTable, DirectoryTag, Holder, SubDirectory, TableName } from "../tables/directory.ts";
import { exifTags } from "../tables/exif.ts";
import { gpsTags } from "../tables/gps.ts";
import { kdcTags, kodakTags } from "../tables/kodak.ts";
import { numberText } from "../tables/prints.ts";
import type { ImageFacts, OpenDirectory } from "./exif-image.ts";
import { nameMakerNotes, namePrivateData } from "./exif-maker-notes.ts";

const tables: Readonly<Record<TableName, DirectoryTable>> = { gps: gpsTags, kodak: kodakTags, kdc: kdcTags };

/** Of the pictures that a directory describes or embeds: size, depth, colours, where it lies. */
const imageTags = new Set([0x0100, 0x0101, 0x0102, 0x0106, 0x0111, 0x0115, 0x0116, 0x0117, 0x0201, 0x0202]);

const low: TagOptions = { priority: "low" };

/** More values than these are no metadata (ExifTool's limit). */
const MOST_VALUES = 100_000;

/** More values than these are not decoded where an array is long. */
const LONG_ARRAY = 500;
const DIRECTORY_STEPS = 100;
/** Work of a number in a list that stands for something else. */
const CONVERTED_STEPS = 4;

interface AcceptedEntry {
  readonly entry: Entry;
  readonly tag: DirectoryTag;
}

interface Accepted {
  readonly entries: readonly AcceptedEntry[];
  /** The next directory, 0 where there is none or this one is too damaged to be trusted with it. */
  readonly next: number;
}

export class DirectoryReader {
  readonly #window: ByteWindow;
  readonly #header: TiffHeader;
  readonly #holder: Holder;
  readonly #found: Findings;
  readonly #image: ImageFacts;
  /** Where the structure begins in the window of `found`. */
  readonly #origin: number;
  readonly #seen = new Map<number, string>();
  /** What offsets are given from; PNG's Exif gives them from its own start. */
  readonly #base: number;
  #depth = 0;
  #make = "";

  constructor(window: ByteWindow, header: TiffHeader, holder: Holder, found: Findings, image: ImageFacts, origin = 0) {
    this.#window = window;
    this.#header = header;
    this.#holder = holder;
    this.#found = found;
    this.#image = image;
    this.#origin = origin;
    this.#base = image.base;
  }

  /** The directory at `start` and, where its kind has such, those that follow it. */
  read(name: string, start: number, table: DirectoryTable = exifTags): void {
    if (this.#depth >= this.#found.budget.limits.depth) {
      this.#found.warn("LIMIT_EXCEEDED", `${name} lies deeper than ${this.#depth} directories`, this.#origin + start);
      return;
    }
    this.#depth++;
    this.#chain(name, start, table);
    this.#depth--;
  }

  #chain(first: string, start: number, table: DirectoryTable): void {
    const { big } = this.#header;
    const chained = big ? /^(IFD|SubIFD)\d*$/.test(first) : first === "IFD0" || first === "SubIFD";
    let name = first;
    let at = start;
    for (;;) {
      const next = this.#directory(name, at, table);
      if (!chained || next === 0) return;
      const [, stem = "", number = "0"] = /^(\D*)(\d*)$/.exec(name) ?? [];
      name = `${stem}${Number(number) + 1}`;
      at = next;
      if (name === "SubIFD1" && !big && !this.#isPlausible(at)) {
        if (this.#holder === "TIFF") this.#warn("MALFORMED", "what follows a SubIFD is no directory", at);
        return;
      }
    }
  }

  /** Some raw formats have anything but an offset behind a SubIFD. */
  #isPlausible(start: number): boolean {
    if (this.#holder === "APP1" || this.#holder === "other") return false;
    try {
      const { entries, announced } = readDirectory(this.#window, this.#header, start, this.#found.budget);
      if (announced < 2 || announced > 63 || entries.length < announced) return false;
      return entries.every(({ id, type, count }, i) => id > (entries[i - 1]?.id ?? -1) && type > 0 && type <= 13 && count > 0);
    } catch (thrown) {
      if (thrown instanceof PastEnd) return false;
      throw thrown;
    }
  }

  /** Reads one directory; returns the offset of the next, 0 where there is none or this one cannot be read. */
  #directory(name: string, start: number, table: DirectoryTable): number {
    const earlier = this.#seen.get(start);
    if (earlier !== undefined) {
      this.#warn("MALFORMED", `${name} points at ${earlier}, which was read before`, start);
      // Windows Phone 7.5 writes the GPS directory's offset as the interoperability directory's too.
      if (!(name === "GPS" && earlier === "InteropIFD")) return 0;
    }
    this.#seen.set(start, name);
    let directory: Directory;
    try {
      directory = readDirectory(this.#window, this.#header, start, this.#found.budget);
    } catch (thrown) {
      if (!(thrown instanceof PastEnd)) throw thrown;
      this.#warn("TRUNCATED", `${name} lies past the end`, start);
      return 0;
    }
    if (directory.entries.length < directory.announced) {
      this.#warn("TRUNCATED", `${name} has ${directory.announced} entries, and ${directory.entries.length} of them before the end`, start);
    }
    this.#found.budget.step(DIRECTORY_STEPS);
    const accepted = this.#accepted(name, directory, table);
    if (accepted === undefined) return 0;
    this.#ask(accepted);
    const state: OpenDirectory = { name, holder: this.#holder, compression: undefined, subfileType: undefined, image: new Map() };
    const group = this.#found.tags.group(table === gpsTags ? "GPS" : name);
    for (const { entry, tag } of accepted.entries) {
      if (tag.directory !== undefined) this.#subDirectories(entry, tag, tag.directory, table);
      else if (tag.block !== undefined) this.#block(entry, tag, state);
      else this.#tag(entry, tag, state, group, table);
    }
    if (table === exifTags) this.#image.directory(state, group);
    return accepted.next;
  }

  /** The entries that are known and can be read; undefined where this is no directory at all. */
  #accepted(name: string, directory: Directory, table: DirectoryTable): Accepted | undefined {
    const { big } = this.#header;
    const size = this.#window.size ?? Number.POSITIVE_INFINITY;
    const accepted: AcceptedEntry[] = [];
    let damaged = 0;
    let hasBadType = false;
    let index = -1;
    for (const entry of directory.entries) {
      index++;
      if (damaged > 10) {
        this.#warn("MALFORMED", `${name} is damaged: its rest is left out`, directory.start);
        return { entries: accepted, next: 0 };
      }
      const { id, type, count, at } = entry;
      if (typeSize(type) === 0 || (!big && type > 13 && type !== 129)) {
        if (type !== 0) {
          this.#warn("MALFORMED", `${name} entry ${index} has type ${type}, which does not exist`, directory.start);
          damaged++;
          hasBadType = true;
        }
        if (index === 0 || big) return accepted.length > 0 ? { entries: accepted, next: 0 } : undefined;
        continue;
      }
      const tag = table.get(id);
      if (!entry.inline && at + entry.size > size) {
        this.#warn("TRUNCATED", `${name} tag ${hex(id)}: its ${entry.size} bytes lie past the end`, at);
        // Bytes that are none of TIFF's: what follows is no better.
        if (hasBadType) return { entries: accepted, next: 0 };
        damaged++;
        continue;
      }
      if (!entry.inline && !big && (at < 8 || (at < directory.end && at + entry.size > directory.start))) {
        this.#warn("MALFORMED", `${name} tag ${hex(id)}: its value cannot lie at ${at}`, directory.start);
        damaged++;
        continue;
      }
      if (tag === undefined) continue;
      const read = tag.format === undefined ? entry : entry.inFormat(tag.format);
      if ((tag.offset || tag.directory !== undefined) && !isInteger(read.type)) {
        this.#warn("MALFORMED", `${name} tag ${hex(id)} is an offset, and of type ${type}`, directory.start);
        continue;
      }
      if (count > MOST_VALUES && !isBytes(read.type) && tag.block === undefined && !(id === 0x012d && count === 196_608)) {
        this.#warn("LIMIT_EXCEEDED", `${name} tag ${hex(id)} has ${count} values`, at);
        continue;
      }
      accepted.push({ entry: read, tag });
    }
    return { entries: accepted, next: directory.next };
  }

  /** Asks for all values that will be read, and for the beginnings of the directories that come next, together. */
  #ask({ entries, next }: Accepted): void {
    const ranges: ByteRange[] = [];
    if (next !== 0) ranges.push({ start: next, end: next + DIRECTORY_AHEAD });
    for (const { entry, tag } of entries) {
      if (!entry.inline && this.#isRead(entry, tag)) {
        const end = entry.at + this.#readSize(entry);
        if (!this.#window.has(entry.at, end)) ranges.push({ start: entry.at, end });
      }
      if (tag.directory !== undefined && entry.inline && entry.count === 1) {
        const start = Number(readStored(this.#window, entry, this.#header.littleEndian, this.#found.budget));
        ranges.push({ start, end: start + DIRECTORY_AHEAD });
      }
    }
    this.#window.need(ranges);
  }

  /** False for what is only given as how long it is, or is a block of its own. */
  #isRead(entry: Entry, tag: DirectoryTag): boolean {
    if (tag.block !== undefined) return false;
    if (this.#image.wants(tag.id)) return true;
    if (tag.binary && tag.printBytes === undefined) return false;
    if (tag.longArray && entry.count > LONG_ARRAY && !isBytes(entry.type)) return false;
    // The text of n numbers has at least 2n − 1 characters.
    return tag.longest === undefined || 2 * entry.count - 1 <= tag.longest || (isBytes(entry.type) && entry.count <= tag.longest);
  }

  #readSize(entry: Entry): number {
    return isBytes(entry.type) ? Math.min(entry.size, this.#found.budget.limits.textBytes) : entry.size;
  }

  #value(entry: Entry): StoredValue {
    const size = this.#readSize(entry);
    if (size < entry.size)
      this.#warn("LIMIT_EXCEEDED", `tag ${hex(entry.id)}: only the first ${size} of ${entry.size} bytes are read`, entry.at);
    const cut = size < entry.size ? entry.cut(size) : entry;
    return readStored(this.#window, cut, this.#header.littleEndian, this.#found.budget);
  }

  #tag(entry: Entry, tag: DirectoryTag, state: OpenDirectory, group: ReturnType<Findings["tags"]["group"]>, table: DirectoryTable): void {
    const name = typeof tag.name === "string" ? tag.name : tag.name(state);
    const options = this.#isLow(tag, state.name) ? low : undefined;
    if (!this.#isRead(entry, tag)) {
      const isNamed = tag.longArray && entry.count > LONG_ARRAY;
      group.put(
        name,
        isNamed ? `(large array of ${entry.count} ${typeName(entry.type)} values)` : { bytes: entry.size },
        undefined,
        options,
      );
      return;
    }
    const { littleEndian } = this.#header;
    const raw = this.#value(entry);
    // What becomes of bytes is decided by looking at each of them; their print makes numbers, or numbers' texts, of them.
    if (raw instanceof Uint8Array) this.#found.budget.step((tag.printBytes === undefined ? 0.5 : 2) * raw.length);
    else if (Array.isArray(raw) && tag.value !== undefined) this.#found.budget.step(CONVERTED_STEPS * raw.length);
    if (table === exifTags) {
      this.#image.tag(tag.id, raw, state);
      if (tag.id === 0x010f && typeof raw === "string") this.#make = raw.trim();
    }
    if (tag.printBytes !== undefined && raw instanceof Uint8Array) {
      group.put(name, tag.binary ? { bytes: entry.size } : plain(raw, entry.type), printOf(raw, tag.printBytes, littleEndian), options);
      return;
    }
    if (tag.binary) {
      if (!this.#image.holdsGeoTiff(tag.id)) group.put(name, { bytes: entry.size }, undefined, options);
      return;
    }
    const based = tag.offset ? this.#fromObjectStart(raw) : raw;
    if (tag.longest !== undefined && textLength(based) > tag.longest) {
      group.put(name, { bytes: entry.size }, undefined, options);
      return;
    }
    if (imageTags.has(tag.id) && table === exifTags) state.image.set(name, based);
    const value = tag.value === undefined ? based : tag.value(based as never, littleEndian);
    if (value !== undefined) group.put(name, plain(value, entry.type), tag.print, options);
  }

  /** ExifTool's priority 0: of the tag, but in the main image's directory; in JPEG of all that describes the thumbnail. */
  #isLow(tag: DirectoryTag, directory: string): boolean {
    if (tag.low) return directory !== this.#image.priorityDirectory;
    return directory === "PreviewIFD" || (directory === "IFD1" && this.#holder === "APP1");
  }

  #fromObjectStart(value: StoredValue): StoredValue {
    if (typeof value === "number") return value + this.#base;
    return Array.isArray(value) ? value.map((offset) => Number(offset) + this.#base) : value;
  }

  #subDirectories(entry: Entry, tag: DirectoryTag, directory: SubDirectory, table: DirectoryTable): void {
    const value = this.#value(entry);
    const offsets = (Array.isArray(value) ? value : [value]).map(Number);
    const { big } = this.#header;
    const most = big ? offsets.length : (directory.most ?? 1);
    if (offsets.length > most)
      this.#warn("MALFORMED", `${offsets.length - most} more ${directory.name} directories are left out`, entry.at);
    // BigTIFF's directories have the names of the tags that point at them.
    const name = big ? (bigTiffNames[tag.id] ?? String(tag.name)) : directory.name;
    const inside = directory.table === undefined || big ? table : tables[directory.table];
    for (const [i, offset] of offsets.slice(0, most).entries()) {
      this.#found.budget.step();
      const numbered = i === 0 ? name : `${name}${i}`;
      if (directory.header !== undefined && !big) this.#structure(numbered, offset, directory.header);
      else this.read(numbered, offset, inside);
    }
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
      const inside = new DirectoryReader(window, header, this.#holder, this.#found, this.#image, this.#origin + offset);
      inside.#depth = this.#depth + 1;
      inside.read(name, header.firstDirectory);
    } catch (thrown) {
      if (!(thrown instanceof PastEnd)) throw thrown;
      this.#warn("TRUNCATED", `${name} lies past the end`, offset);
    }
  }

  #block(entry: Entry, tag: DirectoryTag, state: OpenDirectory): void {
    if (entry.size === 0) return;
    const kind = tag.block as string;
    const start = this.#origin + entry.at;
    const at = [{ start, end: start + entry.size }];
    const place = { window: this.#window, at: entry.at, size: entry.size, directory: state.name, make: this.#make, origin: this.#origin };
    if (kind === "makernotes") nameMakerNotes(place, this.#found);
    else if (kind === "dng-private") namePrivateData(place, this.#found);
    else if (kind === "printim") this.#found.block({ kind, at, hint: this.#header.littleEndian ? "II" : "MM" });
    else this.#found.block({ kind, at, hint: state.name });
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

/** Bytes are text where nothing else is said. Several numbers are text, as ExifTool has them, where not all are numbers. */
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

function typeName(type: number): string {
  return (
    ["", "int8u", "string", "int16u", "int32u", "rational64u", "int8s", "undef", "int16s", "int32s", "rational64s", "float", "double"][
      type
    ] ?? "int64u"
  );
}

function hex(id: number): string {
  return `0x${id.toString(16).padStart(4, "0")}`;
}

const header: TiffHeader = { littleEndian: false, magic: 42, big: false, firstDirectory: 8 };
