import type { WarningCode } from "../record/types.ts";
import type { Budget } from "./budget.ts";
import type { ByteWindow } from "./bytes/window.ts";
import type { Facts, Findings, FoundBlock, Print, TagGroup, TagInput, TagOptions, TagWriter } from "./contracts.ts";

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

export interface FoundWarning {
  readonly code: WarningCode;
  readonly message: string;
  readonly block: string | undefined;
  /** From the start of the object. */
  readonly offset: number | undefined;
}

class GroupWriter implements TagGroup {
  readonly #found: Found;
  readonly #group: string;

  constructor(found: Found, group: string) {
    this.#found = found;
    this.#group = group;
  }

  put(name: string, stored: TagInput, print?: Print, options?: TagOptions): void {
    this.#found.budget.tag();
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
    return new GroupWriter(this, name);
  }

  block(block: FoundBlock): void {
    this.budget.step();
    this.sequence.push(block);
  }

  numbered(series: string, standing = { standard: true }): void {
    this.series = { name: series, standard: standing.standard };
  }

  fact<K extends keyof Facts>(name: K, value: Facts[K]): void {
    this.facts.push({ name, value });
  }

  warn(code: WarningCode, message: string, offset?: number): void {
    // A hostile file must not fill memory with warnings.
    if (this.warnings.length >= 100) return;
    const at = offset === undefined ? undefined : offset + (this.#window.offsetInObject ?? Number.NaN);
    this.warnings.push({ code, message, block: this.#kind, offset: Number.isSafeInteger(at) ? at : undefined });
  }

  thumbnail(preview: { offset: number; length: number; mimeType: string }): void {
    if (preview.length > 0) this.previews.push(preview);
  }
}
