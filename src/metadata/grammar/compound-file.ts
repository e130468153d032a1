/** Compound files, which hold streams as a file system holds files: [MS-CFB]. */
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
export function compoundFileStreams(file: Buffer, names: readonly string[], found: Findings): ReadonlyMap<string, Buffer> {
  const streams = new Map<string, Buffer>();
  if (file.length < HEADER || file.toString("hex", 0, 8) !== SIGNATURE) {
    found.warn("MALFORMED", "no compound file", 0);
    return streams;
  }
  if (![9, 12].includes(file.readUInt16LE(30)) || file.readUInt16LE(32) !== 6) {
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
  readonly #file: Buffer;
  readonly #found: Findings;
  readonly #sector: number;
  readonly #miniSector: number;
  /** Streams below this size lie in the mini stream. */
  readonly #cutoff: number;
  readonly #next: Buffer;
  readonly #miniNext: Buffer;
  #mini: Buffer = Buffer.alloc(0);

  constructor(file: Buffer, found: Findings) {
    this.#file = file;
    this.#found = found;
    this.#sector = 1 << file.readUInt16LE(30);
    this.#miniSector = 1 << file.readUInt16LE(32);
    this.#cutoff = file.readUInt32LE(56);
    this.#next = this.#allocationTable();
    this.#miniNext = this.#chain(file.readUInt32LE(60), file.length);
  }

  /** Sections 2.3 and 2.5: the sectors of the allocation table are listed in the header, then in sectors of their own. */
  #allocationTable(): Buffer {
    const parts: Buffer[] = [];
    // A file has no more sectors of the table than sectors.
    let left = Math.ceil(this.#file.length / this.#sector);
    const add = (list: Buffer) => {
      for (let at = 0; at + 4 <= list.length && left > 0; at += 4) {
        this.#found.budget.step(SECTOR_STEPS);
        const sector = list.readUInt32LE(at);
        if (sector >= MARKS) continue;
        parts.push(this.#sectorAt(sector));
        left--;
      }
    };
    add(this.#file.subarray(76, HEADER));
    const seen = new Set<number>();
    for (let sector = this.#file.readUInt32LE(68); sector < MARKS && !seen.has(sector); ) {
      seen.add(sector);
      const list = this.#sectorAt(sector);
      if (list.length < this.#sector) break;
      add(list.subarray(0, -4));
      sector = list.readUInt32LE(list.length - 4);
    }
    return Buffer.concat(parts);
  }

  #sectorAt(sector: number): Buffer {
    const at = (sector + 1) * this.#sector;
    return this.#file.subarray(at, at + this.#sector);
  }

  /** The sectors of a chain, joined: at most `size` bytes. */
  #chain(start: number, size: number, mini = false): Buffer {
    const [table, length] = mini ? [this.#miniNext, this.#miniSector] : [this.#next, this.#sector];
    const parts: Buffer[] = [];
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
      sector = table.readUInt32LE(4 * sector);
    }
    return Buffer.concat(parts);
  }

  /** Section 2.6. The first entry is the root, whose own stream is the mini stream. */
  entries(): Entry[] {
    const directory = this.#chain(this.#file.readUInt32LE(48), this.#file.length);
    const entries: Entry[] = [];
    for (let at = 0; at + ENTRY <= directory.length; at += ENTRY) {
      this.#found.budget.step(ENTRY_STEPS);
      const name = directory.toString("utf16le", at, at + Math.min(64, Math.max(0, directory.readUInt16LE(at + 64) - 2)));
      const [start, size] = [directory.readUInt32LE(at + 116), directory.readUInt32LE(at + 120)];
      const type = directory.readUInt8(at + 66);
      if (type === ROOT && at === 0) this.#mini = this.#chain(start, size);
      entries.push({ name, type, start, size });
    }
    return entries;
  }

  stream(start: number, size: number): Buffer {
    return this.#chain(start, size, size < this.#cutoff);
  }
}
