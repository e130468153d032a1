/** Rows of a report in Apache Parquet, some thousand at a time. */
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import { ImagemetaError } from "../../record/errors.ts";
import type { ManifestContent } from "./content.ts";
import { type Cell, READ_FIELDS } from "./inventory.ts";

const ROWS = 10_000;
/** Bytes that are kept of what was read of a group of rows, so that its parts are not fetched again. */
const KEPT = 64 << 20;

export interface ParquetRow {
  /** From 1. */
  readonly line: number;
  readonly cell: Cell;
}

/** @throws ImagemetaError MALFORMED where it is no Parquet, or has no names; what the storage throws */
export async function* parquetRows(content: ManifestContent): AsyncGenerator<ParquetRow> {
  const { parquetMetadataAsync, parquetReadObjects, parquetSchema } = await import("hyparquet");
  const byteLength = content.size;
  if (byteLength === undefined)
    throw new ImagemetaError("MALFORMED", `${content.uri} is Parquet in another compression; store it as it is`);
  const kept = new Map<string, ArrayBuffer>();
  let bytesKept = 0;
  const slice = async (start: number, end = byteLength): Promise<ArrayBuffer> => {
    const key = `${start}-${end}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const bytes = await content.read(start, end);
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    if (bytesKept + buffer.byteLength <= KEPT) {
      kept.set(key, buffer);
      bytesKept += buffer.byteLength;
    }
    return buffer;
  };
  const file = { byteLength, slice };
  const compressors = {
    GZIP: (input: Uint8Array, length: number) => gunzipSync(input, { maxOutputLength: Math.max(1, length) }),
    BROTLI: (input: Uint8Array, length: number) => brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) }),
    ZSTD: (input: Uint8Array, length: number) => zstdDecompressSync(input, { maxOutputLength: Math.max(1, length) }),
  };
  try {
    const metadata = await parquetMetadataAsync(file);
    const present = new Set(parquetSchema(metadata).children.map(({ element }) => element.name));
    if (!present.has("name")) throw new ImagemetaError("MALFORMED", `${content.uri} has no column "name"`);
    const columns = READ_FIELDS.filter((field) => present.has(field));
    let first = 0;
    for (const group of metadata.row_groups) {
      const groupEnd = first + Number(group.num_rows);
      for (let rowStart = first; rowStart < groupEnd; rowStart += ROWS) {
        const rowEnd = Math.min(groupEnd, rowStart + ROWS);
        const rows = await parquetReadObjects({ file, metadata, columns, rowStart, rowEnd, compressors });
        for (const [index, row] of rows.entries()) yield { line: rowStart + index + 1, cell: (field) => row[field] };
      }
      first = groupEnd;
      kept.clear();
      bytesKept = 0;
    }
  } catch (thrown) {
    if (thrown instanceof ImagemetaError || !(thrown instanceof Error) || thrown.name === "AbortError") throw thrown;
    throw new ImagemetaError("MALFORMED", `${content.uri} could not be read as Parquet: ${thrown.message}`, { cause: thrown });
  }
}
