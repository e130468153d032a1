/** Decodes one block by itself, as the engine would. */
import { sceneAlone } from "../fuzz/scene.ts";
import type { Kinds } from "../src/metadata/blocks/kinds.ts";
import { Budget } from "../src/metadata/budget.ts";
import { ByteWindow } from "../src/metadata/bytes/window.ts";
import type { BlockKind, Decoder, FoundBlock } from "../src/metadata/contracts.ts";
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

/** The context of a block, exactly if its kind has one. */
type Surroundings<K extends BlockKind> = undefined extends Kinds[K]
  ? [surroundings?: { readonly limits?: Partial<Limits> }]
  : [surroundings: { readonly context: Kinds[K]; readonly limits?: Partial<Limits> }];

/** The tags and warnings of a block. What the decoder throws is thrown. */
export function decodeBlock<K extends BlockKind>(decoder: Decoder<K>, bytes: Uint8Array, ...[surroundings]: Surroundings<K>): Decoding {
  const { context, limits }: { readonly context?: Kinds[K]; readonly limits?: Partial<Limits> } = surroundings ?? {};
  const data = ByteWindow.whole(bytes);
  const sink = new Sink();
  const blocks: FoundBlock[] = [];
  const scene = sceneAlone(sink, new Budget({ ...defaultLimits, ...limits }), (block) => blocks.push(block));
  const found = new Found(scene, data, { kind: decoder.kind, depth: 1, isLow: false });
  decoder.decode({ data, context: context as Kinds[K] }, found);
  const failed = (_group: string, name: string, cause: unknown) => {
    throw new Error(`${name} does not print`, { cause });
  };
  return { printed: sink.tags("printed", failed), numeric: sink.tags("numeric", failed), warnings: found.warnings, found, blocks };
}
