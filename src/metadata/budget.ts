/**
 * What one image may cost: work, tags and memory. Synchronous code cannot be timed out, so all work draws on this, charged by what
 * it costs and not by how many entries it has. One step takes about 20 to 40 ns; `bench/steps.ts` measures it for every decoder.
 */
import { ImagemetaError } from "../record/errors.ts";
import type { Limits } from "../record/limits.ts";
import { ownFields } from "./own-fields.ts";

/** Work that was done and memory that was kept. */
export interface Cost {
  readonly steps: number;
  readonly tags: number;
  /** Bytes. */
  readonly kept: number;
}

export const NO_COST: Cost = { steps: 0, tags: 0, kept: 0 };

export function difference(whole: Cost, part: Cost): Cost {
  return { steps: whole.steps - part.steps, tags: whole.tags - part.tags, kept: whole.kept - part.kept };
}

/** Bytes of a file, or characters of a text, that are looked at in one step. */
const BYTES_PER_STEP = 8;
/** Of a tag on its way into the record: it is put, sorted among the others, printed and written. */
const TAG_STEPS = 40;
const TAG_BYTES = 200;
/** Of a number in a list, printed as text later; one of 64 bits is made text of by itself. */
const NUMBER_STEPS = 2;
const NUMBER_BYTES = 16;
const [BIG_STEPS, BIG_BYTES] = [12, 80];
/** Of a field of a structure, whose name goes into a table for each form of it. */
const [FIELD_STEPS, FIELD_BYTES] = [20, 64];
/** Of a field whose name is an index, for each other such field of its structure. */
const INDEX_STEPS = 0.2;
/** Blocks within a block have less than it has: a share is set aside at each level. */
const ROOM = 2;

export class Budget {
  readonly limits: Limits;
  #steps: number;
  #tags: number;
  #kept: number;
  /** Steps of attempts that were started over. */
  #repeated = 0;
  /** Steps of this attempt that an earlier one has done. */
  #drawn = 0;
  #isExceeded = false;

  constructor(limits: Limits) {
    this.limits = limits;
    this.#steps = limits.steps;
    this.#tags = limits.tags;
    this.#kept = limits.keptBytes;
  }

  /** An attempt at the image begins anew; the limits hold for each attempt, so that they do not depend on how the bytes arrive. */
  restart(): void {
    this.#repeated += this.limits.steps - this.#steps - this.#drawn;
    this.#drawn = 0;
    this.#isExceeded = false;
    this.#steps = this.limits.steps;
    this.#tags = this.limits.tags;
    this.#kept = this.limits.keptBytes;
  }

  /** Has starting over cost so much that it should not happen again and again? */
  get isMuchRepeated(): boolean {
    return this.#repeated + this.limits.steps - this.#steps > this.limits.steps / 2;
  }

  /** Draws `n` steps. @throws ImagemetaError LIMIT_EXCEEDED if there are not as many left */
  step(n = 1): void {
    this.#steps -= n;
    if (this.#steps >= 0) return;
    // The work that it was for is not done.
    this.#steps = 0;
    this.#exceed(`the image needs more than ${this.limits.steps} steps of work`);
  }

  /** Draws steps without an end: for work that is already done, such as a warning. The next `step` throws. */
  owe(n: number): void {
    this.#steps -= n;
  }

  /** Bytes or characters that are read, copied or made. @throws ImagemetaError LIMIT_EXCEEDED */
  touch(length: number): void {
    this.step(1 + length / BYTES_PER_STEP);
  }

  /** Bytes of memory that stay until the record is made. @throws ImagemetaError LIMIT_EXCEEDED */
  keep(bytes: number): void {
    this.#kept -= bytes;
    if (this.#kept >= 0) return;
    this.#kept = 0;
    this.#exceed(`the image needs more than ${this.limits.keptBytes} bytes of memory`);
  }

  /** One tag with this value. @throws ImagemetaError LIMIT_EXCEEDED */
  tag(name: string, value: unknown): void {
    if (this.#tags <= 0) this.#exceed(`the image has more than ${this.limits.tags} tags`);
    this.#tags--;
    const text = typeof value === "string" ? value.length : 0;
    this.step(TAG_STEPS + 2 + (name.length + text) / BYTES_PER_STEP);
    this.keep(TAG_BYTES + 2 * (name.length + text));
    if (typeof value === "object" || typeof value === "bigint") this.value(value);
  }

  /** A value that is kept, by its size. @throws ImagemetaError LIMIT_EXCEEDED */
  value(value: unknown): void {
    if (typeof value === "string") {
      this.touch(value.length);
      this.keep(2 * value.length);
    } else if (typeof value === "bigint") {
      this.step(BIG_STEPS);
      this.keep(BIG_BYTES);
    } else if (Array.isArray(value)) {
      this.step(NUMBER_STEPS * (1 + value.length));
      this.keep(NUMBER_BYTES * (1 + value.length));
      for (const item of value) if (typeof item !== "number") this.value(item);
    } else if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value)) {
      this.#structure(value as Readonly<Record<string, unknown>>);
    }
  }

  #structure(structure: Readonly<Record<string, unknown>>): void {
    const fields = ownFields(structure);
    // Names that are indexes come first, and a file may choose such as collide wherever their values are listed.
    const indexes = fields.findIndex(([name]) => !/^\d/.test(name));
    this.step(INDEX_STEPS * (indexes < 0 ? fields.length : indexes) ** 2);
    for (const [name, field] of fields) {
      this.step(FIELD_STEPS);
      this.keep(FIELD_BYTES + 2 * name.length);
      this.touch(name.length);
      this.value(field);
    }
  }

  #exceed(message: string): never {
    this.#isExceeded = true;
    throw new ImagemetaError("LIMIT_EXCEEDED", message);
  }

  /** All that was drawn so far. */
  get spent(): Cost {
    return { steps: this.limits.steps - this.#steps, tags: this.limits.tags - this.#tags, kept: this.limits.keptBytes - this.#kept };
  }

  /** More was asked for than there was: no further block is decoded. */
  get exhausted(): boolean {
    return this.#isExceeded || this.#steps < 0;
  }

  /** Sets a share of what is left aside, so that work can go on after the rest is spent. */
  reserve(share: number): Cost {
    const part = (left: number) => Math.floor(Math.max(0, left) * share);
    const reserved = { steps: part(this.#steps), tags: part(this.#tags), kept: part(this.#kept) };
    this.release({ steps: -reserved.steps, tags: -reserved.tags, kept: -reserved.kept });
    return reserved;
  }

  release({ steps, tags, kept }: Cost): void {
    this.#steps += steps;
    this.#tags += tags;
    this.#kept += kept;
  }

  /** Is there so much more than this that work which costs it cannot meet a limit? */
  hasRoom({ steps, tags, kept }: Cost): boolean {
    return ROOM * steps <= this.#steps && ROOM * tags <= this.#tags && ROOM * kept <= this.#kept;
  }

  /** Draws what was needed before, for what is used again. */
  draw({ steps, tags, kept }: Cost): void {
    this.release({ steps: -steps, tags: -tags, kept: -kept });
    // To use it again costs a part of what it cost to make.
    this.#drawn += 0.75 * steps;
  }
}
