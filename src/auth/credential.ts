/** A credential that was found: what it is, whose, and how it gives access tokens. */
import type { AuthClient } from "google-auth-library";
import type { FetchedToken } from "./shared-token.ts";

export interface Credential {
  /** In words: `service account key`, `workload identity federation` … */
  readonly kind: string;
  /** Where it was found: a file, `the metadata server`. */
  readonly from: string;
  /** Whose it is, where that can be told without a token. */
  readonly principal?: string;
  /** The project that it belongs to, where it says so. */
  readonly project?: string;
  /** What it was granted at most, where that is known: a login's scopes. */
  readonly granted?: readonly string[];
  /** A client that asks for a new token: one that was refused would give its token again. */
  client(scopes: readonly string[]): Promise<AuthClient>;
}

/** A token of a client that holds none. Rejects with the library's error. */
export async function fetchToken(client: AuthClient): Promise<FetchedToken> {
  const { token } = await client.getAccessToken();
  if (!token) throw new Error("no token was given");
  return { token, expires: client.credentials.expiry_date ?? undefined };
}
