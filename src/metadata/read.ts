/** The engine: detect → container → blocks → tags → summary. Synchronous and pure. */
import { ImagemetaError } from "../record/errors.ts";
import { defaultLimits, type Limits } from "../record/limits.ts";
import type { ImageContent, ImageMetadata, Thumbnail, ValueForm } from "../record/types.ts";
import { version } from "../record/version.ts";
import { decoders } from "./blocks/table.ts";
import { Budget, type Cost, NO_COST } from "./budget.ts";
import { inflate } from "./bytes/inflate.ts";
import { type ByteRange, ByteWindow, MissingBytes, PastEnd } from "./bytes/window.ts";
import type { ImageType } from "./containers/container.ts";
import { detect } from "./containers/detect.ts";
import type { Block, Decoder, FoundBlock } from "./contracts.ts";
import { Found, factsOf, TagEntry } from "./findings.ts";
import { fitRecord } from "./record-size.ts";
import { keepShape } from "./shapes.ts";
import { summarize } from "./summary/summary.ts";
import { TagSet } from "./tag-set.ts";
import { cutWarning, type FoundWarning, recordWarnings, shortMessage } from "./warnings.ts";

/** What a caller may choose of the engine. */
export interface ReadOptions {
  /** Stored values instead of printed ones. */
  readonly numeric?: boolean;
  /** Also what needs a walk over all pixels, such as the number of frames of a GIF. */
  readonly thorough?: boolean;
  readonly limits?: Partial<Limits>;
}

const decoderOf = new Map<string, Decoder>(decoders.map((decoder) => [decoder.kind, decoder]));

/** A block that was decoded whole. Its work is charged again at each restart, so that limits do not depend on chunks. */
interface Decoded {
  readonly found: Found;
  readonly cost: Cost;
  readonly window: ByteWindow;
}

interface Progress {
  readonly missing: ByteRange[];
  /** True where what is missing will not come: it is warned of and left out. */
  readonly last: boolean;
  /** How many blocks of each series have come. */
  readonly series: Map<string, Series>;
}

interface Series {
  hasFirst: boolean;
  others: number;
}

/** One image being read: restarted as its bytes arrive, every block decoded once. */
export class Reading {
  readonly window: ByteWindow;
  readonly form: ValueForm;
  readonly #limits: Limits;
  readonly #budget: Budget;
  readonly #thorough: boolean;
  readonly #decoded = new Map<string, Decoded>();

  constructor(window: ByteWindow, options: ReadOptions = {}) {
    this.window = window;
    this.form = options.numeric ? "numeric" : "printed";
    this.#thorough = options.thorough ?? false;
    this.#limits = options.limits === undefined ? defaultLimits : { ...defaultLimits, ...options.limits };
    this.#budget = new Budget(this.#limits);
    window.meter = this.#budget;
  }

  /**
   * The content, once all that it needs is there.
   * Throws MissingBytes with all that is known to be needed next; ImagemetaError where there is no metadata to give.
   */
  attempt(): ImageContent {
    try {
      return this.#run(false);
    } catch (thrown) {
      if (!(thrown instanceof MissingBytes)) throw thrown;
      const { size } = this.window;
      // An image that is dear to start over is fetched whole, so that it is started over once more at the most.
      throw this.#budget.isMuchRepeated && size !== undefined ? new MissingBytes([{ start: 0, end: size }]) : thrown;
    }
  }

  /** The content of what is there: what was not fetched is left out with a warning. */
  conclude(): ImageContent {
    return this.#run(true);
  }

  #run(last: boolean): ImageContent {
    const { window } = this;
    if (window.size === 0) throw new ImagemetaError("EMPTY", "the object has no bytes");
    const [container, type] = detect(window);
    this.#budget.restart();
    const progress: Progress = { missing: [], last, series: new Map() };
    const found = new Found(window, this.#budget, this.#thorough);
    this.#tolerant(found, progress, container.name, () => container.parse(window, found));
    const all: Found[] = [found];
    const tags = new TagSet();
    this.#gather(found, window, [container.name], "", progress, tags, all);
    if (progress.missing.length > 0 && !last) throw new MissingBytes(progress.missing);
    return this.#content(type, found, all, tags);
  }

