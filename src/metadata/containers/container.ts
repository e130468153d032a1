/** What a container is: a file format, or a family of formats, that is known by its first bytes. */
import type { ByteWindow } from "../bytes/window.ts";
import type { Findings } from "../contracts.ts";

/** Bytes of a file's beginning that every container's `detect` sees. */
export const HEAD_BYTES = 4096;

/** Bytes that `detect` may see. A first read has them, unless a bucket's other images have taught it to ask for less. */
export const LONG_HEAD_BYTES = 64 << 10;

/** One format and what is known about it without its bytes. Names and MIME types are ExifTool's. */
export interface Format {
  readonly format: string;
  readonly mimeType: string;
  /** Endings of names: without the dot, in lower case, separated by blanks. */
  readonly extensions: string;
  readonly standard: string;
}

/** What a file's first bytes say. */
export type ImageType = Pick<Format, "format" | "mimeType">;

/** Selection, first read, the tables of README.md and docs/formats.md are made from these facts: `npm run formats`. */
export interface Container {
  /** A word that is unique: targets of the fuzzer and paths of blocks have it. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  readonly formats: readonly Format[];
  /** Bytes that the first read of an image asks for before anything was learned. */
  readonly firstRead?: number;
  /** The metadata that is read, for README.md. */
  readonly metadata?: string;
  /** Where coverage ends, for docs/formats.md. */
  readonly coverage?: string;
  /**
   * `head` is the first HEAD_BYTES, or all of a smaller file. `longer` gives LONG_HEAD_BYTES. It is only for heads that begin like this
   * format and do not decide, because these bytes may have to be fetched.
   */
  detect(head: Uint8Array, longer?: () => Uint8Array): ImageType | undefined;
  /** Finds blocks and facts. Tolerates damage: warns and goes on. A format that is known and not read has none. */
  parse?(window: ByteWindow, found: Findings): void;
}

/** A container whose format is read. */
export type ReadContainer = Container & Required<Pick<Container, "parse">>;
