/** What counts as bytes, from whichever realm they come (an iframe, a worker, a `vm` context). */
import { ImagemetaError } from "../record/errors.ts";

export type Bytes = ArrayBufferView | ArrayBuffer | SharedArrayBuffer;

/** Of newer browsers; older ones have neither. */
type BackingBuffer = (ArrayBuffer | SharedArrayBuffer) & { readonly detached?: boolean; readonly resizable?: boolean };

export function isBytes(value: unknown): value is Bytes {
  return ArrayBuffer.isView(value) || isBuffer(value);
}

function isBuffer(value: unknown): value is ArrayBuffer | SharedArrayBuffer {
  // A page that is not isolated has no SharedArrayBuffer, so neither is asked for by name.
  return typeof value === "object" && /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));
}

/**
 * The bytes, without a copy if nobody else can change them: shared and resizable buffers are copied, because browsers decode no text of them.
 * @throws ImagemetaError NOT_AN_IMAGE if they are not bytes; EMPTY if the buffer is detached
 */
export function bytesOf(value: unknown, name = "the source"): Uint8Array {
  if (!isBytes(value)) throw new ImagemetaError("NOT_AN_IMAGE", `${name} is not bytes: ${kindOf(value)}`);
  const buffer: BackingBuffer = ArrayBuffer.isView(value) ? value.buffer : value;
  if (buffer.detached) throw new ImagemetaError("EMPTY", `${name} is a detached buffer: its bytes were given away`);
  try {
    const bytes = ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : new Uint8Array(value);
    return buffer.resizable || !isOrdinary(buffer) ? new Uint8Array(bytes) : bytes;
  } catch (cause) {
    // A view whose buffer was made shorter, or was detached in a browser that does not say so.
    throw new ImagemetaError("EMPTY", `${name} lies outside its buffer`, { cause });
  }
}

function isOrdinary(buffer: BackingBuffer): boolean {
  return Object.prototype.toString.call(buffer) === "[object ArrayBuffer]";
}

/** For a message: `a string`, `null`, `a Promise`. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  return `an object of type ${Object.prototype.toString.call(value).slice(8, -1)}`;
}
