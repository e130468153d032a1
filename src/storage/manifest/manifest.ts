/**
 * Objects that a file names instead of a listing: a Storage Insights inventory report (CSV with a header, Parquet, or the
 * `…_manifest.json` that names its shards), or names or `gs://` addresses, one a line or ended by NUL.
 */
import { ImagemetaError } from "../../record/errors.ts";
import type { Location, StorageObject } from "../contract.ts";
import { nameFilter } from "../glob.ts";
import { ManifestContent, type Open } from "./content.ts";
import { csvRows, linesOf } from "./csv.ts";
import { headerDelimiter, objectOfRow } from "./inventory.ts";

export interface ManifestOptions {
  /**
   * Opens the files, whatever storage they are in. They stay open while images are read, so compressed ones need memory of their own: that of
   * storages with `memoryBytes`, which is twice as large as what they inflate to.
   */
  readonly open: Open;
  /** Names without a bucket are of this one; objects that it does not mean are left out. */
  readonly where?: Location;
  /** Told of what is skipped: file, line or row from 1, and why. */
  readonly onBad: (uri: string, line: number, why: string) => void;
}

const PAGE = 1000;
const HEAD = 1 << 16;
/** Bytes of a report's manifest of shards at most. */
const SHARD_LIST = 16 << 20;

type Entry = Required<StorageObject> | string | undefined;

/**
 * What the files name, in their order, as often as they name it, and a page at a time.
 * @throws ImagemetaError where a file cannot be read
 */
export async function* listManifests(
  uris: readonly string[],
  options: ManifestOptions,
  signal: AbortSignal,
): AsyncGenerator<readonly Required<StorageObject>[]> {
  const { where } = options;
  const [root, wanted] = [where?.root, nameFilter(where ?? { root: "" })];
  let page: Required<StorageObject>[] = [];
  for (const uri of uris) {
    for await (const object of entriesOf(uri, options, signal)) {
      signal.throwIfAborted();
      const { bucket, name = "" } = object.info;
      if ((root !== undefined && root !== `gs://${bucket}`) || !wanted(name)) continue;
      page.push(object);
      if (page.length < PAGE) continue;
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}

async function* entriesOf(uri: string, options: ManifestOptions, signal: AbortSignal): AsyncGenerator<Required<StorageObject>> {
  const content = new ManifestContent(uri, options.open, signal);
  const defaultBucket = options.where?.root.slice("gs://".length);
  const onBad = (line: number, why: string): void => options.onBad(uri, line, why);
  try {
    const head = await content.read(0, HEAD);
    const text = new TextDecoder().decode(head);
    const shards = text.startsWith("{") ? await shardsOf(content) : undefined;
    if (shards !== undefined) {
      for (const shard of shards) yield* entriesOf(shard, options, signal);
      return;
    }
    for await (const [line, entry] of rowsOf(content, text, defaultBucket, onBad)) {
      if (typeof entry === "string") onBad(line, entry);
      else if (entry !== undefined) yield entry;
    }
  } finally {
    await content.close();
  }
}

/** What each row or line says. */
async function* rowsOf(
  content: ManifestContent,
  head: string,
  defaultBucket: string | undefined,
  onBad: (line: number, why: string) => void,
): AsyncGenerator<[number, Entry]> {
  if (head.startsWith("PAR1")) {
    const { parquetRows } = await import("./parquet.ts");
    for await (const { line, cell } of parquetRows(content)) yield [line, objectOfRow(cell, defaultBucket)];
    return;
  }
  const delimiter = headerDelimiter(head.split(/\r?\n/, 1)[0] ?? "");
  if (delimiter === undefined) {
    const isNulEnded = head.includes("\0") && !head.slice(0, head.indexOf("\0")).includes("\n");
    for await (const { line, fields } of linesOf(content.chunks(), isNulEnded ? "\0" : "\n", onBad)) {
      yield [line, objectOfName(fields[0] ?? "", defaultBucket)];
    }
    return;
  }
  let header: ReadonlyMap<string, number> | undefined;
  for await (const { line, fields } of csvRows(content.chunks(), delimiter, onBad)) {
    const columns = header;
    if (columns === undefined) header = new Map(fields.map((field, index) => [field, index]));
    else if (fields.length !== columns.size) yield [line, `it has ${fields.length} fields, the header ${columns.size}`];
    else yield [line, objectOfRow((field) => fields[columns.get(field) ?? -1], defaultBucket)];
  }
}

function objectOfName(text: string, defaultBucket: string | undefined): Entry {
  const [, named, path] = /^gs:\/\/([^/]+)\/([\s\S]+)$/.exec(text) ?? [];
  if (text.startsWith("gs://") && path === undefined) return `${text.slice(0, 80)} names no object`;
  const [bucket, name] = [named ?? defaultBucket, path ?? text];
  if (bucket === undefined) return `${name.slice(0, 80)} is in no bucket: write gs://bucket/name`;
  if (name.includes("\ufffd")) return "it is no UTF-8";
  if (Buffer.byteLength(name) > 1024) return "it is longer than the name of an object can be";
  return { uri: `gs://${bucket}/${name}`, info: { bucket, name } };
}

/** The addresses of a report's parts, which lie beside the file that names them; undefined where it is no such file. */
async function shardsOf(content: ManifestContent): Promise<readonly string[] | undefined> {
  const bytes = await content.read(0, SHARD_LIST);
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  const names = (parsed as { report_shards_file_names?: unknown }).report_shards_file_names;
  if (!Array.isArray(names)) return undefined;
  const folder = content.uri.slice(0, content.uri.lastIndexOf("/") + 1);
  const isFile = content.uri.startsWith("file:");
  return names.map((name) => {
    const own = String(name).slice(String(name).lastIndexOf("/") + 1);
    if (own === "") throw new ImagemetaError("MALFORMED", `${content.uri} names a part without a name`);
    return `${folder}${isFile ? encodeURIComponent(own) : own}`;
  });
}
