/** The engine: detect → container → blocks → tags → summary. Synchronous and pure. */
import { ImagemetaError } from "../record/errors.ts";
import { defaultLimits, type Limits } from "../record/limits.ts";
import type { ImageContent, ImageMetadata, Thumbnail, ValueForm } from "../record/types.ts";
import { version } from "../record/version.ts";
import { decoders } from "./blocks/table.ts";
import { Budget, type Cost, difference, NO_COST } from "./budget.ts";
import { inflate } from "./bytes/inflate.ts";
import { type ByteRange, ByteWindow, MissingBytes, PastEnd } from "./bytes/window.ts";
import type { ImageType } from "./containers/container.ts";
import { detect } from "./containers/detect.ts";
import type { Decoder, FoundBlock } from "./contracts.ts";
import { Found, factsOf, type Scene, type Series } from "./findings.ts";
import type { LateTable } from "./late-table.ts";
import { Missing } from "./missing.ts";
import { fitRecord } from "./record-size.ts";
import { type Row, Sink, type Wanted } from "./sink.ts";
import { orientation as orientationPlace } from "./summary/sources.ts";
import { summarize } from "./summary/summary.ts";
import { wantedBy } from "./wanted.ts";
import { cutWarning, type FoundWarning, recordWarnings, shortMessage } from "./warnings.ts";

/** What a caller may choose of the engine. */
export interface ReadOptions {
  /** Stored values instead of printed ones. */
  readonly numeric?: boolean;
  /** Also what needs a walk over all pixels, such as the number of frames of a GIF. */
  readonly thorough?: boolean;
  /** Only these tags: patterns `GROUP:NAME` or `NAME`, with `*`. None if it is empty. The summary is the same in any case. */
  readonly tags?: readonly string[];
  readonly limits?: Partial<Limits>;
}

/** Of what is left of the budget, so that a block which spends the rest does not end the parser that named it. */
const PARENT_SHARE = 1 / 16;

/** What was found in a block that was decoded whole. Its work is charged again at each restart, so that limits do not depend on chunks. */
interface Decoded {
  readonly found: Found;
  /** Without the blocks in it. */
  readonly cost: Cost;
  readonly total: Cost;
  /** Tags and blocks in the order in which they were found. */
  readonly parts: readonly (Row | FoundBlock)[];
}

/** What was found by one parser, and which rows of the sink are of it and of the blocks in it. */
interface Finder {
  readonly found: Found;
  readonly parent: Finder | undefined;
  /** Which block of its parent it is; undefined for the container. */
  readonly block: FoundBlock | undefined;
  readonly index: number;
  place: number | undefined;
  readonly inside: Finder[];
  readonly from: number;
  to: number;
  /** What was spent before it; later, what it has cost with the blocks in it. */
  total: Cost;
  /** What it has cost without them; undefined unless all of its bytes were there. */
  cost: Cost | undefined;
}

interface SeriesCount {
  hasFirst: boolean;
  others: number;
}

/** It is used by one attempt after the other: each runs without a pause. */
const sink = new Sink();

/** One image being read: restarted as its bytes arrive, every block decoded once. */
export class Reading implements Scene {
  readonly window: ByteWindow;
  readonly form: ValueForm;
  readonly sink = sink;
  readonly budget: Budget;
  readonly thorough: boolean;
  readonly #limits: Limits;
  readonly #wanted: Wanted | undefined;
  /** By number of place. */
  readonly #decoded = new Map<number, Decoded>();
  /** Numbers of places of blocks: the same in each attempt. */
  readonly #places = new Map<string, number>();
  // Of the attempt under way.
  /** May it end for lack of bytes, and start again with what it has decoded? */
  #mayResume = false;
  #missing: ByteRange[] = [];
  readonly #missingTables = new Set<LateTable<unknown>>();
  /** Tables that will not be loaded. */
  readonly #leftOut = new Set<LateTable<unknown>>();
  /** Will nothing more be fetched? Then what is missing is warned of and left out. */
  #isLast = false;
  readonly #series = new Map<string, SeriesCount>();
  /** In the order in which they began. */
  #finders: Finder[] = [];
  #current: Finder | undefined;

