/**
 * Which object names are meant, by globs of one dialect for every storage: see record/name-glob.ts. A glob without a slash matches the
 * last part of the name, one with a slash or with `**` the whole name.
 */
import { Glob } from "../record/name-glob.ts";
import type { Location } from "./contract.ts";

/** @throws ImagemetaError LIMIT_EXCEEDED if the glob is too long */
export function matcher(text: string): (name: string) => boolean {
  const glob = new Glob(text.startsWith("/") ? text.slice(1) : text);
  return text.includes("/") || text.includes("**")
    ? (name) => glob.matches(name)
    : (name) => glob.matches(name.slice(name.lastIndexOf("/") + 1));
}

/** Whether a name is one of those that a location means. */
export function nameFilter(where: Location): (name: string) => boolean {
  const { prefix = "", include = [], exclude = [] } = where;
  const [wanted, unwanted] = [include.map(matcher), exclude.map(matcher)];
  return (name) =>
    name.startsWith(prefix) &&
    (wanted.length === 0 || wanted.some((matches) => matches(name))) &&
    !unwanted.some((matches) => matches(name));
}
