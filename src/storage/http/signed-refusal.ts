/** Why a signed address is not taken, by the error code in the body (Cloud Storage XML API, "HTTP status and error codes"; Amazon S3 and Azure say it alike). */
import { ImagemetaError } from "../../record/errors.ts";
import type { Answer } from "./transport.ts";

export function signedRefusal(what: string, { status, body }: Answer): ImagemetaError {
  const text = Buffer.from(body.subarray(0, 4096)).toString();
  const [, code = ""] = /<Code>(\w+)<\/Code>/.exec(text) ?? [];
  // S3 and Azure tell of the time in words alone.
  if (code === "ExpiredToken" || /\bexpired\b|not valid (?:yet|at this time)|Signed expiry time/i.test(text))
    return new ImagemetaError("UNAUTHENTICATED", `${what}: the signed address has expired, or is not valid yet; have it signed anew`, {
      reason: "SIGNED_URL_EXPIRED",
    });
  if (code === "SignatureDoesNotMatch" || code === "AuthenticationFailed")
    return new ImagemetaError(
      "UNAUTHENTICATED",
      `${what}: the signature is not that of this request: the address was changed after it was signed`,
      {
        reason: "SIGNED_URL_SIGNATURE",
      },
    );
  if (status === 400)
    return new ImagemetaError("UNAUTHENTICATED", `${what}: the signed address is not whole (${code || "400"}); have it signed anew`, {
      reason: "SIGNED_URL_MALFORMED",
    });
  return new ImagemetaError("FORBIDDEN", `${what}: whoever signed the address may not read the object (${code || status})`, {
    reason: "SIGNED_URL_FORBIDDEN",
  });
}
