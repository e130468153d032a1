/**
 * Apache Parquet: a row a record, with the record's own fields as typed columns (`object.size`, `summary.make`; lists as LIST).
 * Times stay the texts that they are, so that none is rounded; what has no fixed shape is JSON text.
 */
import type { FileHandle } from "node:fs/promises";
import type { SchemaElement } from "hyparquet";
import type { ParquetWriter } from "hyparquet-writer";
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
      ["takenAtOffsetFrom", "text"],
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

/** A row group is written when it has so many rows, or so many bytes of JSON: what is in memory at once. */
const GROUP_ROWS = 10_000;
const GROUP_JSON = 8 << 20;
/** Bytes of a page before it is compressed. */
const PAGE = 256 << 10;
/** Length of a column's least or greatest value in a row group that is kept for the footer. */
const LONGEST_BOUND = 256;

type Columns = ReadonlyMap<string, unknown[]>;

/** Writes row groups as they fill: memory does not grow with the rows. */
export async function parquet(file: FileHandle): Promise<RecordWriter> {
  const { ByteWriter, ParquetWriter } = await import("hyparquet-writer");
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema: schemaOf(FIELDS) });
  const columns: Columns = new Map(FIELDS.map(([name]) => [name, []]));
  const texts = new JsonTexts(GROUP_JSON);
  let rows = 0;

  async function flush(): Promise<void> {
    await file.appendFile(bytes.getBytes());
    bytes.index = 0;
  }

  async function writeGroup(): Promise<void> {
    const columnData = [...columns].map(([name, data]) => ({ name, data, offsetIndex: false }));
    await writer.write({ columnData, rowGroupSize: rows, pageSize: PAGE });
    keepLittle(writer);
    for (const data of columns.values()) data.length = 0;
    texts.clear();
    rows = 0;
    await flush();
  }

  return {
    write(record) {
      for (const [name, kind] of FIELDS) columns.get(name)?.push(cell((record as Group)[name], kind, texts));
      rows++;
      return rows < GROUP_ROWS && texts.bytes < GROUP_JSON ? undefined : writeGroup();
    },
    async finish() {
      if (rows > 0) await writeGroup();
      await writer.finish();
      await flush();
    },
  };
}

/** JSON of a row group as UTF-8, in one memory that serves all row groups: as strings on the heap it would linger. */
class JsonTexts {
  /** Bytes of all texts since the last `clear`. */
  bytes = 0;
  readonly #memory: Buffer;
  readonly #encoder = new TextEncoder();

  constructor(size: number) {
    this.#memory = Buffer.allocUnsafeSlow(size);
  }

  /** Valid until `clear`. */
  encode(value: unknown): Uint8Array {
    const text = JSON.stringify(value);
    const rest = this.#memory.subarray(this.bytes);
    const { read, written } = this.#encoder.encodeInto(text, rest);
    const encoded = read === text.length ? rest.subarray(0, written) : this.#encoder.encode(text);
    this.bytes += encoded.length;
    return encoded;
  }

  clear(): void {
    this.bytes = 0;
  }
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

type Group = Readonly<Record<string, unknown>>;

/** A value as its column takes it. */
function cell(value: unknown, kind: Field[1], texts: JsonTexts): unknown {
  if (value === undefined) return undefined;
  if (kind === "json") return texts.encode(value);
  if (kind === "integer") return BigInt(value as number);
  if (typeof kind === "string") return value;
  const cells: Record<string, unknown> = { ...(value as Group) };
  for (const [name, each] of kind) if (each === "integer" || each === "json") cells[name] = cell(cells[name], each, texts);
  return cells;
}

/** What the writer holds of a row group until the footer is written adds up: what serves nobody goes, what is the same is shared. */
function keepLittle(writer: ParquetWriter): void {
  const [first, last] = [writer.row_groups[0], writer.row_groups.at(-1)];
  // Of indexes of pages, of which there are none.
  writer.pendingIndexes.length = 0;
  last?.columns.forEach(({ meta_data: data }, i) => {
    const shared = first?.columns[i]?.meta_data;
    if (data === undefined || shared === undefined) return;
    data.path_in_schema = shared.path_in_schema;
    if (String(data.encodings) === String(shared.encodings)) data.encodings = shared.encodings;
    delete data.encoding_stats;
    dropIdleBounds(data.statistics);
  });
}

interface Bounds {
  min_value?: unknown;
  max_value?: unknown;
}

/** Bounds of JSON help nobody, and stand in memory that the next row group takes; long ones are those of descriptions. */
function dropIdleBounds(bounds: Bounds | undefined): void {
  if (!isIdle(bounds?.min_value) && !isIdle(bounds?.max_value)) return;
  delete bounds?.min_value;
  delete bounds?.max_value;
}

function isIdle(bound: unknown): boolean {
  return bound instanceof Uint8Array || (typeof bound === "string" && bound.length > LONGEST_BOUND);
}
