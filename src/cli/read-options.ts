/** What `imagemeta read` may be told. */

export const FORMATS = ["json", "ndjson", "csv", "table"] as const;
export type FormatName = (typeof FORMATS)[number];

export interface ReadCommandOptions {
  readonly prefix?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly file?: readonly string[];
  readonly bucket?: readonly string[];
  readonly write?: string;
  readonly format?: FormatName;
  readonly numeric?: true;
  readonly only?: readonly string[];
  readonly tags?: readonly string[];
  readonly all?: true;
  readonly thorough?: true;
  readonly concurrency: number;
  readonly userProject?: string;
  readonly quiet?: true;
}
