/** Arrays of bytes: joined, searched, seen as numbers. */

/** All parts, one behind the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Offset of the first place from `from` on where `sought`, of one byte or more, stands; -1 if there is none. */
export function indexOfBytes(bytes: Uint8Array, sought: readonly [number, ...number[]], from = 0): number {
  for (let at = bytes.indexOf(sought[0], from); at >= 0; at = bytes.indexOf(sought[0], at + 1)) {
    if (sought.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}