  /** Adds what one `Found` says to the tags, decoding the blocks in it where they stand. */
  #gather(
    found: Found,
    window: ByteWindow,
    path: readonly string[],
    key: string,
    progress: Progress,
    tags: TagSet,
    all: Found[],
    low = false,
  ): void {
    let index = 0;
    const number = numberInSeries(found, progress.series);
    for (const item of found.sequence) {
      if (item instanceof TagEntry) {
        const { group, name, stored, print } = item;
        const isNumbered = number !== 1 && group !== "File";
        if (isNumbered || low) tags.add(new TagEntry(isNumbered ? `${group}${number}` : group, name, stored, print, true));
        else tags.add(item);
        continue;
      }
      if (this.#budget.exhausted) continue;
      const blockKey = `${key}/${item.kind}${item.at?.map((r) => `@${r.start}-${r.end}`).join("") ?? `#${index}`}`;
      this.#budget.owe(blockKey.length);
      index++;
      const decoded = this.#decode(item, window, path, blockKey, progress);
      if (decoded === undefined) continue;
      all.push(decoded.found);
      this.#gather(decoded.found, decoded.window, [...path, item.kind], blockKey, progress, tags, all, low || item.priority === "low");
    }
  }

  #decode(item: FoundBlock, window: ByteWindow, path: readonly string[], key: string, progress: Progress): Decoded | undefined {
    const decoder = decoderOf.get(item.kind);
    if (decoder === undefined) return undefined;
    const depth = path.length;
    const budget = this.#budget;
    // Not the parent, which may have been decoded in an earlier attempt and would be warned of again in each.
    const making = new Found(window, budget, this.#thorough, item.kind);
    if (depth > this.#limits.depth) {
      making.warn("LIMIT_EXCEEDED", `${item.kind} block lies deeper than ${this.#limits.depth} levels`, item.at?.[0]?.start);
      return { found: making, cost: NO_COST, window };
    }
    const before = this.#decoded.get(key);
    if (before !== undefined && budget.draw(before.cost)) return before;
    const start = budget.spent;
    let made: ByteWindow | undefined;
    this.#tolerant(making, progress, item.kind, () => {
      made = this.#make(item, window, making, budget);
    });
    if (made === undefined) return { found: making, cost: NO_COST, window };
    const block: Block = { kind: item.kind, data: made, path, depth, hint: item.hint };
    const found = new Found(made, budget, this.#thorough, item.kind);
    found.warnings.push(...making.warnings);
    const whole = this.#tolerant(found, progress, item.kind, () => decoder.decode(block, found));
    const decoded: Decoded = { found, cost: budget.since(start), window: made };
    if (whole) this.#decoded.set(key, decoded);
    return decoded;
  }

  /** The block's own window: its parts in `window`, or what they inflate to. */
  #make(item: FoundBlock, window: ByteWindow, found: Found, budget: Budget): ByteWindow {
    if (item.bytes !== undefined) return ByteWindow.whole(item.bytes, undefined, budget);
    const parts = item.at ?? [];
    const [only] = parts;
    if (item.encoding === undefined && parts.length === 1 && only !== undefined) return window.sub(only.start, only.end - only.start);
    const joined = window.join(parts);
    const length = joined.size ?? 0;
    // Parts may overlap: together they may be longer than the file.
    if (length > this.#limits.bytes) throw new ImagemetaError("LIMIT_EXCEEDED", `${item.kind} block of ${length} bytes`);
    if (item.encoding === undefined) return joined;
    const { bytes, damage } = inflate(joined.rest(), item.encoding, budget);
    if (damage !== undefined) found.warn(damage.code, damage.message, only?.start);
    return ByteWindow.whole(bytes, undefined, budget);
  }

  /** Runs a parser; what it throws becomes a warning, and what it put before stays. False where bytes are missing. */
  #tolerant(found: Found, progress: Progress, what: string, run: () => void): boolean {
    this.window.takeMissed();
    try {
      run();
    } catch (thrown) {
      // What was thrown on the way out of a miss hides it.
      const missed = thrown instanceof MissingBytes ? thrown.ranges : this.window.takeMissed();
      if (missed.length > 0) {
        if (progress.last) found.end("NOT_READ", `${what}: parts of it were not fetched`, undefined);
        else for (const range of missed) progress.missing.push(range);
        return false;
      }
      if (thrown instanceof PastEnd) found.end("TRUNCATED", `${what}: ${thrown.message}`, thrown.offset);
      else if (thrown instanceof ImagemetaError && thrown.code === "LIMIT_EXCEEDED")
        found.end("LIMIT_EXCEEDED", `${what}: ${thrown.message}`);
      else found.end("MALFORMED", `${what}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
    return true;
  }

  #content(type: ImageType, container: Found, all: readonly Found[], tags: TagSet): ImageContent {
    const facts = factsOf(all);
    const warnings: FoundWarning[] = all.flatMap((found) => found.warnings);
    if (tags.size === 0 && facts.width === undefined) {
      const [first] = container.warnings;
      const code = first?.code === "TRUNCATED" || first?.code === "LIMIT_EXCEEDED" ? first.code : "MALFORMED";
      throw new ImagemetaError(code, `${type.format}: ${first?.message ?? "no readable header"}`);
    }
    const warn = (message: string) => warnings.push({ code: "IMPLAUSIBLE", message: shortMessage(message) });
    const summary = summarize(tags, facts, warn);
    const form = tags.form(this.form, (entry, cause) =>
      warnings.push({ code: "MALFORMED", message: shortMessage(`${entry.group}:${entry.name}: ${String(cause)}`) }),
    );
    const exifOrientation = tags.get("IFD0", "Orientation");
    const orientation = facts.orientation ?? (isOrientation(exifOrientation) ? exifOrientation : undefined);
    const preview = all
      .flatMap((found) => found.previews)
      .find(({ offset, length }) => offset + length <= (this.window.size ?? Number.POSITIVE_INFINITY));
    const content: Partial<ImageContent> = { format: facts.format ?? type.format, mimeType: facts.mimeType ?? type.mimeType };
    if (facts.width !== undefined) content.width = facts.width;
    if (facts.height !== undefined) content.height = facts.height;
    if (orientation !== undefined) content.orientation = orientation;
    content.summary = summary;
    content.tags = form;
    if (preview !== undefined) content.thumbnail = preview satisfies Thumbnail;
    const { warnings: mostWarnings, recordBytes } = this.#limits;
    content.warnings = recordWarnings(warnings, mostWarnings);
    const fitted = fitRecord(content as ImageContent, recordBytes, this.#budget.spent.kept);
    if (fitted === undefined) return content as ImageContent;
    return { ...fitted.content, warnings: recordWarnings([cutWarning(fitted.cuts, recordBytes), ...warnings], mostWarnings) };
  }
}

/** ExifTool's numbering: the first that stands where its standard wants it has no number, all others count from 2. */
function numberInSeries(found: Found, all: Map<string, Series>): number {
  if (found.series === undefined) return 1;
  const { name, standard } = found.series;
  const series = all.get(name) ?? { hasFirst: false, others: 0 };
  all.set(name, series);
  if (!standard || series.hasFirst) return ++series.others + 1;
  series.hasFirst = true;
  return 1;
}

function isOrientation(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 8;
}

/**
 * Metadata of an image that is in memory, without a promise.
 * @throws ImagemetaError where there is no metadata to give
 */
export function readMetadataSync(bytes: Uint8Array, options: ReadOptions = {}): ImageMetadata {
  const reading = new Reading(ByteWindow.whole(bytes, 0), options);
  return { schema: 1, engine: version, values: reading.form, ...reading.attempt() };
}

keepShape((window) => new Reading(window));
