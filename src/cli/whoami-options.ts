/** What `imagemeta whoami` may be told. */
import type { AccessOptions } from "./access.ts";

export interface WhoamiCommandOptions extends AccessOptions {
  readonly format: "table" | "json";
  readonly userProject?: string;
}
