/**
 * Application default credentials (google.aip.dev/auth/4110): GOOGLE_APPLICATION_CREDENTIALS, the user's own login by gcloud, workload
 * identity, the metadata server. Where there are none, requests go anonymously, which is enough for public buckets.
 */
import { ImagemetaError } from "../record/errors.ts";
import type { TokenSource } from "./token-source.ts";

/** A token is renewed in the background this long before it expires, in milliseconds. */
const AHEAD = 5 * 60_000;

export interface FetchedToken {
  readonly token: string;
  /** Milliseconds since 1970; undefined where it is not known. */
  readonly expires: number | undefined;
}

/** Shares one token, renews it ahead of its expiry, and at once where it was refused. `fetch` gives undefined for no credentials. */
export function sharedToken(fetch: () => Promise<FetchedToken | undefined>, now: () => number = Date.now): TokenSource {
  let held: FetchedToken | undefined;
  let fetching: Promise<string | undefined> | undefined;
  let isAnonymous = false;
  const renew = (): Promise<string | undefined> => {
    fetching ??= fetch()
      .then((fetched) => {
        held = fetched;
        isAnonymous = fetched === undefined;
        return fetched?.token;
      })
      .finally(() => {
        fetching = undefined;
      });
    return fetching;
  };
  return {
    token() {
      if (isAnonymous) return undefined;
      const left = held === undefined ? 0 : (held.expires ?? Number.POSITIVE_INFINITY) - now();
      if (held === undefined || left <= 0) return renew();
      // The one at hand is still good, so that a failure to renew it is not yet one.
      if (left < AHEAD) renew().catch(() => {});
      return held.token;
    },
    async refused(token) {
      if (held?.token === token) held = undefined;
      if (held === undefined) await renew();
    },
  };
}

const SCOPE = "https://www.googleapis.com/auth/devstorage.read_only";

export function defaultCredentials(): TokenSource {
  return sharedToken(async () => {
    const { GoogleAuth } = await import("google-auth-library");
    try {
      // A new client each time: one that was refused would give its token again. The project is of no use here, and where it is
      // not given, it is looked up over the network.
      const client = await new GoogleAuth({ scopes: SCOPE, projectId: "none" }).getClient();
      const { token } = await client.getAccessToken();
      if (!token) throw new Error("no token was given");
      return { token, expires: client.credentials.expiry_date ?? undefined };
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      if (message.startsWith(NO_CREDENTIALS)) return undefined;
      const what = `no access token could be had with the credentials that were found: ${message}`;
      if (isTransient(thrown)) throw new ImagemetaError("UNAVAILABLE", `${what}. Try again later`, { cause: thrown });
      const advice = "Run `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS";
      throw new ImagemetaError("UNAUTHENTICATED", `${what}. ${advice}`, { cause: thrown });
    }
  });
}

/** How google-auth-library says that there are none. */
const NO_CREDENTIALS = "Could not load the default credentials";

/** A token server that is not reached, or not well, says nothing of the credentials. */
function isTransient(thrown: unknown): boolean {
  const { status, code } = thrown as { status?: number; code?: unknown };
  return status === undefined
    ? /^E(CONN|AI_|TIMEDOUT|NOTFOUND|HOSTUNREACH|NETUNREACH|PIPE)/.test(String(code))
    : status === 429 || status >= 500;
}
