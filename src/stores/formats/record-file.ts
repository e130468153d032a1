/** A file of records, in the format that its ending names. It is written beside its place and renamed when it is whole. */
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { ImagemetaError } from "../../record/errors.ts";
import { makeFolder } from "./folder.ts";
import type { PartialRecord, RecordFormat, RecordWriter } from "./format.ts";
import { json, ndjson } from "./json.ts";

/** Makes the writer of a file that is open and empty. */
type OpenWriter = (file: FileHandle) => Promise<RecordWriter>;

/** Characters of text that are written at once. */
const PIECE = 1 << 20;

function text(format: RecordFormat): OpenWriter {
  return async (file) => {
    let pieces: string[] = [format.head];
    let length = 0;
    let count = 0;
    const flush = async () => {
      const piece = pieces.join("");
      pieces = [];
      length = 0;
      await file.appendFile(piece);
    };
    return {
      write(record) {
        const piece = format.record(record, count++);
        pieces.push(piece);
        length += piece.length;
        return length < PIECE ? undefined : flush();
      },
      async finish() {
        pieces.push(format.tail(count));
        await flush();
      },
    };
  };
}

/** Each is loaded only where a file has its ending. */
const FORMATS: Readonly<Record<string, () => Promise<OpenWriter>>> = {
  json: async () => text(json),
  ndjson: async () => text(ndjson),
  jsonl: async () => text(ndjson),
  csv: async () => text((await import("./csv.ts")).csv()),
  parquet: async () => (await import("./parquet.ts")).parquet,
};

/** Endings of files that records can be written to. */
export const ENDINGS: readonly string[] = Object.keys(FORMATS);

/** Does a path name such a file? */
export function hasFormat(path: string): boolean {
  return FORMATS[endingOf(path)] !== undefined;
}

/** A file of records that is being written. */
export interface RecordFile {
  /** A promise where it has to wait. */
  write(record: PartialRecord): Promise<void> | undefined;
  /** All is written: the file takes its place, and is on the disk. */
  close(): Promise<void>;
  /** What stood at its place is left as it was. */
  abandon(): Promise<void>;
}

/**
 * Opens a file of records: what stood at its place is left as it was until the new one is whole.
 * @param partial where it is written until then
 * @throws ImagemetaError UNAVAILABLE, here and later, where it cannot be written
 */
export async function openRecordFile(path: string, partial: string): Promise<RecordFile> {
  const openFormat = FORMATS[endingOf(path)];
  if (openFormat === undefined)
    throw new ImagemetaError("UNSUPPORTED_FORMAT", `${path}: its ending names no format; take .${ENDINGS.join(", .")}`);
  const openWriter = await openFormat();
  try {
    await makeFolder(dirname(path));
    const file = await open(partial, "w");
    return new PartialFile(path, partial, file, await openWriter(file));
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

class PartialFile implements RecordFile {
  readonly #path: string;
  readonly #partial: string;
  readonly #file: FileHandle;
  readonly #writer: RecordWriter;

  constructor(path: string, partial: string, file: FileHandle, writer: RecordWriter) {
    this.#path = path;
    this.#partial = partial;
    this.#file = file;
    this.#writer = writer;
  }

  write(record: PartialRecord): Promise<void> | undefined {
    return this.#writer.write(record)?.catch((cause) => {
      throw unwritable(this.#path, cause);
    });
  }

  async close(): Promise<void> {
    try {
      await this.#writer.finish();
      await this.#file.sync();
      await this.#file.close();
      await rename(this.#partial, this.#path);
      await syncFolder(dirname(this.#path));
    } catch (cause) {
      throw unwritable(this.#path, cause);
    }
  }

  async abandon(): Promise<void> {
    await this.#file.close();
    await rm(this.#partial, { force: true });
  }
}

/**
 * Writes a file of records, whole or not at all. One run at a time may do so.
 * @throws ImagemetaError UNAVAILABLE where it cannot be written
 */
export async function writeRecordFile(path: string, records: Iterable<PartialRecord>): Promise<void> {
  const file = await openRecordFile(path, `${path}.partial`);
  try {
    for (const record of records) await file.write(record);
    await file.close();
  } catch (thrown) {
    await file.abandon();
    throw thrown;
  }
}

function unwritable(path: string, cause: unknown): ImagemetaError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ImagemetaError("UNAVAILABLE", `cannot write ${path}: ${why}; what stood there before is left as it was`, { cause });
}

/** A rename is durable once its folder is. Windows has no such call, and needs none. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function endingOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1).toLowerCase();
}
