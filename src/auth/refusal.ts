/** Why no token was had, and what to do. */
import { ImagemetaError } from "../record/errors.ts";

/** What someone without credentials can do. */
export const HOW_TO_SIGN_IN =
  "run `imagemeta login` or `gcloud auth application-default login`, or give --credentials FILE (docs/access.md)";

/** Google's answer to a refresh token that is no longer good says `expired`, `revoked`, or both. */
export function tokenRefusal(thrown: unknown): ImagemetaError {
  const message = failureText(thrown);
  const description = descriptionOf(thrown);
  const what = `no access token could be had with the credentials that were found: ${message}${description === "" ? "" : ` (${description})`}`;
  if (isTransient(thrown)) return new ImagemetaError("UNAVAILABLE", `${what}. Try again later`, { cause: thrown });
  const isEnded = /invalid_grant/.test(message);
  const [expired, revoked] = [/expired/i.test(description), /revoked/i.test(description)];
  const reason = !isEnded ? "CREDENTIALS_REFUSED" : expired === revoked ? "LOGIN_ENDED" : expired ? "LOGIN_EXPIRED" : "LOGIN_REVOKED";
  return new ImagemetaError("UNAUTHENTICATED", `${what}. ${HOW_TO_SIGN_IN.replace("run", "Run")}`, { cause: thrown, reason });
}

function descriptionOf(thrown: unknown): string {
  const { response } = thrown as { readonly response?: { readonly data?: unknown } };
  const { error_description: said } = (response?.data ?? {}) as { readonly error_description?: unknown };
  return typeof said === "string" ? said.slice(0, 300) : "";
}

/** What the library says of a failure; of an empty answer it says nothing. */
export function failureText(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { status } = thrown as { readonly status?: number };
  return thrown.message || `the server answered ${status ?? "nothing"}`;
}

/** Is this, through whatever library it came, that there are no credentials, or none that are good? */
export function isUnauthenticated(thrown: unknown): boolean {
  return /\b(?:NOT_LOGGED_IN|SCOPE_NOT_GRANTED|CREDENTIALS_[A-Z]+|LOGIN_[A-Z]+): /.test(thrown instanceof Error ? thrown.message : "");
}

/** A token server that is not reached, or not well, says nothing of the credentials. */
export function isTransient(thrown: unknown): boolean {
  const { status, code } = thrown as { status?: number; code?: unknown };
  return status === undefined
    ? /^E(CONN|AI_|TIMEDOUT|NOTFOUND|HOSTUNREACH|NETUNREACH|PIPE)/.test(String(code))
    : status === 429 || status >= 500;
}
