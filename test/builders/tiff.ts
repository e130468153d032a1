/** Makes TIFF structures (TIFF 6.0 section 2) and BigTIFF files: a header, directories, and their values behind them. */

const sizes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
  129: 1,
};

/** Texts and bytes as they are; numbers of the entry's type; rationals as `[numerator, denominator]`; directories that the tag points at. */
type TiffValue =
  | string
  | Uint8Array
  | readonly number[]
  | readonly (readonly [number, number])[]
  | { directories: readonly TiffDirectory[] };

/** Entries `[tag, type, value]`, in the order in which they are written. */
export type TiffDirectory = readonly (readonly [tag: number, type: number, value: TiffValue])[];

export interface TiffOptions {
  readonly bigEndian?: boolean;
  /** 64-bit offsets and counts. */
  readonly big?: boolean;
  readonly magic?: number;
}

export function tiff(chain: readonly TiffDirectory[], options: TiffOptions = {}): Buffer {
  return new TiffWriter(options).write(chain);
}

class TiffWriter {
  readonly #options: TiffOptions;
  #bytes = Buffer.alloc(0);

  constructor(options: TiffOptions) {
    this.#options = options;
  }

  write(chain: readonly TiffDirectory[]): Buffer {
    const { big, bigEndian, magic = big ? 43 : 42 } = this.#options;
    this.#append(Buffer.concat([Buffer.from(bigEndian ? "MM" : "II"), this.#number(2, magic)]));
    if (big) this.#append(Buffer.concat([this.#number(2, 8), this.#number(2, 0)]));
    const start = this.#bytes.length + this.#offsetSize;
    this.#append(this.#number(this.#offsetSize, start));
    let link: number | undefined;
    for (const directory of chain) {
      if (link !== undefined) this.#put(link, this.#number(this.#offsetSize, this.#bytes.length));
      link = this.#directory(directory);
    }
    return this.#bytes;
  }

  get #offsetSize(): 4 | 8 {
    return this.#options.big ? 8 : 4;
  }

  /** Writes a directory at the end; returns where the offset of the next one belongs. */
  #directory(entries: TiffDirectory): number {
    const { big } = this.#options;
    const [countSize, entrySize] = big ? [8, 20] : [2, 12];
    const start = this.#bytes.length;
    const link = start + countSize + entries.length * entrySize;
    this.#append(Buffer.alloc(link + this.#offsetSize - start));
    this.#put(start, this.#number(countSize, entries.length));
    for (const [i, [tag, type, value]] of entries.entries()) {
      const at = start + countSize + i * entrySize;
      const bytes = this.#value(type, value);
      this.#put(
        at,
        Buffer.concat([this.#number(2, tag), this.#number(2, type), this.#number(this.#offsetSize, bytes.length / (sizes[type] ?? 1))]),
      );
      const field = at + 4 + this.#offsetSize;
      if (bytes.length <= this.#offsetSize) this.#put(field, bytes);
      else {
        this.#put(field, this.#number(this.#offsetSize, this.#bytes.length));
        this.#append(bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]));
      }
    }
    return link;
  }

  #value(type: number, value: TiffValue): Buffer {
    if (typeof value === "string") return Buffer.from(value);
    if (value instanceof Uint8Array) return Buffer.from(value);
    if ("directories" in value) {
      return Buffer.concat(
        value.directories.map((directory) => {
          const start = this.#bytes.length;
          this.#directory(directory);
          return this.#number(sizes[type] ?? 4, start);
        }),
      );
    }
    return Buffer.concat((value as readonly (number | readonly [number, number])[]).map((one) => this.#one(type, one)));
  }

  #one(type: number, value: number | readonly [number, number]): Buffer {
    if (typeof value !== "number") return Buffer.concat([this.#number(4, value[0] >>> 0), this.#number(4, value[1] >>> 0)]);
    const bytes = Buffer.alloc(sizes[type] ?? 1);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const little = !this.#options.bigEndian;
    if (type === 11) view.setFloat32(0, value, little);
    else if (type === 12) view.setFloat64(0, value, little);
    else if (bytes.length === 8) view.setBigInt64(0, BigInt(value), little);
    else return this.#number(bytes.length, value);
    return bytes;
  }

  #number(size: number, value: number): Buffer {
    const bytes = Buffer.alloc(size);
    let rest = BigInt(Math.trunc(value));
    for (let i = 0; i < size; i++, rest >>= 8n) bytes[this.#options.bigEndian ? size - 1 - i : i] = Number(rest & 0xffn);
    return bytes;
  }

  #put(at: number, bytes: Uint8Array): void {
    this.#bytes.set(bytes, at);
  }

  #append(bytes: Uint8Array): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
  }
}
