/** What `imagemeta login` may be told. */
export const BROWSERS = ["auto", "open", "print"] as const;

export interface LoginCommandOptions {
  readonly clientSecret?: string;
  readonly allow: readonly string[];
  readonly browser: (typeof BROWSERS)[number];
  /** Seconds. */
  readonly timeout: number;
}
