/** A file of records, in the format that its ending names. It is written beside its place and renamed when it is whole. */
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { ImagemetaError } from "../../record/errors.ts";
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

/**
 * Writes a file of records: what stood at its place is left as it was until the new one is whole, and on the disk.
 * @throws ImagemetaError UNAVAILABLE where it cannot be written
 */
export async function writeRecordFile(path: string, records: Iterable<PartialRecord> | AsyncIterable<PartialRecord>): Promise<void> {
  const openFormat = FORMATS[endingOf(path)];
  if (openFormat === undefined)
    throw new ImagemetaError("UNSUPPORTED_FORMAT", `${path}: its ending names no format; take .${ENDINGS.join(", .")}`);
  const openWriter = await openFormat();
  const partial = `${path}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(partial, "w");
    try {
      const writer = await openWriter(file);
      for await (const record of records) await writer.write(record);
      await writer.finish();
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    await rm(partial, { force: true });
    if (cause instanceof ImagemetaError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ImagemetaError("UNAVAILABLE", `cannot write ${path}: ${why}; what stood there before is left as it was`, { cause });
  }
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
