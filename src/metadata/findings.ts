import type { WarningCode } from "../record/types.ts";
import type { Budget } from "./budget.ts";
import type { ByteWindow } from "./bytes/window.ts";
import type { Facts, Findings, FoundBlock, Print, TagGroup, TagInput, TagOptions, TagWriter } from "./contracts.ts";
import { type FoundWarning, shortMessage } from "./warnings.ts";

/** Of a block on its way through its decoder. */
const BLOCK_STEPS = 60;
const BLOCK_BYTES = 2048;
const WARNING_STEPS = 25;
const MAX_BLOCK_WARNINGS = 100;

export class TagEntry {
  readonly group: string;
  readonly name: string;
  readonly stored: TagInput;
  readonly print: Print | undefined;
  readonly low: boolean;

  constructor(group: string, name: string, stored: TagInput, print: Print | undefined, low: boolean) {
    this.group = group;
    this.name = name;
    this.stored = stored;
    this.print = print;
    this.low = low;
  }
}

class GroupWriter implements TagGroup {
  readonly #found: Found;
  readonly #group: string;

  constructor(found: Found, group: string) {
    this.#found = found;
    this.#group = group;
  }

  put(name: string, stored: TagInput, print?: Print, options?: TagOptions): void {
    const { budget } = this.#found;
    budget.tag(name, stored);
    if (typeof print === "string") budget.value(print);
    this.#found.sequence.push(new TagEntry(this.#group, name, stored, print, options?.priority === "low"));
  }
}

/** What all that was found says of the image. */
export type ImageFacts = { readonly [K in keyof Facts]?: Facts[K] | undefined };

/** The first to state a fact wins. */
export function factsOf(all: readonly Found[]): ImageFacts {
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
  for (const found of all) for (const { name, value } of found.facts) facts[name] ??= value;
  return facts as ImageFacts;
}

/** What one container or one decoder found, in order. A block's own findings join once it is decoded. */
export class Found implements Findings, TagWriter {
  readonly budget: Budget;
  readonly thorough: boolean;
  readonly facts: { readonly name: keyof Facts; readonly value: Facts[keyof Facts] }[] = [];
  readonly warnings: FoundWarning[] = [];
  readonly previews: { offset: number; length: number; mimeType: string }[] = [];
  /** Tags and blocks in the order in which they were found. */
  readonly sequence: (TagEntry | FoundBlock)[] = [];
  /** The series of which this block is one. */
  series: { readonly name: string; readonly standard: boolean } | undefined;
  readonly #window: ByteWindow;
  readonly #kind: string | undefined;

  constructor(window: ByteWindow, budget: Budget, thorough: boolean, kind?: string) {
    this.#window = window;
    this.#kind = kind;
    this.budget = budget;
    this.thorough = thorough;
  }

  get tags(): TagWriter {
    return this;
  }

  group(name: string): TagGroup {
    this.budget.touch(name.length);
    return new GroupWriter(this, name);
  }

  block(block: FoundBlock): void {
    this.budget.step(BLOCK_STEPS);
    this.budget.keep(BLOCK_BYTES);
    this.sequence.push(block);
  }

  numbered(series: string, standing = { standard: true }): void {
    this.series = { name: series, standard: standing.standard };
  }

  fact<K extends keyof Facts>(name: K, value: Facts[K]): void {
    this.facts.push({ name, value });
  }

  warn(code: WarningCode, message: string, offset?: number): void {
    // A warning never ends the work that it warns of; the next step does, if the budget is spent.
    this.budget.owe(WARNING_STEPS + message.length / 4);
    if (this.warnings.length < MAX_BLOCK_WARNINGS) this.end(code, message, offset);
  }

  /** Says what ended the parser: a warning that is kept however many there are. */
  end(code: WarningCode, message: string, offset?: number): void {
    const at = offset === undefined ? undefined : offset + (this.#window.offsetInObject ?? Number.NaN);
    this.warnings.push({
      code,
      message: shortMessage(message),
      block: this.#kind,
      offset: Number.isSafeInteger(at) ? at : undefined,
    });
  }

  thumbnail(preview: { offset: number; length: number; mimeType: string }): void {
    if (preview.length > 0) this.previews.push(preview);
  }
}
