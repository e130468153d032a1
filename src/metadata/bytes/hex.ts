/** Bytes in hexadecimal digits, two a byte: RFC 4648 section 8. */

const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** In lower case. */
export function hex(bytes: Iterable<number>): string {
  let digits = "";
  for (const byte of bytes) digits += PAIRS[byte];
  return digits;
}

/** The value of a digit by its character code; -1 if it is not a digit. */
export function digitValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
