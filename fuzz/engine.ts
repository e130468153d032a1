/**
 * The engine under test: with `first-engine.ts` and `version.ts` all of the fuzzer that knows the engine's modules. An older version can stand in:
 * `--engine FOLDER`.
 */
import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Container, ReadContainer } from "../src/metadata/containers/container.ts";
import type { Block, BlockKind } from "../src/metadata/contracts.ts";
import { firstBlocks } from "./first-engine.ts";
import { notesDecoders } from "./notes.ts";
import { sceneAlone } from "./scene.ts";
import type { AnyDecoder, Blocks, Context, Load } from "./version.ts";

/** An input: a file, or a block with what its decoder knows beyond the bytes. */
export interface Input {
  readonly bytes: Uint8Array;
  readonly context?: Context;
}

/** What one run gave. */
export interface Result {
  /** What must not have been thrown, thrown errors that became warnings included. */
  readonly wrong: readonly unknown[];
  /** Steps that the budget was charged. */
  readonly steps: number;
  readonly warnings: number;
  /** The record, or the tags of a block: its JSON is measured. */
  readonly record: unknown;
  /** Has a warning that the input is malformed or truncated, or was refused. */
  readonly damaged: boolean;
}

export interface Engine {
  /** The beginning of the URLs of its modules: for coverage and stack traces. */
  readonly root: string;
  /** Those whose formats are read. */
  readonly containers: readonly ReadContainer[];
  readonly decoders: readonly AnyDecoder[];
  /** Reads a whole image. */
  readImage(bytes: Uint8Array): Result;
  /** Decodes one block without the blocks in it. */
  decodeBlock(decoder: AnyDecoder, input: Input): Result;
  /** The blocks in a file, with their kinds. */
  blocksIn(bytes: Uint8Array): [kind: string, Input][];
}

/** This checkout's. */
const SOURCES = fileURLToPath(new URL("../src", import.meta.url));

interface Warned {
  readonly code: string;
  readonly message: string;
}

const isDamage = ({ code }: Warned): boolean => code === "MALFORMED" || code === "TRUNCATED" || code === "LIMIT_EXCEEDED";