  constructor(window: ByteWindow, options: ReadOptions = {}) {
    this.window = window;
    this.form = options.numeric ? "numeric" : "printed";
    this.thorough = options.thorough ?? false;
    this.#limits = options.limits === undefined ? defaultLimits : { ...defaultLimits, ...options.limits };
    this.#wanted = options.tags === undefined ? undefined : wantedBy(options.tags);
    this.budget = new Budget(this.#limits);
    window.meter = this.budget;
  }

  /**
   * The content, once all that it needs is there.
   * Throws Missing with all that is known to be needed next; ImagemetaError if there is no metadata to give.
   */
  attempt(): ImageContent {
    try {
      return this.#run(false);
    } catch (thrown) {
      const missed = this.#missed(thrown);
      if (missed === undefined) throw thrown;
      this.#keepDecoded();
      const { size } = this.window;
      // An image that is dear to start over is fetched whole, so that it is started over once more at the most.
      const isDear = missed.ranges.length > 0 && this.budget.isMuchRepeated && size !== undefined;
      throw isDear ? new Missing([{ start: 0, end: size }], missed.tables) : missed;
    }
  }

  /** The content of what is there: what was not fetched is left out with a warning. Throws Missing with tables alone. */
  conclude(): ImageContent {
    return this.#run(true);
  }

  /** What needs these tables is left out with a warning. */
  leaveOut(tables: readonly LateTable<unknown>[]): void {
    for (const table of tables) this.#leftOut.add(table);
  }

  /** Detection throws what its window misses; all else is collected. */
  #missed(thrown: unknown): Missing | undefined {
    if (thrown instanceof MissingBytes) return new Missing(thrown.ranges, []);
    return thrown instanceof Missing ? thrown : undefined;
  }

  #run(isLast: boolean): ImageContent {
    const { window } = this;
    if (window.size === 0) throw new ImagemetaError("EMPTY", "the object has no bytes");
    this.budget.restart();
    this.#mayResume = !isLast && !window.isWhole;
    sink.begin(this.budget, this.#wanted);
    this.#missing = [];
    this.#missingTables.clear();
    this.#isLast = isLast;
    this.#series.clear();
    this.#finders = [];
    const [container, type] = detect(window);
    const found = new Found(this, window, { depth: 0, isLow: false });
    const finder = this.#begin(found, undefined, 0);
    this.#tolerant(found, container.name, () => container.parse(window, found));
    this.#end(finder, false);
    if (this.#missing.length > 0 || this.#missingTables.size > 0) throw new Missing(this.#missing, [...this.#missingTables]);
    return this.#content(type, found);
  }

  #begin(found: Found, block: FoundBlock | undefined, index: number): Finder {
    const parent = this.#current;
    const finder: Finder = {
      found,
      parent,
      block,
      index,
      place: undefined,
      inside: [],
      from: sink.rows,
      to: 0,
      total: this.#mayResume ? this.#spent() : NO_COST,
      cost: undefined,
    };
    parent?.inside.push(finder);
    this.#finders.push(finder);
    this.#current = finder;
    return finder;
  }

  /** @param isWhole whether it was decoded, with all of its bytes there */
  #end(finder: Finder, isWhole: boolean): void {
    finder.to = sink.rows;
    this.#current = finder.parent;
    if (!this.#mayResume) return;
    finder.total = difference(this.#spent(), finder.total);
    if (isWhole) finder.cost = finder.inside.reduce((cost, { total }) => difference(cost, total), finder.total);
  }

  /** All but what is spent anew if tags are put again. */
  #spent(): Cost {
    const { steps, tags, kept } = this.budget.spent;
    return { steps: steps - sink.linkSteps, tags, kept };
  }

