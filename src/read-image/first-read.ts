/**
 * How many bytes the first request for an image asks for: what was enough for 95 % of the recent images of the same bucket,
 * content type and class of size. One too small costs a second round trip, one too large costs bytes.
 */
import { imageFormats } from "../record/image-formats.ts";
import type { ObjectInfo } from "../record/types.ts";

const STEP = 16 << 10;
const STEPS = 16;
/** Largest first read, in bytes. */
export const MOST = STEP * STEPS;
/** Asked for before anything is known, if the type does not say image. */
const START = 64 << 10;
/** Asked for of formats that state nothing else: they have short headers, and other metadata often behind the picture. */
const SHORT_START = 32 << 10;
/** What formats state, by content type. */
const statedStarts = new Map(imageFormats.flatMap(([mimeType, , bytes]) => (bytes === undefined ? [] : [[mimeType, bytes] as const])));
/** Classes of size, by their upper bound. The first is taken whole before anything is known. */
const CLASSES = [128 << 10, 512 << 10] as const;
/** Images that are remembered of a kind. */
const RECENT = 200;
/** Before any image was read it is as if so many had been. */
const ASSUMED = 50;
const KINDS = 1000;

export class FirstRead {
  readonly #kinds = new Map<string, Needs>();

  /** Bytes to ask for first. */
  size(info: ObjectInfo | undefined): number {
    const size = this.#needs(info).enough * STEP;
    return info?.size === undefined ? size : Math.min(size, info.size);
  }

  /** One image needed its first `bytes` bytes. */
  learn(info: ObjectInfo, bytes: number): void {
    this.#needs(info).add(Math.min(STEPS, Math.max(1, Math.ceil(bytes / STEP))));
  }

  #needs(info: ObjectInfo | undefined): Needs {
    const { bucket = "", contentType = "", size = Number.POSITIVE_INFINITY } = info ?? {};
    const sizeClass = CLASSES.findIndex((most) => size <= most);
    const key = `${bucket}\n${contentType}\n${sizeClass}`;
    let needs = this.#kinds.get(key);
    if (needs === undefined) {
      if (this.#kinds.size >= KINDS) this.#kinds.clear();
      needs = new Needs((sizeClass === 0 ? CLASSES[0] : startOf(contentType)) / STEP);
      this.#kinds.set(key, needs);
    }
    return needs;
  }
}

function startOf(contentType: string): number {
  return statedStarts.get(contentType) ?? (contentType.startsWith("image/") ? SHORT_START : START);
}

/** The recent needs of one kind, in steps. */
class Needs {
  /** Steps that were enough for 95 %. */
  enough: number;
  /** Images by the steps that they needed. */
  readonly #counts = new Uint16Array(STEPS + 1);
  /** The recent needs as they came, the oldest overwritten. */
  readonly #recent = new Uint8Array(RECENT);
  #next = ASSUMED;
  #known = ASSUMED;

  constructor(assumed: number) {
    this.enough = assumed;
    this.#counts[assumed] = ASSUMED;
    this.#recent.fill(assumed, 0, ASSUMED);
  }

  add(steps: number): void {
    if (this.#known === RECENT) this.#count(this.#recent[this.#next] ?? 0, -1);
    else this.#known++;
    this.#recent[this.#next] = steps;
    this.#next = (this.#next + 1) % RECENT;
    this.#count(steps, 1);
    let enough = 0;
    for (let covered = 0; covered < 0.95 * this.#known; ) covered += this.#counts[++enough] ?? this.#known;
    this.enough = enough;
  }

  #count(steps: number, by: number): void {
    this.#counts[steps] = (this.#counts[steps] ?? 0) + by;
  }
}
