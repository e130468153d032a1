import { redacted } from "./secrets.ts";
import type { ErrorCode } from "./types.ts";

/**
 * The one error class: a stable `code`, a message that says what was tried and what to do, the `cause` kept. A refusal of access has a
 * stable `reason` too, such as `SIGNED_URL_EXPIRED`, with which its message begins. Neither message nor cause has secrets in it.
 */
export class ImagemetaError extends Error {
  override readonly name = "ImagemetaError";
  readonly code: ErrorCode;
  readonly reason?: string;

  constructor(code: ErrorCode, message: string, { reason, cause }: { readonly cause?: unknown; readonly reason?: string } = {}) {
    super(redacted(reason === undefined ? message : `${reason}: ${message}`), cause === undefined ? {} : { cause: withoutRequest(cause) });
    this.code = code;
    if (reason !== undefined) this.reason = reason;
  }
}

/** An HTTP client's error holds the request that it sent, with tokens in headers and body: what it says is kept, and where it came from. */
function withoutRequest(cause: unknown): unknown {
  if (!(cause instanceof Error) || !("config" in cause || "request" in cause || "response" in cause)) return cause;
  const { name, message, stack, code, status } = cause as Error & { readonly code?: unknown; readonly status?: unknown };
  const bare = Object.assign(new Error(redacted(message)), { name, code, status });
  bare.stack = redacted(stack ?? "");
  return bare;
}
