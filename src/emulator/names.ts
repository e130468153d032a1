// Object names: which are allowed, and which of them can be the name of a file.
// Google Cloud Storage "About object names": 1 to 1024 bytes of UTF-8, no carriage return or line feed, not `.` or `..`.
import { createHash } from "node:crypto";

/** The folder in which the emulator keeps what files cannot say; it is never listed. */
export const SIDECAR = ".imagemeta";

/** Whether Google Cloud Storage takes `name` as the name of an object. */
export function isObjectName(name: string): boolean {
  const bytes = Buffer.byteLength(name);
  return bytes >= 1 && bytes <= 1024 && !/[\r\n]/.test(name) && name !== "." && name !== ".." && name.isWellFormed();
}

/** Whether an object of this name can be a file of this path below the bucket's folder. */
export function isFilePath(name: string): boolean {
  return !name.includes("\0") && name.split("/").every(isFileName);
}

const isFileName = (segment: string): boolean =>
  segment !== "" && segment !== "." && segment !== ".." && segment !== SIDECAR && Buffer.byteLength(segment) <= 255;

/** The name of the file that holds an object which cannot be a file of its own name. */
export const fileNameBeside = (name: string): string => createHash("sha256").update(name).digest("hex");
