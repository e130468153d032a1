import type { ErrorCode } from "./types.ts";

/** The one error class: a stable `code`, a message that says what was tried and what to do, the `cause` kept. */
export class ImagemetaError extends Error {
  override readonly name = "ImagemetaError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
