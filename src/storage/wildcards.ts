/** Wildcards in the words of a user. What they match is in glob.ts, which is loaded only where something is matched. */

/** Does the text hold a wildcard? */
export function isGlob(text: string): boolean {
  return /[*?]|\[[^[\]]*\]|\{[^{}]*\}/.test(text);
}

/** The part before the first wildcard. */
export function literalPrefix(glob: string): string {
  return glob.slice(0, glob.search(/[*?[{\\]|$/));
}