/** The engine whose sources are in `folder`: a checkout's `src`. */
export async function loadEngine(folder: string): Promise<Engine> {
  const root = pathToFileURL(`${folder.replace(/\/$/, "")}/`).href;
  const module: Load = (path) => import(`${root}${path}`);
  const isFirst = existsSync(`${folder}/metadata/tag-set.ts`);
  const { containers } = await module<typeof import("../src/metadata/containers/table.ts")>("metadata/containers/table.ts");
  const blocks = await (isFirst ? firstBlocks(module) : typedBlocks(module));
  const { Budget } = await module<typeof import("../src/metadata/budget.ts")>("metadata/budget.ts");
  const { ByteWindow, PastEnd } = await module<typeof import("../src/metadata/bytes/window.ts")>("metadata/bytes/window.ts");
  const { readMetadataSync } = await module<typeof import("../src/metadata/read.ts")>("metadata/read.ts");
  const { ImagemetaError } = await module<typeof import("../src/record/errors.ts")>("record/errors.ts");
  // Versions before 0.2.0 did not bound the record.
  const recordSize = await module<typeof import("../src/metadata/record-size.ts")>("metadata/record-size.ts").catch(() => undefined);
  // Versions before 0.2.0 loaded all tables at once.
  const late = await module<typeof import("../src/metadata/late-tables.ts")>("metadata/late-tables.ts").catch(() => undefined);
  await late?.loadTables();
  const { defaultLimits } = await module<typeof import("../src/record/limits.ts")>("record/limits.ts");

  /** What parsers threw that the engine has turned into a warning. */
  let swallowed: unknown[] = [];
  let charged: { readonly spent: { readonly steps: number } } | undefined;
  let onBlock: ((kind: string, block: unknown) => void) | undefined;

  /** A parser may throw the end of the bytes, a limit, the one error, a plain error that says why a block is not valid, or JSON's own. */
  function isExpected(thrown: unknown): boolean {
    if (thrown instanceof SyntaxError) return thrown.message.includes("JSON");
    return (
      thrown instanceof PastEnd ||
      thrown instanceof ImagemetaError ||
      (thrown instanceof Error && Object.getPrototypeOf(thrown) === Error.prototype)
    );
  }

  function watched<A extends unknown[]>(run: (...given: A) => void): (...given: A) => void {
    return (...given) => {
      try {
        run(...given);
      } catch (thrown) {
        if (!isExpected(thrown)) swallowed.push(thrown);
        throw thrown;
      }
    };
  }

  const isRead = (container: Container): container is ReadContainer => container.parse !== undefined;
  const watchedContainers = containers.filter(isRead).map((container) => {
    const parse = watched(container.parse.bind(container));
    return Object.assign(container, {
      parse(...[window, found]: Parameters<ReadContainer["parse"]>) {
        charged = found.budget;
        parse(window, found);
      },
    });
  });
  const watchedDecoders = blocks.decoders.map((decoder) => {
    const decode = watched(decoder.decode.bind(decoder));
    return Object.assign(decoder, {
      decode(...[block, found]: Parameters<AnyDecoder["decode"]>) {
        onBlock?.(decoder.kind, block);
        decode(block, found);
      },
    });
  });

  function readImage(bytes: Uint8Array): Result {
    swallowed = [];
    charged = undefined;
    const wrong: unknown[] = [];
    let record: ReturnType<typeof readMetadataSync> | undefined;
    try {
      record = readMetadataSync(bytes);
      // A print function that threw: the engine gives the stored value and a warning.
      for (const { message } of record.warnings) if (/^[\w-]+:[^ ]+: \w*Error: /.test(message)) wrong.push(new Error(message));
    } catch (thrown) {
      if (!(thrown instanceof ImagemetaError)) wrong.push(thrown);
    }
    const warnings = record?.warnings ?? [];
    return {
      wrong: [...wrong, ...swallowed],
      steps: (charged as { readonly spent: { readonly steps: number } } | undefined)?.spent.steps ?? 0,
      warnings: warnings.length,
      record,
      damaged: record === undefined || warnings.some(isDamage),
    };
  }

  function decodeBlock(decoder: AnyDecoder, { bytes, context }: Input): Result {
    swallowed = [];
    const own = new Budget(defaultLimits);
    const data = ByteWindow.whole(bytes, undefined, own);
    const { found, tags } = blocks.alone(decoder.kind, data, own);
    let refused = false;
    const wrong: unknown[] = [];
    try {
      decoder.decode(blocks.given(decoder.kind, data, context), found);
    } catch (thrown) {
      refused = true;
      if (!isExpected(thrown)) wrong.push(thrown);
    }
    // As the engine bounds the record of an image that has this block alone.
    const content = { format: "", mimeType: "", summary: {}, tags: tags((cause) => wrong.push(cause)), warnings: [] };
    const record = recordSize?.fitRecord(content, defaultLimits.recordBytes, own.spent.kept)?.content ?? content;
    const { warnings } = found;
    return { wrong, steps: own.spent.steps, warnings: warnings.length, record, damaged: refused || warnings.some(isDamage) };
  }

  function ownBlocksIn(bytes: Uint8Array): [string, Input][] {
    const inputs: [string, Input][] = [];
    onBlock = (kind, block) => {
      const { data, context } = block as Block;
      inputs.push([kind, { bytes: Uint8Array.from(data.upTo(0, data.size ?? 0)), ...(context === undefined ? {} : { context }) }]);
    };
    readImage(bytes);
    onBlock = undefined;
    return inputs;
  }

  // The first version finds no contexts; the blocks of a file are the same.
  const { blocksIn } = isFirst ? await loadEngine(SOURCES) : { blocksIn: ownBlocksIn };
  return { root, containers: watchedContainers, decoders: watchedDecoders, readImage, decodeBlock, blocksIn };
}

async function typedBlocks(module: Load): Promise<Blocks> {
  const { decoders } = await module<typeof import("../src/metadata/blocks/table.ts")>("metadata/blocks/table.ts");
  const { makers } = await module<typeof import("../src/metadata/makernotes/table.ts")>("metadata/makernotes/table.ts");
  const { Found } = await module<typeof import("../src/metadata/findings.ts")>("metadata/findings.ts");
  const { Sink } = await module<typeof import("../src/metadata/sink.ts")>("metadata/sink.ts");
  return {
    decoders: [...Object.values<AnyDecoder>(decoders), ...notesDecoders(makers, decoders.exif)],
    given: (_kind, data, context): Block => ({ data, context }),
    alone(kind, data, budget) {
      const sink = new Sink();
      const found = new Found(sceneAlone(sink, budget), data, { kind: kind as BlockKind, depth: 1, isLow: false });
      return { found, tags: (failed) => sink.tags("printed", (_group, _name, cause) => failed(cause)) };
    },
  };
}

/** `--engine` names a folder of sources, or a module that exports an `engine`. */
export async function engineAt(path: string): Promise<Engine> {
  if (!path.endsWith(".ts")) return loadEngine(path);
  const { engine } = (await import(pathToFileURL(path).href)) as { engine: Engine };
  return engine;
}
