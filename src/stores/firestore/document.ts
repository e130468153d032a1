/**
 * One document an address. `state` is what the rules of merge.ts look at; the fields of the record stand beside it as they are, but for
 * what encoding.ts must do. A record that is too large for a document (firebase.google.com/docs/firestore/quotas) has its content as
 * compressed JSON in the documents of the subcollection `parts`, and in its own fields what fits, so that it is still found.
 */
import { createHash, randomUUID } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import type { FailedRecord, ImageRecord, ReadRecord } from "../../record/types.ts";
import type { Holding, RankedContent } from "../merge.ts";
import { decoded, encoded, type Json, sizeOf } from "./encoding.ts";

export type Fields = { [field: string]: Json };

export interface State {
  readonly generation: string;
  readonly metageneration?: string;
  /** Of the content; absent while there is none. */
  readonly rank?: string;
  readonly isGone?: true;
}

/** Where the content of a large record is: so many parts, all with this token. */
export interface Packed {
  readonly parts: number;
  readonly token: string;
}

export type Content = RankedContent & { readonly record?: ImageRecord };

/** Fields of a document that hold the content: all that may have to go when another content takes its place. */
const CONTENT: Readonly<Record<Exclude<keyof ReadRecord | keyof FailedRecord, "uri" | "object">, true>> = {
  schema: true,
  engine: true,
  values: true,
  format: true,
  mimeType: true,
  width: true,
  height: true,
  orientation: true,
  summary: true,
  tags: true,
  thumbnail: true,
  warnings: true,
  read: true,
  error: true,
};

/** Fields of every document that has no such field otherwise. */
export const CLEARED: readonly string[] = [...Object.keys(CONTENT), "object", "packed", "expiresAt"];

/** Of the 1,048,576 bytes of a document; the rest is for its name and its state. */
const DOCUMENT = 1_000_000;
const PART = 1_000_000;
/** One commit takes 10 MiB. */
const PARTS = 8;
/** Items of the lists of a summary: each is an index entry, and a document has 40,000 at most. */
const ITEMS = 15_000;

/** A document's id: evenly spread whatever the addresses look like, so that no part of the database is written more than others. */
export function idOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The bucket or host of an address with a slash at its end; of a prefix, undefined where it does not say the whole of it. */
export function rootOf(uri: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/]*\//i.exec(uri)?.[0];
}

export function stateOf({ generation, ...holding }: Holding<Content>): State {
  if (holding.isGone) return { generation: `${generation}`, isGone: true };
  const { metageneration, content } = holding;
  return { generation: `${generation}`, metageneration: `${metageneration}`, ...(content && { rank: content.rank }) };
}

/** What is held by a document with this state, without its record, and an object in place of its own: the rules look at neither. */
export function holdingOf({ generation, metageneration, rank, isGone }: State): Holding<Content> {
  if (isGone) return { generation: BigInt(generation), isGone };
  return {
    generation: BigInt(generation),
    metageneration: BigInt(metageneration ?? 0),
    object: {},
    ...(rank !== undefined && { content: { rank } }),
  };
}

export interface Written {
  readonly fields: Fields;
  /** The bytes of each part; empty where the content is in the fields. */
  readonly parts: readonly Uint8Array[];
  /** What the parts have in common with their document. */
  readonly token: string | undefined;
}

/** The fields of a record's content. Throws TypeError for what is no JSON. */
export function contentFields({ uri: _, object: __, ...content }: ImageRecord): Written {
  const json = JSON.stringify(content);
  // Most records are far smaller than a document, in text too; then there is nothing to measure.
  const fields = encoded(content as unknown as Json) as Fields;
  if ((json.length < DOCUMENT / 4 || sizeOf(fields) <= DOCUMENT) && itemsOf(fields) <= ITEMS)
    return { fields, parts: [], token: undefined };
  const parts = packed(json) ?? packed(JSON.stringify(withoutTags(content as Omit<ReadRecord, "uri" | "object">))) ?? [];
  const kept = Object.fromEntries(Object.entries(fields).filter(([name]) => name !== "tags" && name !== "warnings"));
  const token = randomUUID();
  kept.packed = { parts: parts.length, token };
  if (sizeOf(kept) > DOCUMENT || itemsOf(kept) > ITEMS) kept.summary = shortened(kept.summary as Fields | undefined);
  return { fields: kept, parts, token };
}

/** The content that `contentFields` was given. */
export function contentOf(fields: Fields, parts: readonly Uint8Array[]): Fields {
  if (fields.packed !== undefined) return JSON.parse(gunzipSync(Buffer.concat(parts)).toString());
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => Object.hasOwn(CONTENT, name))
      .map(([name, value]) => [name, decoded(value)]),
  );
}

function packed(json: string): Uint8Array[] | undefined {
  const bytes = gzipSync(json);
  if (bytes.length > PARTS * PART) return undefined;
  return Array.from({ length: Math.ceil(bytes.length / PART) }, (_, i) => bytes.subarray(i * PART, (i + 1) * PART));
}

function withoutTags(content: Omit<ReadRecord, "uri" | "object">): object {
  const message = `The tags are larger than Firestore takes in one commit (${PARTS} MB, compressed) and were left out`;
  return { ...content, tags: {}, warnings: [...content.warnings, { code: "LIMIT_EXCEEDED", message }] };
}

/** What people search by: the short values, and no long lists. */
function shortened(summary: Fields = {}): Fields {
  return Object.fromEntries(Object.entries(summary).filter(([, value]) => sizeOf(value) <= 1_500));
}

function itemsOf({ summary }: Fields): number {
  if (typeof summary !== "object" || summary === null) return 0;
  return Object.values(summary).reduce<number>((sum, value) => sum + (Array.isArray(value) ? value.length : 1), 0);
}
