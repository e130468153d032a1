/** Decodes one block by itself, as the engine would. */
import { sceneAlone } from "../fuzz/scene.ts";
import { Budget } from "../src/metadata/budget.ts";
import { ByteWindow } from "../src/metadata/bytes/window.ts";
import type { Decoder, FoundBlock } from "../src/metadata/contracts.ts";
import { Found } from "../src/metadata/findings.ts";
import { loadTables } from "../src/metadata/late-tables.ts";
import { Sink } from "../src/metadata/sink.ts";
import type { FoundWarning } from "../src/metadata/warnings.ts";
import { defaultLimits, type Limits } from "../src/record/limits.ts";
import type { Tags } from "../src/record/types.ts";

await loadTables();

export interface Decoding {
  readonly printed: Tags;
  readonly numeric: Tags;
  readonly warnings: readonly FoundWarning[];
  readonly found: Found;
  /** The blocks that it names, which are not decoded. */
  readonly blocks: readonly FoundBlock[];
}

export interface Surroundings {
  readonly path?: readonly string[];
  readonly hint?: string;
  readonly limits?: Partial<Limits>;
}

/** The tags and warnings of a block. What the decoder throws is thrown. */
export function decodeBlock(decoder: Decoder, bytes: Uint8Array, { path = ["jpeg"], hint, limits }: Surroundings = {}): Decoding {
  const data = ByteWindow.whole(bytes);
  const sink = new Sink();
  const blocks: FoundBlock[] = [];
  const scene = sceneAlone(sink, new Budget({ ...defaultLimits, ...limits }), (block) => blocks.push(block));
  const found = new Found(scene, data, { kind: decoder.kind, path, isLow: false });
  decoder.decode({ kind: decoder.kind, data, path, depth: path.length, ...(hint === undefined ? {} : { hint }) }, found);
  const failed = (_group: string, name: string, cause: unknown) => {
    throw new Error(`${name} does not print`, { cause });
  };
  return { printed: sink.tags("printed", failed), numeric: sink.tags("numeric", failed), warnings: found.warnings, found, blocks };
}
