/** What `imagemeta export` may be told. */
import type { AccessOptions } from "./access.ts";
import type { FormatOptions } from "./read-options.ts";

export interface ExportCommandOptions extends FormatOptions, AccessOptions {
  readonly from: string;
  readonly where?: string;
  readonly prefix?: string;
  readonly quiet?: true;
}