  onBlock(block: FoundBlock, parent: Found): void {
    const { budget } = this;
    const { depth, isLow } = parent.standing;
    const standing = { kind: block.kind, depth: depth + 1, isLow: isLow || block.priority === "low" };
    const found = new Found(this, parent.window, standing);
    const finder = this.#begin(found, block, this.#current?.inside.length ?? 0);
    const reserved = budget.reserve(PARENT_SHARE);
    let isWhole = false;
    try {
      if (standing.depth > this.#limits.depth)
        found.warn("LIMIT_EXCEEDED", `${block.kind} block lies deeper than ${this.#limits.depth} levels`, block.at?.[0]?.start);
      else if (!this.#recall(finder)) isWhole = this.#decode(block, found);
    } finally {
      budget.release(reserved);
      this.#end(finder, isWhole);
    }
  }

  onMissingTable(table: LateTable<unknown>, found: Found): void {
    if (this.#leftOut.has(table))
      found.warn("NOT_DECODED", `${table.name}: left out, because the tables are not loaded. await loadTables() loads them`);
    else this.#missingTables.add(table);
  }

  /** Puts again what an earlier attempt has decoded. False if there is nothing of the kind. */
  #recall(finder: Finder): boolean {
    if (this.#decoded.size === 0) return false;
    const before = this.#decoded.get(this.#placeOf(finder));
    // Close to a limit it is decoded again, so that it ends where it would have ended at the first attempt.
    if (before === undefined || !this.budget.hasRoom(before.total)) return false;
    this.budget.draw(before.cost);
    const { found } = finder;
    found.findAgain(before.found);
    for (const part of before.parts) {
      if ("kind" in part) this.onBlock(part, found);
      else found.putAgain(part);
    }
    finder.cost = before.cost;
    return true;
  }

  /** True if all that it needs was there, so that an attempt to come need not decode it again. */
  #decode(block: FoundBlock, found: Found): boolean {
    const decoder: Decoder = decoders[block.kind];
    let made: ByteWindow | undefined;
    this.#tolerant(found, block.kind, () => {
      made = this.#make(block, found.window, found);
    });
    if (made === undefined) return false;
    found.window = made;
    const data = made;
    const isWhole = this.#tolerant(found, block.kind, () => decoder.decode({ data, context: block.context }, found));
    return isWhole && !found.lacksTable;
  }

