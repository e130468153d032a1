/** Images of the sources that a command line names → records, to stdout or into a file. */
import { listImages } from "../pipeline/listing.ts";
import { readAll } from "../pipeline/read-all.ts";
import { imageReader } from "../read-image.ts";
import { ImagemetaError } from "../record/errors.ts";
import type { ImageRecord } from "../record/types.ts";
import type { Location, StorageObject } from "../storage/contract.ts";
import { environmentOptions } from "../storage/options.ts";
import { bucketLocation, objectSource, type Source, sourceOf } from "../storage/source.ts";
import { Storages } from "../storage/table.ts";
import type { RecordFormat } from "../stores/formats/format.ts";
import { json, ndjson } from "../stores/formats/json.ts";
import { selector } from "../stores/formats/select.ts";
import { type Outcome, UsageError } from "./outcome.ts";
import { openOutput } from "./output.ts";
import { closingLine, type Progress, startProgress } from "./progress.ts";
import type { FormatName, ReadCommandOptions } from "./read-options.ts";

/** Reads what the words and options name; sets the exit code. */
export async function readImages(words: readonly string[], options: ReadCommandOptions, outcome: Outcome): Promise<void> {
  const sources = await parseSources(words, options);
  const format = await openFormat(options);

  const stop = new AbortController();
  const interrupt = () => stop.abort(new Error("interrupted"));
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);

  const { concurrency, userProject, write, quiet = false } = options;
  const several = sources.length > 1 || sources.some((source) => "where" in source);
  const printsToTerminal = write === undefined && process.stdout.isTTY;
  const progress = await startProgress(process.stderr, several && !quiet && !printsToTerminal);
  const output = await openOutput(write, format);
  const select = selector({ only: options.only ?? [], tags: options.tags ?? [] });
  const storages = new Storages({ ...environmentOptions(process.env), concurrency, ...(userProject === undefined ? {} : { userProject }) });
  const reader = imageReader({ numeric: options.numeric ?? false, thorough: options.thorough ?? false });
  let last: ImageRecord | undefined;
  try {
    const records = readAll(listSources(sources, storages, options, progress, stop.signal), {
      concurrency,
      signal: stop.signal,
      read: async (object, signal) => reader.read(await storages.for(object.uri), object, signal),
    });
    for await (const record of records) {
      await output.write(select(record));
      progress.done(record);
      last = record;
    }
    await output.close();
  } catch (thrown) {
    await output.abandon();
    if (!stop.signal.aborted) throw thrown;
    outcome.exitCode = 130;
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    progress.close();
    await storages.close();
  }
  const { totals } = progress;
  if (totals.errors.size > 0 && outcome.exitCode === 0) outcome.exitCode = 1;
  if (stop.signal.aborted) process.stderr.write(`imagemeta: stopped after ${totals.images} images; ${stoppedAdvice(options)}\n`);
  else if (several && !quiet) process.stderr.write(`${closingLine(totals)}${write === undefined ? "" : `; written to ${write}`}\n`);
  else if (last?.error !== undefined) process.stderr.write(`imagemeta: ${last.uri}: ${last.error.code}: ${last.error.message}\n`);
}

/** What the command line names. A word that names nothing is a wrong call. */
async function parseSources(words: readonly string[], options: ReadCommandOptions): Promise<readonly Source[]> {
  const { file = [], bucket = [] } = options;
  try {
    const sources: Source[] = [...file.map(objectSource), ...bucket.map((name) => ({ where: bucketLocation(name) }))];
    for (const word of words) sources.push(await sourceOf(word));
    if (sources.length > 0) return sources.map((source) => ("where" in source ? { where: narrowed(source.where, options) } : source));
  } catch (thrown) {
    throw thrown instanceof ImagemetaError ? new UsageError(thrown.message) : thrown;
  }
  throw new UsageError("no image is named: imagemeta photo.jpg, imagemeta --bucket my-bucket (imagemeta read --help shows more)");
}

/** Pages of what is to be read, in the order of the command line. */
async function* listSources(
  sources: readonly Source[],
  storages: Storages,
  options: ReadCommandOptions,
  progress: Progress,
  signal: AbortSignal,
): AsyncIterable<readonly StorageObject[]> {
  for (const source of sources) {
    if ("object" in source) {
      progress.listed(1, 0);
      yield [source.object];
      continue;
    }
    const storage = await storages.for(source.where.root);
    yield* listImages(storage, source.where, { signal, all: options.all ?? false, onPage: progress.listed });
  }
  progress.complete();
}

/** The place, narrowed by `--prefix`, `--include` and `--exclude`. */
function narrowed(where: Location, { prefix, include, exclude = [] }: ReadCommandOptions): Location {
  if (include !== undefined && where.include !== undefined)
    throw new UsageError("a source with wildcards and --include do not go together: write both as --include");
  return { ...where, prefix: (where.prefix ?? "") + (prefix ?? ""), include: include ?? where.include ?? [], exclude };
}

/** The format that `--format` or the file's ending names. */
async function openFormat({ format, write, tags, only }: ReadCommandOptions): Promise<RecordFormat> {
  const name = format ?? (write === undefined ? "json" : formatOfFile(write));
  switch (name) {
    case "csv": {
      const { csv } = await import("../stores/formats/csv.ts");
      if (only !== undefined) throw new UsageError("--only does not go with csv: its columns are fixed; --tags adds columns");
      if (tags?.some((tag) => !/^[^*:]+:[^*:]+$/.test(tag)))
        throw new UsageError("--tags with csv takes whole names, such as IFD0:Make: each is a column");
      return csv(tags);
    }
    case "table": {
      const { table } = await import("./table.ts");
      return table(process.stdout.columns ?? 160);
    }
    default:
      return name === "ndjson" ? ndjson : json;
  }
}

function formatOfFile(path: string): FormatName {
  const ending = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  if (ending === "json" || ending === "ndjson" || ending === "csv") return ending;
  if (ending === "jsonl") return "ndjson";
  throw new UsageError(`--write ${path}: its ending names no format; take .json, .ndjson, .jsonl or .csv, or say --format`);
}

function stoppedAdvice({ write }: ReadCommandOptions): string {
  return write === undefined ? "run it again to read the others" : `${write} was not written; run it again`;
}
