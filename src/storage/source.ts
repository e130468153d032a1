/** What a user's word for images means: one object, or all objects of a place. */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ImagemetaError } from "../record/errors.ts";
import type { Location, StorageObject } from "./contract.ts";
import { isGlob, literalPrefix } from "./wildcards.ts";

export type Source = { readonly object: StorageObject } | { readonly where: Location };

/**
 * `gs://bucket/name`, `gs://bucket`, `gs://bucket/prefix/`, `gs://bucket/*.jpg`; a path, `file:///…`; `https://…`; `-`.
 * @throws ImagemetaError NOT_FOUND where a path names nothing, or the word is no address
 */
export async function sourceOf(text: string): Promise<Source> {
  if (text === "-" || /^https?:\/\//i.test(text)) return { object: { uri: text } };
  const gs = /^gs:\/\/([^/]*)(?:\/([\s\S]*))?$/i.exec(text);
  if (gs !== null) return bucketSource(gs[1] ?? "", gs[2] ?? "", text);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) && !/^file:/i.test(text)) {
    throw new ImagemetaError("NOT_FOUND", `${text} is no address of a storage: write gs://…, https://…, file:///…, a path or -`);
  }
  return fileSource(/^file:\/\//i.test(text) ? new URL(text) : pathToFileURL(resolve(text)), text);
}

/** One object of a bucket by `/bucket/name` or `gs://bucket/name`; wildcards mean themselves. */
export function objectSource(text: string): Source {
  const [, bucket = "", name = ""] = /^(?:gs:\/)?\/([^/]+)\/([\s\S]+)$/i.exec(text) ?? [];
  if (bucket === "") throw new ImagemetaError("NOT_FOUND", `${text} names no object: write /bucket/name or gs://bucket/name`);
  return { object: { uri: `gs://${bucket}/${name}` } };
}

/** All objects of a bucket whose names start with `prefix`. */
export function bucketLocation(bucket: string, prefix = ""): Location {
  const name = bucket.replace(/^gs:\/\//i, "").replace(/\/$/, "");
  if (!/^[a-z0-9][a-z0-9._:-]+$/i.test(name)) throw new ImagemetaError("NOT_FOUND", `${bucket} is no name of a bucket`);
  return { root: `gs://${name}`, prefix };
}

function bucketSource(bucket: string, name: string, text: string): Source {
  if (isGlob(bucket)) throw new ImagemetaError("NOT_FOUND", `${text}: wildcards stand for names of objects, not of buckets`);
  const where = bucketLocation(bucket, name);
  if (isGlob(name)) return { where: { ...where, prefix: literalPrefix(name), include: [`/${name}`] } };
  return name === "" || name.endsWith("/") ? { where } : { object: { uri: `${where.root}/${name}` } };
}

async function fileSource(url: URL, text: string): Promise<Source> {
  const found = await stat(url).catch(() => undefined);
  if (found?.isDirectory()) return { where: { root: url.href.replace(/\/*$/, "/") } };
  // What is not there is the record's error, as for any other object; a glob that the shell left is a walk.
  if (found !== undefined || !isGlob(text)) return { object: { uri: url.href } };
  const path = resolve(text);
  const base = literalPrefix(path);
  const folder = base.slice(0, base.lastIndexOf("/") + 1);
  return { where: { root: pathToFileURL(folder).href, include: [`/${path.slice(folder.length)}`] } };
}
