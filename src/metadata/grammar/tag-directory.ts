/** Small structures of TIFF form that are not Exif (MPF, Kodak's Meta, Stim, EPPIM): a header, directories, tags by a table. */
import { decodeText } from "../bytes/text.ts";
import { type ByteWindow, PastEnd } from "../bytes/window.ts";
import type { Findings, TagGroup, TagInput } from "../contracts.ts";
import { type Conversion, type Lookup, putConverted, type TagRow } from "../tables/conversion.ts";
import { type Entry, readDirectory, readStored, readTiffHeader, type StoredValue, type TiffHeader } from "./ifd.ts";

export interface DirectoryConversion extends Conversion {
  /** Given as how long it is. */
  readonly binary?: true;
}

export type DirectoryRows = ReadonlyMap<number, TagRow>;

export function directoryRows(rows: readonly (readonly [number, string, (DirectoryConversion | Lookup)?])[]): DirectoryRows {
  return new Map(rows.map((row) => [row[0], row as TagRow]));
}

/** The tag is given as how long it is. */
export const binary: DirectoryConversion = { binary: true };

export interface TagDirectory {
  readonly window: ByteWindow;
  readonly header: TiffHeader;
  readonly start: number;
  readonly rows: DirectoryRows;
  readonly group: string;
}

/** Tags that are no plain values. True where it took the entry. */
export type EntryReader = (entry: Entry, directory: TagDirectory) => boolean;

/** The header at the start of `window`; undefined with a warning where there is none. */
export function tiffHeader(window: ByteWindow, found: Findings): TiffHeader | undefined {
  const header = readTiffHeader(window);
  if (header === undefined || header.magic !== 42) {
    found.warn("MALFORMED", "no TIFF header", 0);
    return undefined;
  }
  return header;
}

/** Puts the tags of a directory and gives the offset of the next one, 0 where there is none. */
export function putDirectory(directory: TagDirectory, found: Findings, special?: EntryReader): number {
  const { window, header, start, rows } = directory;
  const { entries, announced, next } = readDirectory(window, header, start, found.budget);
  if (entries.length < announced) found.warn("TRUNCATED", `a directory of ${announced} entries has ${entries.length}`, start);
  const group = found.tags.group(directory.group);
  for (const entry of entries) {
    try {
      if (special?.(entry, directory) !== true) putEntry(entry, directory, rows.get(entry.id), group, found);
    } catch (thrown) {
      if (!(thrown instanceof PastEnd)) throw thrown;
      found.warn("TRUNCATED", `the value of tag 0x${entry.id.toString(16)} lies past the end`, entry.at);
    }
  }
  return next;
}

function putEntry(entry: Entry, { window, header }: TagDirectory, row: TagRow | undefined, group: TagGroup, found: Findings): void {
  if (row === undefined) return;
  const [, name, conversion] = row;
  if (conversion !== undefined && "binary" in conversion) {
    if (entry.size > 0) group.put(name, { bytes: entry.size });
    return;
  }
  putConverted(group, name, plain(readStored(window, entry, header.littleEndian, found.budget)), conversion);
}

/** Bytes of type UNDEFINED are text where nothing else is said. */
function plain(value: StoredValue): TagInput {
  return value instanceof Uint8Array ? decodeText(value, "utf-8") : value;
}
