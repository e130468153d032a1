/** Prefixes of addresses as ranges, for stores that keep addresses in the order of their UTF-8 bytes. */

/** The first address after all that start with `prefix`; undefined where there is none. */
export function afterPrefix(prefix: string): string | undefined {
  const points = [...prefix].map((character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === 0x10ffff) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  // The surrogates, U+D800 to U+DFFF, are no characters.
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
}
