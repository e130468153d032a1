/** `imagemeta [read] SOURCE…`: records of images, to stdout or into a file. */
import { Command, InvalidArgumentError, Option } from "commander";
import { ImagemetaError } from "../../record/errors.ts";
import type { ImageRecord } from "../../record/types.ts";
import type { Location, StorageObject } from "../../storage/contract.ts";
import type { Source } from "../../storage/source.ts";
import type { Storages } from "../../storage/table.ts";
import type { RecordFormat } from "../../stores/formats/format.ts";
import { FIELDS, selector } from "../../stores/formats/select.ts";
import { type Outcome, UsageError } from "../outcome.ts";
import { closingLine, type Progress, startProgress } from "../progress.ts";

const FORMATS = ["json", "ndjson", "csv", "table"] as const;
type FormatName = (typeof FORMATS)[number];

interface ReadCommandOptions {
  readonly prefix?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly file?: readonly string[];
  readonly bucket?: readonly string[];
  readonly write?: string;
  readonly format?: FormatName;
  readonly numeric?: true;
  readonly only?: readonly string[];
  readonly tags?: readonly string[];
  readonly all?: true;
  readonly thorough?: true;
  readonly concurrency: number;
  readonly userProject?: string;
  readonly quiet?: true;
}

export function readCommand(outcome: Outcome): Command {
  const option = (flags: string, description: string, variable: string) => new Option(flags, description).env(`IMAGEMETA_${variable}`);
  return new Command("read")
    .description("print the metadata of images (the command where none is named)")
    .argument(
      "[sources...]",
      "gs://BUCKET/NAME, gs://BUCKET/PREFIX/, gs://BUCKET/**/*.jpg, a file, a folder, https://…, or - for standard input",
    )
    .addOption(option("--file <path>", "one object: /BUCKET/NAME, the name taken as it is (repeatable)", "FILE").argParser(repeated))
    .addOption(option("--bucket <name>", "every image of a bucket (repeatable)", "BUCKET").argParser(repeated))
    .addOption(option("--write <file>", "write to a file instead of printing; .json, .ndjson, .jsonl or .csv says the format", "WRITE"))
    .addOption(
      option("--format <format>", "json: an array; ndjson: one record a line; csv; table (default: json)", "FORMAT").choices(FORMATS),
    )
    .addOption(option("-n, --numeric", "values as they are stored, instead of as people read them", "NUMERIC"))
    .addOption(option("--only <fields>", `only these fields of the record: ${FIELDS.join(", ")}`, "ONLY").argParser(fieldList))
    .addOption(
      option("--tags <patterns>", "only these tags: IFD0:Make,XMP-dc:*,GPS*; columns of their own in csv", "TAGS").argParser(commaList),
    )
    .addOption(option("--prefix <prefix>", "only names that start with this", "PREFIX"))
    .addOption(option("--include <glob>", "only names that match: *.jpg, 2024/**/*.heic (repeatable)", "INCLUDE").argParser(repeated))
    .addOption(option("--exclude <glob>", "no names that match (repeatable)", "EXCLUDE").argParser(repeated))
    .addOption(option("--all", "every object, not only those whose type or name says image", "ALL"))
    .addOption(option("--thorough", "also what needs a walk over all pixels, such as the frames of a large GIF", "THOROUGH"))
    .addOption(option("--concurrency <number>", "images read at once", "CONCURRENCY").default(32).argParser(countOf(1, 1024)))
    .addOption(option("--user-project <project>", "the project that pays for requests to requester-pays buckets", "USER_PROJECT"))
    .addOption(option("--quiet", "no progress, no closing line", "QUIET"))
    .addHelpText(
      "after",
      `
Exit status: 0 all images were read, 1 some failed (their records carry "error"), 2 wrong call.

Examples:
  imagemeta gs://my-bucket/photos/ --include '*.heic' --format table
  imagemeta --bucket my-bucket --write out/my_images_meta.json
  imagemeta photo.jpg -n --tags 'ExifIFD:*,GPS:*'
  curl -s https://example.org/a.jpg | imagemeta -`,
    )
    .action((words: string[], options: ReadCommandOptions) => read(words, options, outcome));
}

async function read(words: readonly string[], options: ReadCommandOptions, outcome: Outcome): Promise<void> {
  const sources = await parseSources(words, options);
  const format = await openFormat(options);
  const { openOutput } = await import("../output.ts");
  const { imageReader } = await import("../../read-image.ts");
  const { readAll } = await import("../../pipeline/read-all.ts");
  const { Storages } = await import("../../storage/table.ts");
  const { environmentOptions } = await import("../../storage/options.ts");

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
async function parseSources(words: readonly string[], { file = [], bucket = [] }: ReadCommandOptions): Promise<readonly Source[]> {
  const { bucketLocation, objectSource, sourceOf } = await import("../../storage/source.ts");
  try {
    const sources = [...file.map(objectSource), ...bucket.map((name) => ({ where: bucketLocation(name) }))];
    for (const word of words) sources.push(await sourceOf(word));
    if (sources.length > 0) return sources;
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
  const { listImages } = await import("../../pipeline/listing.ts");
  for (const source of sources) {
    if ("object" in source) {
      progress.listed(1, 0);
      yield [source.object];
      continue;
    }
    const storage = await storages.for(source.where.root);
    yield* listImages(storage, narrowed(source.where, options), { signal, all: options.all ?? false, onPage: progress.listed });
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
      const { csv } = await import("../../stores/formats/csv.ts");
      if (only !== undefined) throw new UsageError("--only does not go with csv: its columns are fixed; --tags adds columns");
      if (tags?.some((tag) => !/^[^*:]+:[^*:]+$/.test(tag)))
        throw new UsageError("--tags with csv takes whole names, such as IFD0:Make: each is a column");
      return csv(tags);
    }
    case "table": {
      const { table } = await import("../table.ts");
      return table(process.stdout.columns ?? 160);
    }
    default: {
      const { json, ndjson } = await import("../../stores/formats/json.ts");
      return name === "ndjson" ? ndjson : json;
    }
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

function repeated(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

function commaList(value: string): readonly string[] {
  return value
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function fieldList(value: string): readonly string[] {
  const fields = commaList(value);
  const unknown = fields.find((field) => !(FIELDS as readonly string[]).includes(field));
  if (unknown !== undefined) throw new InvalidArgumentError(`${unknown} is no field of a record.`);
  return fields;
}

function countOf(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < least || number > most)
      throw new InvalidArgumentError(`it takes a whole number from ${least} to ${most}.`);
    return number;
  };
}
