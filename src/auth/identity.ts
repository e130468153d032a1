/** Whose credentials are taken, and whether they are good: each is tried, for a token of the scope that reading takes. */
import { ImagemetaError } from "../record/errors.ts";
import { keepSecret } from "../record/secrets.ts";
import { type Credential, fetchToken } from "./credential.ts";
import { findCredential } from "./find.ts";
import type { CredentialOptions } from "./options.ts";
import { projectOf } from "./project.ts";
import { tokenRefusal } from "./refusal.ts";
import { READ } from "./scopes.ts";
import type { FetchedToken } from "./shared-token.ts";

export interface Identity {
  /** What was taken, in words; `none` where requests go anonymously. */
  readonly credentials: string;
  readonly from?: string;
  readonly principal?: string;
  readonly project?: string;
  /** What the token, or the login, was given. */
  readonly scopes?: readonly string[];
  /** When the token ends, RFC 3339. */
  readonly until?: string;
  /** Why no token was had. */
  readonly refusal?: { readonly code: string; readonly reason?: string; readonly message: string };
}

const TOKEN_INFO = "https://oauth2.googleapis.com/tokeninfo";

/** Never rejects for credentials that are not good. @param tokenInfo where a token's own facts are told, for those that do not say whose they are */
export async function identityOf(options: CredentialOptions, tokenInfo: string = TOKEN_INFO): Promise<Identity> {
  const project = await projectOf(options);
  const known = project === undefined ? {} : { project };
  let found: Credential | undefined;
  try {
    found = await findCredential(options);
    if (found === undefined) return { credentials: "none: requests go anonymously", ...known };
    const fetched = await fetchToken(await found.client([READ]));
    keepSecret(fetched.token);
    return { ...factsOf(found), ...known, ...(await said(found, fetched, tokenInfo)) };
  } catch (thrown) {
    const { code, reason, message } = thrown instanceof ImagemetaError ? thrown : tokenRefusal(thrown);
    const refusal = { code, ...(reason === undefined ? {} : { reason }), message };
    return { ...(found === undefined ? { credentials: "refused" } : factsOf(found)), ...known, refusal };
  }
}

function factsOf({ kind, from, principal, granted }: Credential) {
  return {
    credentials: kind,
    from,
    ...(principal === undefined ? {} : { principal }),
    ...(granted === undefined ? {} : { scopes: granted }),
  };
}

async function said({ principal, granted }: Credential, { token, expires }: FetchedToken, tokenInfo: string): Promise<Partial<Identity>> {
  const until = expires === undefined ? {} : { until: new Date(expires).toISOString() };
  const info = principal === undefined ? await infoOf(token, tokenInfo) : undefined;
  const scopes = granted ?? info?.scope?.split(" ") ?? [READ];
  return { ...(info?.email === undefined ? {} : { principal: info.email }), scopes, ...until };
}

/** Undefined where nobody tells. */
async function infoOf(token: string, address: string): Promise<{ readonly email?: string; readonly scope?: string } | undefined> {
  try {
    const body = new URLSearchParams({ access_token: token });
    const answer = await fetch(address, { method: "POST", body, signal: AbortSignal.timeout(5000) });
    return answer.ok ? ((await answer.json()) as { readonly email?: string; readonly scope?: string }) : undefined;
  } catch {
    return undefined;
  }
}
