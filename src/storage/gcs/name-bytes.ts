/** Names as the bytes they are ordered by: UTF-8. */

/** Bytes of a name at most. */
export const LONGEST_NAME = 1024;

export const bytesOf = (name: string): Uint8Array => Buffer.from(name);

/**
 * The name that begins with these bytes: a character that is cut off becomes the least that begins so, a line break the character
 * after. Undefined where no name begins so.
 */
export function nameFrom(bytes: readonly number[]): string | undefined {
  const whole = bytes.map((byte) => (byte === 0x0a || byte === 0x0d ? byte + 1 : byte));
  let lead = whole.length - 1;
  while (lead > 0 && ((whole[lead] ?? 0) & 0xc0) === 0x80) lead--;
  const first = whole[lead] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  while (whole.length < lead + length) {
    const isSecond = whole.length === lead + 1;
    whole.push(isSecond && first === 0xe0 ? 0xa0 : isSecond && first === 0xf0 ? 0x90 : 0x80);
  }
  const name = Buffer.from(whole).toString();
  return whole.length > LONGEST_NAME || name.includes("\ufffd") ? undefined : name;
}

/** How many bytes both begin with. */
export function commonLength(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at < shorter && a[at] === b[at]) at++;
  return at;
}

/** The least name that is above all names with a prefix; undefined where there is none. */
export function above(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  for (;;) {
    let next = (points.pop() ?? 0x10ffff) + 1;
    while (next === 0x0a || next === 0x0d) next++;
    if (next >= 0xd800 && next <= 0xdfff) next = 0xe000;
    if (next <= 0x10ffff) return String.fromCodePoint(...points, next);
    if (points.length === 0) return undefined;
  }
}
