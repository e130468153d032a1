/** Compound files, which hold streams as a file system holds files: [MS-CFB]. */
import { platform } from "#platform";
import { joined, viewOf } from "../bytes/arrays.ts";
import { hex } from "../bytes/hex.ts";
import type { Findings } from "../contracts.ts";

const SIGNATURE = "d0cf11e0a1b11ae1";
const HEADER = 512;
const ENTRY = 128;
/** Work of a sector and of an entry of the directory. */
const [SECTOR_STEPS, ENTRY_STEPS] = [8, 30];
const STREAM = 2;
const ROOT = 5;
/** Sector numbers from here on are marks, section 2.1. */
const MARKS = 0xfffffffa;

/** The streams of these names, by name. Damage gives fewer streams and a warning. */
export function compoundFileStreams(file: Uint8Array, names: readonly string[], found: Findings): ReadonlyMap<string, Uint8Array> {
  const streams = new Map<string, Uint8Array>();
  if (file.length < HEADER || hex(file.subarray(0, 8)) !== SIGNATURE) {
    found.warn("MALFORMED", "no compound file", 0);
    return streams;
  }
  const header = viewOf(file);
  if (![9, 12].includes(header.getUint16(30, true)) || header.getUint16(32, true) !== 6) {
    found.warn("MALFORMED", "a compound file of sectors of impossible size", 30);
    return streams;
  }
  const reader = new CompoundFileReader(file, found);
  for (const { name, type, start, size } of reader.entries()) {
    if (type === STREAM && names.includes(name) && !streams.has(name)) streams.set(name, reader.stream(start, size));
  }
  return streams;
}

interface Entry {
  readonly name: string;
  readonly type: number;
  readonly start: number;
  readonly size: number;
}

class CompoundFileReader {
  readonly #file: Uint8Array;
  readonly #header: DataView;
  readonly #found: Findings;
  readonly #sector: number;
  readonly #miniSector: number;
  /** Streams below this size lie in the mini stream. */
  readonly #cutoff: number;
  readonly #next: Uint8Array;
  readonly #miniNext: Uint8Array;
  #mini: Uint8Array = new Uint8Array(0);

  constructor(file: Uint8Array, found: Findings) {
    this.#file = file;
    this.#found = found;
    this.#header = viewOf(file);
    this.#sector = 1 << this.#header.getUint16(30, true);
    this.#miniSector = 1 << this.#header.getUint16(32, true);
    this.#cutoff = this.#header.getUint32(56, true);
    this.#next = this.#allocationTable();
    this.#miniNext = this.#chain(this.#header.getUint32(60, true), file.length);
  }

  /** Sections 2.3 and 2.5: the sectors of the allocation table are listed in the header, then in sectors of their own. */
  #allocationTable(): Uint8Array {
    const parts: Uint8Array[] = [];
    // A file has no more sectors of the table than sectors.
    let left = Math.ceil(this.#file.length / this.#sector);
    const add = (list: Uint8Array) => {
      const numbers = viewOf(list);
      for (let at = 0; at + 4 <= list.length && left > 0; at += 4) {
        this.#found.budget.step(SECTOR_STEPS);
        const sector = numbers.getUint32(at, true);
        if (sector >= MARKS) continue;
        parts.push(this.#sectorAt(sector));
        left--;
      }
    };
    add(this.#file.subarray(76, HEADER));
    const seen = new Set<number>();
    for (let sector = this.#header.getUint32(68, true); sector < MARKS && !seen.has(sector); ) {
      seen.add(sector);
      const list = this.#sectorAt(sector);
      if (list.length < this.#sector) break;
      add(list.subarray(0, -4));
      sector = viewOf(list).getUint32(list.length - 4, true);
    }
    return joined(parts);
  }

  #sectorAt(sector: number): Uint8Array {
    const at = (sector + 1) * this.#sector;
    return this.#file.subarray(at, at + this.#sector);
  }

  /** The sectors of a chain, joined: at most `size` bytes. */
  #chain(start: number, size: number, mini = false): Uint8Array {
    const [table, length] = mini ? [this.#miniNext, this.#miniSector] : [this.#next, this.#sector];
    const next = viewOf(table);
    const parts: Uint8Array[] = [];
    const seen = new Set<number>();
    for (let sector = start, left = size; sector < MARKS && left > 0; left -= length) {
      this.#found.budget.step(SECTOR_STEPS);
      if (seen.has(sector) || 4 * sector + 4 > table.length) {
        this.#found.warn("MALFORMED", "a chain of sectors of the compound file is broken", 0);
        break;
      }
      seen.add(sector);
      const whole = mini ? this.#mini.subarray(sector * length, (sector + 1) * length) : this.#sectorAt(sector);
      this.#found.budget.touch(whole.length);
      this.#found.budget.keep(whole.length);
      parts.push(whole.subarray(0, left));
      sector = next.getUint32(4 * sector, true);
    }
    return joined(parts);
  }

  /** Section 2.6. The first entry is the root, whose own stream is the mini stream. */
  entries(): Entry[] {
    const directory = this.#chain(this.#header.getUint32(48, true), this.#file.length);
    const fields = viewOf(directory);
    const entries: Entry[] = [];
    for (let at = 0; at + ENTRY <= directory.length; at += ENTRY) {
      this.#found.budget.step(ENTRY_STEPS);
      const name = platform.utf16le(directory.subarray(at, at + Math.min(64, Math.max(0, fields.getUint16(at + 64, true) - 2))));
      const [start, size] = [fields.getUint32(at + 116, true), fields.getUint32(at + 120, true)];
      const type = directory[at + 66] ?? 0;
      if (type === ROOT && at === 0) this.#mini = this.#chain(start, size);
      entries.push({ name, type, start, size });
    }
    return entries;
  }

  stream(start: number, size: number): Uint8Array {
    return this.#chain(start, size, size < this.#cutoff);
  }
}
