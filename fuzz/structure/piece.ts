/** A file as a tree of pieces: a piece can be changed, and lengths, offsets and checksums are written anew around it. */

/** Bytes without a structure of their own. `text` can be grown anywhere; `name` is a key or an identifier. */
export interface Leaf {
  readonly label: string;
  readonly leaf: "text" | "name" | "bytes";
  readonly bytes: Buffer;
}

export interface Branch {
  readonly label: string;
  readonly parts: readonly Piece[];
  /** The parts are of one kind: each can come any number of times, at the end too. */
  readonly list?: boolean;
  /** Bytes that a part takes if it shares its value with another: values that are the same piece are written once. */
  readonly shared?: number;
  /** The content is compressed, so that a small file holds much. */
  readonly compressed?: boolean;
  readonly build: (parts: readonly Piece[]) => Buffer;
}

export type Piece = Leaf | Branch;

/** Takes apart bytes within a structure, if they have one of their own. Structures hold each other, so each is given what knows all. */
export type Sniff = (data: Buffer, label: string) => Piece | undefined;

/** A piece grew beyond what is worth building. */
export class TooLong extends Error {}

const MAX_BUILT_BYTES = 8 << 20;
/** Of a tree with more pieces, the first are as good as all. */
const MAX_PLACES = 3000;

export const isLeaf = (piece: Piece): piece is Leaf => "leaf" in piece;

export const text = (label: string, bytes: Uint8Array | string): Leaf => ({ label, leaf: "text", bytes: buffer(bytes) });
export const name = (label: string, bytes: Uint8Array | string): Leaf => ({ label, leaf: "name", bytes: buffer(bytes) });
export const bytes = (label: string, value: Uint8Array | string): Leaf => ({ label, leaf: "bytes", bytes: buffer(value) });

function buffer(value: Uint8Array | string): Buffer {
  return typeof value === "string" ? Buffer.from(value, "latin1") : Buffer.from(value.buffer, value.byteOffset, value.length);
}

/** Parts one behind the other. */
export function sequence(label: string, parts: readonly Piece[]): Branch {
  return { label, parts, build: joined };
}

/** Parts of one kind, one behind the other. */
export function list(label: string, parts: readonly Piece[], between = ""): Branch {
  if (between === "") return { label, parts, list: true, build: joined };
  const separator = Buffer.from(between);
  return {
    label,
    parts,
    list: true,
    build: (all) => concat(all.flatMap((part, i) => (i === 0 ? [built(part)] : [separator, built(part)]))),
  };
}

const joined = (parts: readonly Piece[]): Buffer => concat(parts.map(built));

/** `Buffer.concat` that refuses what is too long to be built. */
export function concat(parts: readonly Uint8Array[]): Buffer {
  let length = 0;
  for (const part of parts) length += part.length;
  if (length > MAX_BUILT_BYTES) throw new TooLong(`${length} bytes`);
  return Buffer.concat(parts, length);
}

const buildings = new WeakMap<Branch, Buffer>();

/** The bytes of a piece. They are kept as long as the piece is: many trees share pieces. */
export function built(piece: Piece): Buffer {
  if (isLeaf(piece)) return piece.bytes;
  let bytes = buildings.get(piece);
  if (bytes === undefined) {
    bytes = piece.build(piece.parts);
    buildings.set(piece, bytes);
  }
  return bytes;
}

export function withParts(branch: Branch, parts: readonly Piece[]): Branch {
  return { ...branch, parts };
}

/** The tree with `replacement` in every place of `target`. */
export function substitute(tree: Piece, target: Piece, replacement: Piece): Piece {
  const done = new Map<Piece, Piece>([[target, replacement]]);
  const visit = (piece: Piece): Piece => {
    const known = done.get(piece);
    if (known !== undefined) return known;
    let result = piece;
    if (!isLeaf(piece)) {
      const parts = piece.parts.map(visit);
      if (parts.some((part, i) => part !== piece.parts[i])) result = withParts(piece, parts);
    }
    done.set(piece, result);
    return result;
  };
  return visit(tree);
}

/** A piece in a tree, and the way to it. */
export interface Place {
  readonly piece: Piece;
  readonly path: readonly number[];
}

/** All pieces of a tree, those that come many times once. */
export function below(tree: Piece, path: readonly number[] = [], found: Place[] = []): Place[] {
  found.push({ piece: tree, path });
  if (!isLeaf(tree)) {
    const seen = new Set<Piece>();
    for (const [i, part] of tree.parts.entries()) {
      if (seen.has(part) || found.length > MAX_PLACES) continue;
      seen.add(part);
      below(part, [...path, i], found);
    }
  }
  return found;
}

export function pieceAt(tree: Piece, path: readonly number[]): Piece | undefined {
  let piece: Piece | undefined = tree;
  for (const index of path) piece = piece === undefined || isLeaf(piece) ? undefined : piece.parts[index];
  return piece;
}

/** Values of a table, each written once: where the value of each begins, and all their bytes. */
export class Values {
  readonly #offsets = new Map<Piece, number>();
  readonly #parts: Buffer[] = [];
  #end: number;
  readonly #even: boolean;

  constructor(start: number, even = false) {
    this.#end = start;
    this.#even = even;
  }

  place(piece: Piece): number {
    const known = this.#offsets.get(piece);
    if (known !== undefined) return known;
    const at = this.#end;
    this.#offsets.set(piece, at);
    this.append(built(piece));
    return at;
  }

  append(bytes: Buffer): void {
    const padded = this.#even && bytes.length % 2 === 1 ? Buffer.concat([bytes, Buffer.alloc(1)]) : bytes;
    this.#parts.push(padded);
    this.#end += padded.length;
  }

  get end(): number {
    return this.#end;
  }

  bytes(): Buffer {
    return concat(this.#parts);
  }
}

/** Unsigned numbers of `size` bytes, cut to that size. */
export function numbers(size: 1 | 2 | 3 | 4, little: boolean, ...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(size * values.length);
  for (const [i, value] of values.entries()) {
    const cut = Math.max(0, Math.floor(value)) % 2 ** (8 * size);
    if (little) buffer.writeUIntLE(cut, i * size, size);
    else buffer.writeUIntBE(cut, i * size, size);
  }
  return buffer;
}
