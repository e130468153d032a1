/**
 * Keys of a `Map` or a `Set` for numbers that a file chooses. V8 hashes numbers without a secret, so a file may hold thousands whose
 * hashes collide, and a table of them takes quadratic time. Its hashes of texts have a secret.
 */
export function numberKey(number: number | bigint): string {
  return `#${number}`;
}