  /** Keeps what this attempt has decoded for the next one. */
  #keepDecoded(): void {
    for (const finder of this.#finders) {
      const { found, block, from, to, inside, cost, total } = finder;
      if (block === undefined || cost === undefined) continue;
      const parts: (Row | FoundBlock)[] = [];
      let row = from;
      for (const within of inside) {
        for (; row < within.from; row++) parts.push(found.unnumbered(sink.row(row)));
        if (within.block !== undefined) parts.push(within.block);
        row = within.to;
      }
      for (; row < to; row++) parts.push(found.unnumbered(sink.row(row)));
      this.#decoded.set(this.#placeOf(finder), { found, cost, total, parts });
    }
  }

  /** Made once a finder: a block of many parts may have many blocks in it. */
  #placeOf(finder: Finder): number {
    const { parent, block, index } = finder;
    if (parent === undefined || block === undefined) return 0;
    if (finder.place === undefined) {
      const key = `${this.#placeOf(parent)}/${keyOf(block, index)}`;
      finder.place = this.#places.get(key) ?? this.#places.size + 1;
      this.#places.set(key, finder.place);
    }
    return finder.place;
  }

  /** ExifTool's numbering: the first that stands where its standard wants it has no number, all others count from 2. */
  number({ name, standard }: Series): number {
    const series = this.#series.get(name) ?? { hasFirst: false, others: 0 };
    this.#series.set(name, series);
    if (!standard || series.hasFirst) return ++series.others + 1;
    series.hasFirst = true;
    return 1;
  }

  /** The block's own window: its parts in `window`, or what they inflate to. */
  #make(block: FoundBlock, window: ByteWindow, found: Found): ByteWindow {
    const { budget } = this;
    if (block.bytes !== undefined) return ByteWindow.whole(block.bytes, undefined, budget);
    const parts = block.at ?? [];
    const [only] = parts;
    if (block.encoding === undefined && parts.length === 1 && only !== undefined) return window.sub(only.start, only.end - only.start);
    const joined = window.join(parts);
    const length = joined.size ?? 0;
    // Parts may overlap: together they may be longer than the file.
    if (length > this.#limits.bytes) throw new ImagemetaError("LIMIT_EXCEEDED", `${block.kind} block of ${length} bytes`);
    if (block.encoding === undefined) return joined;
    const { bytes, damage } = inflate(joined.rest(), block.encoding, budget);
    if (damage !== undefined) found.warn(damage.code, damage.message, only?.start);
    return ByteWindow.whole(bytes, undefined, budget);
  }

  /** Runs a parser; what it throws becomes a warning, and what it put before stays. False if bytes are missing. */
  #tolerant(found: Found, what: string, run: () => void): boolean {
    // A parser around this one may have met a miss and gone on.
    const before = this.window.takeMissed();
    try {
      run();
    } catch (thrown) {
      // What was thrown on the way out of a miss hides it.
      const missed = thrown instanceof MissingBytes ? thrown.ranges : this.window.takeMissed();
      if (missed.length > 0) {
        if (this.#isLast) found.end("NOT_READ", `${what}: parts of it were not fetched`, undefined);
        else for (const range of missed) this.#missing.push(range);
        return false;
      }
      if (thrown instanceof PastEnd) found.end("TRUNCATED", `${what}: ${thrown.message}`, thrown.offset);
      else if (thrown instanceof ImagemetaError && thrown.code === "LIMIT_EXCEEDED")
        found.end("LIMIT_EXCEEDED", `${what}: ${thrown.message}`);
      else found.end("MALFORMED", `${what}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    } finally {
      this.window.restoreMissed(before);
    }
    return true;
  }

  /** The first that lies within the object. */
  #preview(): Thumbnail | undefined {
    const size = this.window.size ?? Number.POSITIVE_INFINITY;
    for (const { found } of this.#finders)
      for (const preview of found.previews) if (preview.offset + preview.length <= size) return preview;
    return undefined;
  }

  #content(type: ImageType, container: Found): ImageContent {
    const facts = factsOf(this.#finders);
    const warnings: FoundWarning[] = [];
    for (const { found } of this.#finders) for (const warning of found.warnings) warnings.push(warning);
    if (sink.isEmpty && facts.width === undefined) {
      const [first] = container.warnings;
      const code = first?.code === "TRUNCATED" || first?.code === "LIMIT_EXCEEDED" ? first.code : "MALFORMED";
      throw new ImagemetaError(code, `${type.format}: ${first?.message ?? "no readable header"}`);
    }
    const warn = (message: string) => warnings.push({ code: "IMPLAUSIBLE", message: shortMessage(message) });
    const summary = summarize(sink, facts, warn);
    const tags = sink.tags(this.form, (group, name, cause) =>
      warnings.push({ code: "MALFORMED", message: shortMessage(`${group}:${name}: ${String(cause)}`) }),
    );
    const exifOrientation = sink.get(orientationPlace);
    const orientation = facts.orientation ?? (isOrientation(exifOrientation) ? exifOrientation : undefined);
    const preview = this.#preview();
    const content: Partial<ImageContent> = { format: facts.format ?? type.format, mimeType: facts.mimeType ?? type.mimeType };
    if (facts.width !== undefined) content.width = facts.width;
    if (facts.height !== undefined) content.height = facts.height;
    if (orientation !== undefined) content.orientation = orientation;
    content.summary = summary;
    content.tags = tags;
    if (preview !== undefined) content.thumbnail = preview;
    const { warnings: mostWarnings, recordBytes } = this.#limits;
    content.warnings = recordWarnings(warnings, mostWarnings);
    const fitted = fitRecord(content as ImageContent, recordBytes, this.budget.spent.kept);
    if (fitted === undefined) return content as ImageContent;
    return { ...fitted.content, warnings: recordWarnings([cutWarning(fitted.cuts, recordBytes), ...warnings], mostWarnings) };
  }
}

/** What a block is within its parent. The same bytes may be named again with another context. */
function keyOf({ kind, at, encoding, context }: FoundBlock, index: number): string {
  const place = at?.map(({ start, end }) => `@${start}-${end}`).join("") ?? `#${index}`;
  return `${kind}${place}${encoding ?? ""}${context === undefined ? "" : JSON.stringify(context)}`;
}

function isOrientation(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 8;
}

/**
 * Metadata of an image that is in memory, without a promise.
 * @throws ImagemetaError if there is no metadata to give
 */
export function readMetadataSync(bytes: Uint8Array, options: ReadOptions = {}): ImageMetadata {
  const reading = new Reading(ByteWindow.whole(bytes, 0), options);
  for (;;) {
    try {
      return metadataOf(reading);
    } catch (thrown) {
      reading.leaveOut(tablesOf(thrown).filter((table) => !table.loadNow()));
    }
  }
}

/**
 * The same for those who can wait: tables that the image needs are loaded.
 * @throws ImagemetaError if there is no metadata to give
 */
export async function readMetadataOf(bytes: Uint8Array, options: ReadOptions = {}): Promise<ImageMetadata> {
  const reading = new Reading(ByteWindow.whole(bytes, 0), options);
  for (;;) {
    try {
      return metadataOf(reading);
    } catch (thrown) {
      await Promise.all(tablesOf(thrown).map((table) => table.load()));
    }
  }
}

function metadataOf(reading: Reading): ImageMetadata {
  return { schema: 1, engine: version, values: reading.form, ...reading.attempt() };
}

/** What an attempt at whole bytes can lack. Throws what is not a miss. */
function tablesOf(thrown: unknown): readonly LateTable<unknown>[] {
  if (!(thrown instanceof Missing) || thrown.tables.length === 0) throw thrown;
  return thrown.tables;
}
