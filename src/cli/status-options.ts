/** What `imagemeta status` may be told. */
import type { AccessOptions } from "./access.ts";

export interface StatusCommandOptions extends AccessOptions {
  readonly subscription: string;
  readonly to?: string;
  readonly deadLetterSubscription?: string;
  readonly bucket?: string;
  readonly monitoringEndpoint?: string;
  readonly format: "table" | "json";
  readonly project?: string;
  readonly userProject?: string;
}
