/** What one image may cost. Every length, count and depth that a file names is held against these. */
export interface Limits {
  /** Steps of the engine's work, charged by what it costs: one takes about 20 to 40 ns. */
  readonly steps: number;
  /** Bytes of memory that the engine keeps for one image: decoded blocks, texts, tags, warnings. */
  readonly keptBytes: number;
  /** Bytes of a record as JSON; the largest texts are cut, with a warning. */
  readonly recordBytes: number;
  /** Warnings of one record. */
  readonly warnings: number;
  /** Tags of one record. */
  readonly tags: number;
  /** Nesting of directories, boxes, structures and blocks within blocks. */
  readonly depth: number;
  /** Bytes that one compressed block may inflate to. */
  readonly inflatedBytes: number;
  /** Bytes of one text value; a longer one is cut, with a warning. */
  readonly textBytes: number;
  /** HTTP requests of one image, retries not counted. */
  readonly requests: number;
  /** Bytes fetched for one image. */
  readonly bytes: number;
  /** Bytes read whole where a source gives no ranges (standard input, a server without them). */
  readonly wholeBytes: number;
}

export const defaultLimits: Limits = Object.freeze({
  steps: 5_000_000,
  keptBytes: 64 << 20,
  recordBytes: 4 << 20,
  warnings: 1000,
  tags: 20_000,
  depth: 32,
  inflatedBytes: 16 << 20,
  textBytes: 1 << 20,
  requests: 16,
  bytes: 32 << 20,
  wholeBytes: 256 << 20,
});
