/** One access token for all requests: cached, renewed ahead of its expiry, renewed once where it was refused. */
import { keepSecret } from "../record/secrets.ts";
import type { TokenSource } from "./token-source.ts";

/** A token is renewed in the background this long before it expires, in milliseconds. */
const AHEAD = 5 * 60_000;

export interface FetchedToken {
  readonly token: string;
  /** Milliseconds since 1970; undefined where it is not known. */
  readonly expires: number | undefined;
}

/** `fetch` gives undefined where there are no credentials; then it stays so. */
export function sharedToken(fetch: () => Promise<FetchedToken | undefined>, now: () => number = Date.now): TokenSource {
  let held: FetchedToken | undefined;
  let fetching: Promise<string | undefined> | undefined;
  let isAnonymous = false;
  const renew = (): Promise<string | undefined> => {
    fetching ??= fetch()
      .then((fetched) => {
        held = fetched;
        isAnonymous = fetched === undefined;
        keepSecret(fetched?.token);
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
