/** What one container or one decoder finds: tags go into the image's sink at once, and blocks are decoded where they are named. */
import type { Thumbnail, WarningCode } from "../record/types.ts";
import type { Budget } from "./budget.ts";
import type { ByteWindow } from "./bytes/window.ts";
import type { BlockKind, Facts, Findings, FoundBlock, Print, TableTag, TagGroup, TagInput, TagOptions, TagWriter } from "./contracts.ts";
import type { LateTable } from "./late-table.ts";
import type { Row, Sink } from "./sink.ts";
import { type FoundWarning, shortMessage } from "./warnings.ts";

/** Of a block on its way through its decoder. */
const BLOCK_STEPS = 60;
const BLOCK_BYTES = 2048;
/** Of a part of a block that is joined of several. */
const PART_STEPS = 8;
const WARNING_STEPS = 25;
const MAX_BLOCK_WARNINGS = 100;

/** One reading of an image, as far as those who find something in it share it. */
export interface Scene {
  readonly sink: Sink;
  readonly budget: Budget;
  /** See `Findings.thorough`. */
  readonly thorough: boolean;
  /** Decodes a block that `found` has named. */
  onBlock(block: FoundBlock, found: Found): void;
  /** Notes that `found` goes on without a table that is not loaded. */
  onMissingTable(table: LateTable<unknown>, found: Found): void;
  /** The number of a block in a series, from 1. */
  number(series: Series): number;
}

/** A series of blocks whose groups carry a number from the second on. */
export interface Series {
  readonly name: string;
  /** Does the block stand where its standard wants it? */
  readonly standard: boolean;
}

/** What all that was found says of the image. */
export type ImageFacts = { readonly [K in keyof Facts]?: Facts[K] | undefined };

/** The first to state a fact wins. */
export function factsOf(all: readonly { readonly found: Found }[]): ImageFacts {
  const facts: Record<keyof Facts, Facts[keyof Facts] | undefined> = {
    format: undefined,
    mimeType: undefined,
    width: undefined,
    height: undefined,
    orientation: undefined,
    bitsPerSample: undefined,
    channels: undefined,
    hasAlpha: undefined,
    animated: undefined,
    frames: undefined,
    contentCredentials: undefined,
    digitalSourceType: undefined,
  };
  for (const { found } of all) for (const { name, value } of found.facts) facts[name] ??= value;
  return facts as ImageFacts;
}

class Group implements TagGroup {
  readonly #found: Found;
  readonly #number: number;
  readonly #isLow: boolean;
  readonly #isLowHere: boolean;

  constructor(found: Found, number: number, isLow: boolean, isLowHere: boolean) {
    this.#found = found;
    this.#number = number;
    this.#isLow = isLow;
    this.#isLowHere = isLowHere;
  }

  wants(tag: TableTag): boolean {
    return this.#found.scene.sink.wants(tag.name, tag.number);
  }

  put(name: string, stored: TagInput, print?: Print, options?: TagOptions): void {
    const { budget, sink } = this.#found.scene;
    if (!sink.wantsName(name)) return;
    budget.tag(name, stored);
    if (typeof print === "string") budget.value(print);
    sink.put(this.#number, sink.numberOf(name), stored, print, this.#isLow || options?.priority === "low", this.#isLowHere);
  }

  putRow(tag: TableTag, stored: TagInput, isLow = false, print: Print | undefined = tag.print): void {
    this.#put(tag, stored, isLow, print);
  }

  putBare(tag: TableTag, stored: TagInput, isLow: boolean): void {
    this.#put(tag, stored, isLow, undefined);
  }

  #put(tag: TableTag, stored: TagInput, isLow: boolean, print: Print | undefined): void {
    const { budget, sink } = this.#found.scene;
    if (!sink.wants(tag.name, tag.number)) return;
    budget.tag(tag.name, stored);
    sink.put(this.#number, tag.number, stored, print, isLow || this.#isLow, this.#isLowHere);
  }

  putRaw(tag: TableTag, raw: TagInput, littleEndian = false): void {
    if (!this.wants(tag)) return;
    const stored = tag.standsFor(raw, littleEndian);
    if (stored !== undefined) this.putRow(tag, stored, tag.isLow);
  }
}

export interface FoundFact {
  readonly name: keyof Facts;
  readonly value: Facts[keyof Facts];
}

const NONE: readonly never[] = [];

/** Where a block or the container lies among what was found. */
export interface Standing {
  /** The container has none. */
  readonly kind?: BlockKind;
  /** Blocks from the container down to it, itself counted. */
  readonly depth: number;
  /** Does it speak of another image than the main one? */
  readonly isLow: boolean;
}

export class Found implements Findings, TagWriter {
  readonly scene: Scene;
  readonly standing: Standing;
  // Most blocks have none.
  #facts: FoundFact[] | undefined;
  #warnings: FoundWarning[] | undefined;
  #previews: Thumbnail[] | undefined;
  /** The series of which this block is one. */
  series: Series | undefined;
  /** The window that offsets of warnings count in. */
  window: ByteWindow;
  #number = 1;
  #lacksTable = false;

