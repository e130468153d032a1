/** Acting as a service account: a token of its own by one that may have it (IAM Service Account Credentials API v1, `generateAccessToken`). */
import type { AuthClient } from "google-auth-library";
import type { Credential } from "./credential.ts";
import { PLATFORM } from "./scopes.ts";

/** Seconds that a token is asked for. */
const LIFETIME = 3600;
const IAM_ENDPOINT = "https://iamcredentials.googleapis.com";

/** Where the tokens of a service account are had. */
export function tokenAddress(email: string, endpoint: string = IAM_ENDPOINT): string {
  return `${endpoint}/v1/projects/-/serviceAccounts/${encodeURIComponent(email)}:generateAccessToken`;
}

/** The service account that such an address names. */
export function targetOf(address: string | undefined): string | undefined {
  const [, target] = /\/([^/]{1,256}):generateAccessToken$/.exec(address ?? "") ?? [];
  return target === undefined ? undefined : decodeURIComponent(target);
}

/** @param address of the target's tokens. @param delegates service accounts that it goes through, each of which may act as the next */
export function impersonating(source: Pick<Credential, "client">, address: string, delegates: readonly string[]): Credential["client"] {
  return async (scopes): Promise<AuthClient> => {
    const { OAuth2Client } = await import("google-auth-library");
    const caller = await source.client([PLATFORM]);
    const client = new OAuth2Client();
    client.refreshHandler = async () => {
      const { data } = await caller.request<{ readonly accessToken: string; readonly expireTime: string }>({
        url: address,
        method: "POST",
        data: { delegates: delegates.map((email) => `projects/-/serviceAccounts/${email}`), scope: scopes, lifetime: `${LIFETIME}s` },
        retry: true,
      });
      return { access_token: data.accessToken, expiry_date: Date.parse(data.expireTime) };
    };
    return client;
  };
}
