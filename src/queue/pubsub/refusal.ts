/** What Pub/Sub refused, in words: gRPC's status codes that another try does not mend (google.rpc.Code). */
import { HOW_TO_SIGN_IN, isUnauthenticated } from "../../auth/refusal.ts";
import { ImagemetaError } from "../../record/errors.ts";
import type { ErrorCode } from "../../record/types.ts";

const REFUSALS: Readonly<Record<number, ErrorCode>> = { 3: "MALFORMED", 5: "NOT_FOUND", 7: "FORBIDDEN", 16: "UNAUTHENTICATED" };

const ADVICE: Partial<Record<ErrorCode, string>> = {
  MALFORMED: "it is not as Pub/Sub takes it",
  UNAUTHENTICATED: HOW_TO_SIGN_IN,
  UNAVAILABLE: "try again later",
};

/** Of a message: the library adds one for each of its own tries. */
const LONGEST = 300;

/** @param advice what to do where it is not there or not allowed */
export function refusal(doing: string, cause: unknown, advice: { readonly NOT_FOUND: string; readonly FORBIDDEN: string }): ImagemetaError {
  const code = codeOf(cause);
  // It says itself what to do.
  if (isUnauthenticated(cause)) return new ImagemetaError("UNAUTHENTICATED", `${doing}: ${(cause as Error).message}`, { cause });
  const why = (cause instanceof Error ? cause.message : String(cause)).slice(0, LONGEST);
  const what = { ...ADVICE, ...advice }[code] ?? "";
  return new ImagemetaError(code, `${doing}: ${why}; ${what}`, { cause });
}

function codeOf(cause: unknown): ErrorCode {
  const status = cause instanceof Error && "code" in cause ? Number(cause.code) : Number.NaN;
  return REFUSALS[status] ?? "UNAVAILABLE";
}
