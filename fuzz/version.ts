/** How one version of the engine decodes blocks: what differs between this checkout and those that stand in for it. */
import type { Budget } from "../src/metadata/budget.ts";
import type { ByteWindow } from "../src/metadata/bytes/window.ts";
import type { Block, Findings } from "../src/metadata/contracts.ts";
import type { FoundWarning } from "../src/metadata/warnings.ts";
import type { Tags } from "../src/record/types.ts";

export type Context = Block["context"];

/** A decoder of any version, or one that is planted. What it takes as a block is known to its version. */
export interface AnyDecoder {
  readonly kind: string;
  decode(block: unknown, found: Findings): void;
}

/** What the tags and warnings of one block become. */
export interface Alone {
  readonly found: Findings & { readonly warnings: readonly FoundWarning[] };
  /** The tags as JSON has them; `failed` gets what a print function has thrown. */
  tags(failed: (cause: unknown) => void): Tags;
}

/** How a version of the engine decodes blocks. */
export interface Blocks {
  readonly decoders: readonly AnyDecoder[];
  /** The block as its decoder takes it. */
  given(kind: string, data: ByteWindow, context: Context): unknown;
  alone(kind: string, data: ByteWindow, budget: Budget): Alone;
}

/** Loads a module of the engine by its path. The types are those of this checkout: an older engine has the same names. */
export type Load = <T>(path: string) => Promise<T>;
