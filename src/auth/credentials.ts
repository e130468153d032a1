/** Access tokens by the credentials that are found, for our own requests and for Google's clients. */
import type { OAuth2Client } from "google-auth-library";
import { ImagemetaError } from "../record/errors.ts";
import { fetchToken } from "./credential.ts";
import { findCredential } from "./find.ts";
import type { CredentialOptions } from "./options.ts";
import { HOW_TO_SIGN_IN, tokenRefusal } from "./refusal.ts";
import { sharedToken } from "./shared-token.ts";
import type { TokenSource } from "./token-source.ts";

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
      throw thrown instanceof ImagemetaError ? thrown : tokenRefusal(thrown);
    }
  });
}

/** google.rpc.Code UNAUTHENTICATED: Google's clients of gRPC do not try again then. */
const RPC_UNAUTHENTICATED = 16;

/** For Google's own clients: each request takes the shared token. */
export async function googleClient(options: CredentialOptions, scopes: readonly string[]): Promise<OAuth2Client> {
  const { OAuth2Client } = await import("google-auth-library");
  const tokens = tokensFor(options, scopes);
  const client = new OAuth2Client({ eagerRefreshThresholdMillis: 0 });
  client.refreshHandler = async () => {
    try {
      // Held by `tokens`, and here for no longer than a request.
      return { access_token: await tokenOf(tokens), expiry_date: Date.now() };
    } catch (thrown) {
      const isFinal = thrown instanceof ImagemetaError && thrown.code === "UNAUTHENTICATED";
      throw isFinal ? Object.assign(new Error(thrown.message), { code: RPC_UNAUTHENTICATED }) : thrown;
    }
  };
  return client;
}

/** A token, where there must be one. @throws ImagemetaError UNAUTHENTICATED, UNAVAILABLE */
export async function tokenOf(tokens: TokenSource): Promise<string> {
  const token = await tokens.token();
  if (token !== undefined) return token;
  throw new ImagemetaError("UNAUTHENTICATED", `no credentials were found: ${HOW_TO_SIGN_IN}`, { reason: "NOT_LOGGED_IN" });
}
