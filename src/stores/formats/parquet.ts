/**
 * Apache Parquet: a row a record, with the record's own fields as typed columns (`object.size`, `summary.make`; lists as LIST).
 * Times stay the texts that they are, so that none is rounded; what has no fixed shape is JSON text.
 */
import type { FileHandle } from "node:fs/promises";
import type { SchemaElement } from "hyparquet";
import type { RecordWriter } from "./format.ts";

type Kind = "text" | "texts" | "integer" | "double" | "boolean" | "json";

/** A column, or a group of columns. */
type Field = readonly [name: string, kind: Kind | readonly Field[]];

const FIELDS: readonly Field[] = [
  ["schema", "integer"],
  ["engine", "text"],
  ["values", "text"],
  ["uri", "text"],
  [
    "object",
    [
      ["bucket", "text"],
      ["name", "text"],
      ["generation", "text"],
      ["metageneration", "text"],
      ["size", "integer"],
      ["contentType", "text"],
      ["contentEncoding", "text"],
      ["md5", "text"],
      ["crc32c", "text"],
      ["etag", "text"],
      ["timeCreated", "text"],
      ["updated", "text"],
      ["storageClass", "text"],
      ["metadata", "json"],
    ],
  ],
  ["format", "text"],
  ["mimeType", "text"],
  ["width", "integer"],
  ["height", "integer"],
  ["orientation", "integer"],
  [
    "summary",
    [
      ["takenAt", "text"],
      ["takenAtUtc", "text"],
      ["modifiedAt", "text"],
      ["make", "text"],
      ["model", "text"],
      ["serialNumber", "text"],
      ["lens", "text"],
      ["lensSerialNumber", "text"],
      ["software", "text"],
      ["exposureTime", "double"],
      ["fNumber", "double"],
      ["iso", "double"],
      ["focalLength", "double"],
      ["focalLength35mm", "double"],
      ["exposureBias", "double"],
      ["flashFired", "boolean"],
      ["latitude", "double"],
      ["longitude", "double"],
      ["altitude", "double"],
      ["direction", "double"],
      ["title", "text"],
      ["description", "text"],
      ["credit", "text"],
      ["copyright", "text"],
      ["city", "text"],
      ["state", "text"],
      ["country", "text"],
      ["creators", "texts"],
      ["keywords", "texts"],
      ["rating", "double"],
      ["colorSpace", "text"],
      ["colorProfile", "text"],
      ["bitsPerSample", "integer"],
      ["channels", "integer"],
      ["hasAlpha", "boolean"],
      ["animated", "boolean"],
      ["frames", "integer"],
      ["digitalSourceType", "text"],
      ["aiGenerated", "boolean"],
      ["contentCredentials", "json"],
    ],
  ],
  ["tags", "json"],
  [
    "thumbnail",
    [
      ["offset", "integer"],
      ["length", "integer"],
      ["mimeType", "text"],
    ],
  ],
  ["warnings", "json"],
  [
    "read",
    [
      ["requests", "integer"],
      ["bytes", "integer"],
    ],
  ],
  [
    "error",
    [
      ["code", "text"],
      ["message", "text"],
    ],
  ],
];

/** A row group is written when it has so many rows, or so many characters of text: what is in memory at once. */
const GROUP_ROWS = 10_000;
const GROUP_TEXT = 32 << 20;
/** Length of a column's least or greatest value in a row group that is kept for the footer. */
const LONGEST_BOUND = 256;

type Columns = Map<string, unknown[]>;

