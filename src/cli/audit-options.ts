/** What `imagemeta audit` may be told. */
import type { SourceOptions } from "./image-sources.ts";

export const AUDIT_FORMATS = ["report", "json", "ndjson", "csv"] as const;

export interface AuditCommandOptions extends SourceOptions {
  readonly from?: string;
  readonly where?: string;
  readonly only?: readonly string[];
  readonly failOn?: readonly string[];
  readonly format?: (typeof AUDIT_FORMATS)[number];
  readonly write?: string;
  readonly examples: number;
  readonly quiet?: true;
}
