/** What `imagemeta serve` may be told. */
import type { ServiceOptions } from "./service.ts";

export interface ServeCommandOptions extends ServiceOptions {
  readonly pushAudience?: readonly string[];
  readonly pushEmail?: readonly string[];
  readonly pushIssuer?: readonly string[];
  readonly pushKeys?: string;
}
