import { redacted } from "./secrets.ts";
import type { ErrorCode } from "./types.ts";

/**
 * The one error class: a stable `code`, a message that says what was tried and what to do, the `cause` kept. A refusal of access has a
 * stable `reason` too, such as `SIGNED_URL_EXPIRED`, with which its message begins. Secrets are hidden from the message.
 */
export class ImagemetaError extends Error {
  override readonly name = "ImagemetaError";
  readonly code: ErrorCode;
  readonly reason?: string;

  constructor(code: ErrorCode, message: string, { reason, ...options }: { readonly cause?: unknown; readonly reason?: string } = {}) {
    super(redacted(reason === undefined ? message : `${reason}: ${message}`), options);
    this.code = code;
    if (reason !== undefined) this.reason = reason;
  }
}
