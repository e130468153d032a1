/** Decodes one block by itself, as the engine would. */
import { Budget } from "../src/metadata/budget.ts";
import { ByteWindow } from "../src/metadata/bytes/window.ts";
import type { Decoder } from "../src/metadata/contracts.ts";
import { Found } from "../src/metadata/findings.ts";
import { TagSet } from "../src/metadata/tag-set.ts";
import type { FoundWarning } from "../src/metadata/warnings.ts";
import { defaultLimits, type Limits } from "../src/record/limits.ts";
import type { Tags } from "../src/record/types.ts";

export interface Decoding {
  readonly printed: Tags;
  readonly numeric: Tags;
  readonly warnings: readonly FoundWarning[];
  readonly found: Found;
}

export interface Surroundings {
  readonly path?: readonly string[];
  readonly hint?: string;
  readonly limits?: Partial<Limits>;
}

/** The tags and warnings of a block. What the decoder throws is thrown. */
export function decodeBlock(decoder: Decoder, bytes: Uint8Array, { path = ["jpeg"], hint, limits }: Surroundings = {}): Decoding {
  const data = ByteWindow.whole(bytes);
  const found = new Found(data, new Budget({ ...defaultLimits, ...limits }), false, decoder.kind);
  decoder.decode({ kind: decoder.kind, data, path, depth: path.length, ...(hint === undefined ? {} : { hint }) }, found);
  const tags = new TagSet();
  for (const item of found.sequence) if ("group" in item) tags.add(item);
  const failed = (entry: { name: string }, cause: unknown) => {
    throw new Error(`${entry.name} does not print`, { cause });
  };
  return { printed: tags.form("printed", failed), numeric: tags.form("numeric", failed), warnings: found.warnings, found };
}
