/** Access tokens by the credentials that are found, for our own requests and for Google's clients. */
import type { OAuth2Client } from "google-auth-library";
import { ImagemetaError } from "../record/errors.ts";
import { fetchToken } from "./credential.ts";
import { findCredential } from "./find.ts";
import type { CredentialOptions } from "./options.ts";
import { sharedToken } from "./shared-token.ts";
import type { TokenSource } from "./token-source.ts";

/** What someone without credentials can do. */
export const HOW_TO_SIGN_IN =
  "run `imagemeta login` or `gcloud auth application-default login`, or give --credentials FILE (docs/access.md)";

const sources = new Map<string, TokenSource>();

/** One token for each set of scopes, shared by all of this process that take the same credentials. */
export function tokensFor(options: CredentialOptions, scopes: readonly string[]): TokenSource {
  const key = JSON.stringify([options, scopes]);
  let source = sources.get(key);
  if (source === undefined) {
    source = newTokens(options, scopes);
    sources.set(key, source);
  }
  return source;
}

/** The same with a token of its own. */
export function newTokens(options: CredentialOptions, scopes: readonly string[]): TokenSource {
  return sharedToken(async () => {
    try {
      const found = await findCredential(options);
      return found === undefined ? undefined : await fetchToken(await found.client(scopes));
    } catch (thrown) {
      throw thrown instanceof ImagemetaError ? thrown : refusal(thrown);
    }
  });
}

/** For Google's own clients: each request takes the shared token. */
export async function googleClient(options: CredentialOptions, scopes: readonly string[]): Promise<OAuth2Client> {
  const { OAuth2Client } = await import("google-auth-library");
  const tokens = tokensFor(options, scopes);
  const client = new OAuth2Client({ eagerRefreshThresholdMillis: 0 });
  client.refreshHandler = async () => {
    const token = await tokens.token();
    if (token === undefined)
      throw new ImagemetaError("UNAUTHENTICATED", `no credentials were found: ${HOW_TO_SIGN_IN}`, { reason: "NOT_LOGGED_IN" });
    // Held by `tokens`, and here for no longer than a request.
    return { access_token: token, expiry_date: Date.now() };
  };
  return client;
}

/** Google's answer to a refresh token that is no longer good says `expired`, `revoked`, or both. */
function refusal(thrown: unknown): ImagemetaError {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
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

/** A token server that is not reached, or not well, says nothing of the credentials. */
function isTransient(thrown: unknown): boolean {
  const { status, code } = thrown as { status?: number; code?: unknown };
  return status === undefined
    ? /^E(CONN|AI_|TIMEDOUT|NOTFOUND|HOSTUNREACH|NETUNREACH|PIPE)/.test(String(code))
    : status === 429 || status >= 500;
}
