/**
 * Globs of object names, one dialect for every storage: that of Cloud Storage's matchGlob and URI wildcards.
 * `*` and `?` stay within one level, `**` crosses levels wherever it stands, `[a-z]` and `{a,b}` as everywhere; names that start
 * with a dot are names like others. A glob without a slash
 * matches the last part of the name, one with a slash before it the whole name.
 */
import picomatch from "picomatch";
import type { Location } from "./contract.ts";

const OPTIONS = { dot: true, nonegate: true, noextglob: true, strictSlashes: true, windows: false } as const;

export function matcher(text: string): (name: string) => boolean {
  const glob = text.startsWith("/") ? text.slice(1) : text;
  // picomatch takes `**` for `*` where it shares its level with anything else.
  const crossing = glob.replace(/\*{2,}/g, (stars, at: number) => {
    const [before, after] = [glob[at - 1] ?? "/", glob[at + stars.length] ?? "/"];
    return before === "/" && after === "/" ? "**" : "{*,*/**/*}";
  });
  const test = picomatch(crossing, OPTIONS);
  return text.includes("/") || glob.includes("**") ? (name) => test(name) : (name) => test(name.slice(name.lastIndexOf("/") + 1));
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
