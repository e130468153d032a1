/** Numbers to so many digits, as C's `printf` writes them and ExifTool gives them. */

/** A number to `digits` significant digits, as C's `%.{digits}g` and back: rationals of 64 bits are given to 10, of 32 bits to 7. */
export function significant(value: number, digits: number): number {
  if (digits === 10) {
    const near = tenDigits(value);
    if (near !== undefined) return near;
  }
  const rounded = Number(value.toPrecision(digits));
  return Number.isFinite(rounded) ? rounded : value;
}

/** Quickly, as most numbers can be; undefined for the others: those so near the middle that the last digit is not certain. */
function tenDigits(value: number): number | undefined {
  const size = Math.abs(value);
  if (!(size >= 1e-6 && size < 1e9)) return undefined;
  let scale = 10;
  while (size * scale < 1e9) scale *= 10;
  const scaled = value * scale;
  const whole = Math.round(scaled);
  return Math.abs(Math.abs(scaled - whole) - 0.5) < 1e-4 || Math.abs(whole) >= 1e10 ? undefined : whole / scale;
}

/** A number with `digits` decimals as C's `%.{digits}f` writes it: halves go to the even neighbour, where `toFixed` takes the larger. */
export function decimals(value: number, digits: number): string {
  const scaled = Math.abs(value) * 10 ** digits;
  if (scaled % 1 !== 0.5 || scaled > 2 ** 50) return value.toFixed(digits);
  const exact = value.toFixed(Math.min(100, digits + 30));
  const cut = exact.length - 30;
  const isTie = /^50*$/.test(exact.slice(cut));
  const isEven = (exact.charCodeAt(digits === 0 ? cut - 2 : cut - 1) & 1) === 0;
  return isTie && isEven ? exact.slice(0, digits === 0 ? cut - 1 : cut) : value.toFixed(digits);
}