/** Writes row groups as they fill: memory does not grow with the rows. */
export async function parquet(file: FileHandle): Promise<RecordWriter> {
  const { ByteWriter, ParquetWriter } = await import("hyparquet-writer");
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema: schemaOf(FIELDS) });
  let columns = emptyColumns();
  let rows = 0;
  let size = 0;

  async function flush(): Promise<void> {
    await file.appendFile(bytes.getBytes());
    bytes.index = 0;
  }

  async function writeGroup(): Promise<void> {
    const columnData = [...columns].map(([name, data]) => ({ name, data: data.some(isOrderedOtherwise) ? data.map(inBytes) : data }));
    // One page a column of a row group: a page that ends within a list would break the rows of a version 2 page.
    await writer.write({ columnData, rowGroupSize: rows, pageSize: 0 });
    for (const { meta_data: data } of writer.row_groups.at(-1)?.columns ?? []) dropLongBounds(data?.statistics);
    columns = emptyColumns();
    rows = 0;
    size = 0;
    await flush();
  }

  return {
    write(record) {
      for (const [name, kind] of FIELDS) {
        const value = cell((record as Readonly<Record<string, unknown>>)[name], kind);
        columns.get(name)?.push(value);
        if (typeof value === "string") size += value.length;
      }
      rows++;
      return rows < GROUP_ROWS && size < GROUP_TEXT ? undefined : writeGroup();
    },
    async finish() {
      if (rows > 0) await writeGroup();
      await writer.finish();
      await flush();
    },
  };
}

function emptyColumns(): Columns {
  return new Map(FIELDS.map(([name]) => [name, []]));
}

function schemaOf(fields: readonly Field[]): SchemaElement[] {
  return [{ name: "record", num_children: fields.length }, ...fields.flatMap(elementsOf)];
}

function elementsOf([name, kind]: Field): SchemaElement[] {
  if (typeof kind !== "string") return [{ name, repetition_type: "OPTIONAL", num_children: kind.length }, ...kind.flatMap(elementsOf)];
  const text = { type: "BYTE_ARRAY", converted_type: "UTF8" } as const;
  switch (kind) {
    case "text":
    case "json":
      return [{ name, repetition_type: "OPTIONAL", ...text }];
    case "texts":
      return [
        { name, repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST" },
        { name: "list", repetition_type: "REPEATED", num_children: 1 },
        { name: "element", repetition_type: "REQUIRED", ...text },
      ];
    case "integer":
      return [{ name, repetition_type: "OPTIONAL", type: "INT64" }];
    case "double":
      return [{ name, repetition_type: "OPTIONAL", type: "DOUBLE" }];
    case "boolean":
      return [{ name, repetition_type: "OPTIONAL", type: "BOOLEAN" }];
  }
}

function cell(value: unknown, kind: Field[1]): unknown {
  if (value === undefined) return undefined;
  if (typeof kind !== "string") {
    const group = value as Readonly<Record<string, unknown>>;
    return Object.fromEntries(kind.map(([name, each]) => [name, cell(group[name], each)]));
  }
  if (kind === "json") return JSON.stringify(value);
  return kind === "integer" ? BigInt(value as number) : value;
}

/** Does it hold a text whose place among others differs between UTF-16 and UTF-8? Bounds of a column are in the order of its bytes. */
function isOrderedOtherwise(value: unknown): boolean {
  if (typeof value === "string") return /[\ud800-\uffff]/.test(value);
  return typeof value === "object" && value !== null && Object.values(value).some(isOrderedOtherwise);
}

function inBytes(value: unknown): unknown {
  if (typeof value === "string") return new TextEncoder().encode(value);
  if (Array.isArray(value)) return value.map(inBytes);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, inBytes(each)]));
}

interface Bounds {
  min_value?: unknown;
  max_value?: unknown;
}

/** Bounds are held until the footer is written: long ones, such as those of JSON, serve nobody and would add up. */
function dropLongBounds(bounds: Bounds | undefined): void {
  if (!isLong(bounds?.min_value) && !isLong(bounds?.max_value)) return;
  delete bounds?.min_value;
  delete bounds?.max_value;
}

function isLong(bound: unknown): boolean {
  return (typeof bound === "string" || bound instanceof Uint8Array) && bound.length > LONGEST_BOUND;
}
