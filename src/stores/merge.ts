/**
 * Which of two observations of one object wins: the rules of every catalogue, in any order of arrival, any number of times.
 * An address holds one generation, living or gone. Generations compare as integers, the engine by Semantic Versioning 2.0.0 §11.
 * A source without versions counts as generation 0, which loses to every other; among its observations the later wins.
 */
import { ImagemetaError } from "../record/errors.ts";
import type { ImageRecord, ObjectInfo } from "../record/types.ts";
import type { ObjectUpdate, ObjectVersion, PutOutcome, Rewind } from "./contract.ts";

/** A content as far as the rules look at it: see `contentRank`. */
export interface RankedContent {
  readonly rank: string;
}

/**
 * What is held of one address. Content is always of the same generation as the object: a higher generation, even one
 * that only an update tells of, drops it, for the image is another. Without content nothing is given out.
 */
export type Holding<Content extends RankedContent = RankedContent> =
  | {
      readonly generation: bigint;
      readonly metageneration: bigint;
      readonly object: ObjectInfo;
      readonly content?: Content;
      readonly isGone?: never;
    }
  | { readonly generation: bigint; readonly isGone: true };

/** What arrives: an image that was read, a new state of an object, or a removal. */
export type Arrival<Content extends RankedContent = RankedContent> = Holding<Content>;

/**
 * What is held after `arrived`, and what became of it. `held` itself is given back where nothing changes. Where all
 * versions are equal, what arrives is taken: the same bytes read by the same engine, or the error of a later try.
 */
export function newer<Content extends RankedContent>(
  held: Holding<Content> | undefined,
  arrived: Arrival<Content>,
): { readonly holding: Holding<Content>; readonly result: Exclude<PutOutcome["result"], "failed"> } {
  const holding = winner(held, arrived);
  // An update of an object without content is kept, and still superseded: the image must be read.
  const isMet = holding !== held && (holding.isGone === true || holding.content !== undefined);
  return { holding, result: isMet ? "written" : "superseded" };
}

function winner<Content extends RankedContent>(held: Holding<Content> | undefined, arrived: Arrival<Content>): Holding<Content> {
  if (held === undefined || arrived.generation > held.generation) return arrived;
  if (arrived.generation < held.generation) return held;
  if (arrived.isGone) return arrived;
  const isUnversioned = arrived.generation === 0n;
  if (held.isGone) return isUnversioned ? arrived : held;
  const takesObject = isUnversioned || arrived.metageneration >= held.metageneration;
  const takesContent =
    arrived.content !== undefined && (isUnversioned || held.content === undefined || arrived.content.rank >= held.content.rank);
  if (!takesObject && !takesContent) return held;
  const { metageneration, object } = takesObject ? arrived : held;
  const content = takesContent ? arrived.content : held.content;
  return { generation: held.generation, metageneration, object, ...(content && { content }) };
}

/** What is held after a rewind: `held` itself if it is of another generation, or was read with success, so that the bucket had it. */
export function rewound<Content extends RankedContent>(held: Holding<Content> | undefined, rewind: Rewind): Holding<Content> | undefined {
  const { tombstone, replaces } = rewindVersions(rewind);
  if (held?.generation !== replaces || (!held.isGone && (held.content?.rank ?? "") >= SUCCESS)) return held;
  return { generation: tombstone, isGone: true };
}

/** The generation of the tombstone that a rewind leaves, and the one that it replaces. Throws MALFORMED. */
export function rewindVersions({ live, held }: Rewind): { readonly tombstone: bigint; readonly replaces: bigint } {
  const tombstone = versionNumber(live) - 1n;
  const replaces = versionNumber(held);
  if (tombstone < 0n || tombstone >= replaces) throw new ImagemetaError("MALFORMED", `generation ${held} does not hide generation ${live}`);
  return { tombstone, replaces };
}

/** The rank of a record's content among those of its generation: no error over a success, then the engine. Compares by code units. */
export function contentRank(record: ImageRecord): string {
  // Records come in runs of one engine.
  if (record.engine !== lastEngine.version) lastEngine = { version: record.engine, order: engineOrder(record.engine) };
  return `${record.error === undefined ? SUCCESS : FAILURE}${lastEngine.order}`;
}

/** What the ranks begin with. */
const FAILURE = "0";
export const SUCCESS = "1";

let lastEngine = { version: "", order: "" };

/**
 * A text that sorts by its ASCII codes as versions do by Semantic Versioning 2.0.0 §11, so that a database can compare
 * it too. What is no semantic version sorts before all that are.
 */
export function engineOrder(version: string): string {
  const [, core, before] = /^(\d+\.\d+\.\d+)(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$/.exec(version) ?? [];
  if (core === undefined) return "";
  const release = core.split(".").map(numberOrder).join(".");
  if (before === undefined) return `${release}~`;
  // A space ends an identifier: it sorts before all that one may hold, so that fewer identifiers and shorter ones come first.
  const identifiers = before.split(".").map((each) => (/^\d+$/.test(each) ? `0${numberOrder(each)} ` : `1${each} `));
  return `${release}-${identifiers.join("")}`;
}

/** Decimal digits led by their count, so that longer numbers sort after shorter ones. */
function numberOrder(digits: string): string {
  const significant = digits.replace(/^0+(?=\d)/, "");
  return `${String(significant.length).padStart(3, "0")}${significant}`;
}

const LARGEST = 2n ** 63n - 1n;

/** A generation or metageneration: the decimal text of a signed 64-bit integer, as Cloud Storage has it; 0 where it is absent. Throws MALFORMED. */
export function versionNumber(text: string | undefined): bigint {
  if (text === undefined) return 0n;
  const number = /^\d{1,19}$/.test(text) ? BigInt(text) : -1n;
  if (number < 0n || number > LARGEST)
    throw new ImagemetaError("MALFORMED", `${JSON.stringify(text)} is no generation: those are 64-bit integers`);
  return number;
}

/** A record that is put. Throws MALFORMED. */
export function arrivalOfRecord(record: ImageRecord): Arrival<RankedContent & { readonly record: ImageRecord }> {
  return { ...versions(record.object), object: record.object, content: { rank: contentRank(record), record } };
}

/** A new state of an object. Throws MALFORMED. */
export function arrivalOfUpdate({ object }: ObjectUpdate): Arrival<never> {
  return { ...versions(object), object };
}

/** A removal. Throws MALFORMED. */
export function arrivalOfRemoval({ generation }: ObjectVersion): Arrival<never> {
  return { generation: versionNumber(generation), isGone: true };
}

function versions(object: ObjectInfo): { generation: bigint; metageneration: bigint } {
  return { generation: versionNumber(object.generation), metageneration: versionNumber(object.metageneration) };
}

/** Milliseconds that a removal is remembered: longer than any message lives. */
export const TOMBSTONE_LIFE = 60 * 24 * 3_600_000;
