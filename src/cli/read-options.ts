/** What `imagemeta read` may be told. */
import type { SourceOptions } from "./image-sources.ts";

export const FORMATS = ["json", "ndjson", "csv", "table"] as const;
type FormatName = (typeof FORMATS)[number];

/** In which form records are given, and where. */
export interface FormatOptions {
  readonly format?: FormatName;
  readonly write?: string;
  readonly only?: readonly string[];
  readonly tags?: readonly string[];
}

export interface ReadCommandOptions extends SourceOptions, FormatOptions {
  readonly quiet?: true;
}
