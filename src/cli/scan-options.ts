/** What `imagemeta scan` and `imagemeta check` may be told. */
import type { Shard } from "../pipeline/scan/shard.ts";
import type { AccessOptions } from "./access.ts";
import type { Narrowing } from "./narrowed.ts";
import type { ReadingOptions } from "./readers.ts";

/** Which objects of the source. */
export interface PlaceOptions extends Narrowing, AccessOptions {
  readonly all?: true;
  readonly storageClass?: readonly string[];
  readonly shard?: Shard;
  readonly userProject?: string;
  readonly quiet?: true;
}

export const REREADS = ["errors", "older-engine"] as const;

export interface ScanCommandOptions extends PlaceOptions, ReadingOptions {
  readonly to: string;
  readonly printed?: true;
  readonly full?: true;
  readonly reread?: readonly (typeof REREADS)[number][];
  readonly prune?: true;
  readonly dryRun?: true;
  /** Seconds. */
  readonly storeWait: number;
}

export const CHECK_FORMATS = ["text", "json"] as const;

export interface CheckCommandOptions extends PlaceOptions {
  readonly in: string;
  readonly format: (typeof CHECK_FORMATS)[number];
}