  constructor(scene: Scene, window: ByteWindow, standing: Standing) {
    this.scene = scene;
    this.window = window;
    this.standing = standing;
  }

  get facts(): readonly FoundFact[] {
    return this.#facts ?? NONE;
  }

  get warnings(): readonly FoundWarning[] {
    return this.#warnings ?? NONE;
  }

  get previews(): readonly Thumbnail[] {
    return this.#previews ?? NONE;
  }

  get budget(): Budget {
    return this.scene.budget;
  }

  get thorough(): boolean {
    return this.scene.thorough;
  }

  get tags(): TagWriter {
    return this;
  }

  group(name: string, isLow = false): TagGroup {
    this.scene.budget.touch(name.length);
    const isNumbered = this.#number !== 1 && name !== "File";
    const number = this.scene.sink.groupNumber(isNumbered ? `${name}${this.#number}` : name);
    return new Group(this, number, isLow, isNumbered || this.standing.isLow);
  }

  /** Finds all but the tags again that an earlier attempt has found. */
  findAgain(before: Found): void {
    const { series } = before;
    this.window = before.window;
    this.#facts = before.#facts;
    this.#warnings = before.#warnings;
    this.#previews = before.#previews;
    if (series !== undefined) this.numbered(series.name, series);
  }

  /** Puts a tag that an earlier attempt has put; its work is charged already. */
  putAgain({ group, name, stored, print, isLow }: Row): void {
    const { sink } = this.scene;
    const isNumbered = this.#number !== 1 && group !== "File";
    const number = sink.groupNumber(isNumbered ? `${group}${this.#number}` : group);
    sink.put(number, sink.numberOf(name), stored, print, isLow, isNumbered || this.standing.isLow);
  }

  /** The tag without the number of its series, which may be another in the next attempt. */
  unnumbered(row: Row): Row {
    if (this.#number === 1 || row.group === "File") return row;
    return { ...row, group: row.group.slice(0, -String(this.#number).length) };
  }

  block(block: FoundBlock): void {
    if (this.budget.exhausted) return;
    this.scene.budget.step(BLOCK_STEPS);
    this.scene.budget.keep(BLOCK_BYTES);
    if (block.at !== undefined) this.scene.budget.owe(PART_STEPS * block.at.length);
    this.scene.onBlock(block, this);
  }

  table<T>(late: LateTable<T>): T | undefined {
    const { loaded } = late;
    if (loaded === undefined) {
      this.#lacksTable = true;
      this.scene.onMissingTable(late, this);
    }
    return loaded;
  }

  /** Did it go on without a table that was not loaded? */
  get lacksTable(): boolean {
    return this.#lacksTable;
  }

  numbered(series: string, standing = { standard: true }): void {
    this.series = { name: series, standard: standing.standard };
    this.#number = this.scene.number(this.series);
  }

  wants(name: string): boolean {
    return this.scene.sink.wantsName(name);
  }

  fact<K extends keyof Facts>(name: K, value: Facts[K]): void {
    this.#facts ??= [];
    this.#facts.push({ name, value });
  }

  warn(code: WarningCode, message: string, offset?: number): void {
    // A warning never ends the work that it warns of; the next step does, if the budget is spent.
    this.budget.owe(WARNING_STEPS + message.length / 4);
    if (this.warnings.length < MAX_BLOCK_WARNINGS) this.end(code, message, offset);
  }

  /** Says what ended the parser: a warning that is kept however many there are. */
  end(code: WarningCode, message: string, offset?: number): void {
    const at = offset === undefined ? undefined : offset + (this.window.offsetInObject ?? Number.NaN);
    this.#warnings ??= [];
    this.#warnings.push({
      code,
      message: shortMessage(message),
      block: this.standing.kind,
      offset: Number.isSafeInteger(at) ? at : undefined,
    });
  }

  thumbnail(preview: Thumbnail): void {
    if (preview.length === 0) return;
    this.#previews ??= [];
    this.#previews.push(preview);
  }
}
