/** Where requests get their access tokens: one for all requests of a run. */
export interface TokenSource {
  /** The token, without a promise where it is at hand; undefined where there are no credentials and requests go anonymously. */
  token(): string | undefined | Promise<string | undefined>;
  /** The server refused this token: a newer one is fetched, once for all requests that it was refused to. */
  refused(token: string): Promise<void>;
}

/** No credentials: for emulators and public buckets. */
export const anonymous: TokenSource = {
  token: () => undefined,
  async refused() {},
};
