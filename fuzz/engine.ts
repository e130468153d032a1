/** The engine under test: the only file of the fuzzer that knows the engine's modules. An older version can stand in: `--engine FOLDER`. */
import { pathToFileURL } from "node:url";
import type { Container, ReadContainer } from "../src/metadata/containers/container.ts";
import type { Decoder } from "../src/metadata/contracts.ts";
import { notesDecoders } from "./notes.ts";
import { sceneAlone } from "./scene.ts";

/** An input: a file, or a block and where it stood. */
export interface Input {
  readonly bytes: Uint8Array;
  readonly hint?: string;
  readonly path?: readonly string[];
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
  readonly decoders: readonly Decoder[];
  /** Reads a whole image. */
  readImage(bytes: Uint8Array): Result;
  /** Decodes one block without the blocks in it. */
  decodeBlock(decoder: Decoder, input: Input): Result;
  /** The blocks in a file, with their decoders. */
  blocksIn(bytes: Uint8Array): [Decoder, Input][];
}

interface Warned {
  readonly code: string;
  readonly message: string;
}

const isDamage = ({ code }: Warned): boolean => code === "MALFORMED" || code === "TRUNCATED" || code === "LIMIT_EXCEEDED";

/** The engine whose sources are in `folder`: a checkout's `src`. */
export async function loadEngine(folder: string): Promise<Engine> {
  const root = pathToFileURL(`${folder.replace(/\/$/, "")}/`).href;
  // The types are those of this checkout: an older engine has the same names.
  const module = <T>(path: string): Promise<T> => import(`${root}${path}`);
  const { containers } = await module<typeof import("../src/metadata/containers/table.ts")>("metadata/containers/table.ts");
  const { decoders } = await module<typeof import("../src/metadata/blocks/table.ts")>("metadata/blocks/table.ts");
  // Versions before 0.2.0 decoded no maker notes.
  const notes = await module<typeof import("../src/metadata/makernotes/table.ts")>("metadata/makernotes/table.ts").catch(() => undefined);
  const { Budget } = await module<typeof import("../src/metadata/budget.ts")>("metadata/budget.ts");
  const { ByteWindow, PastEnd } = await module<typeof import("../src/metadata/bytes/window.ts")>("metadata/bytes/window.ts");
  const { Found } = await module<typeof import("../src/metadata/findings.ts")>("metadata/findings.ts");
  const { Sink } = await module<typeof import("../src/metadata/sink.ts")>("metadata/sink.ts");
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
  let onBlock: ((decoder: Decoder, input: Input) => void) | undefined;

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
  const watchedDecoders = [...decoders, ...notesDecoders(notes?.makers ?? [], decoders)].map((decoder) => {
    const decode = watched(decoder.decode.bind(decoder));
    return Object.assign(decoder, {
      decode(...[block, found]: Parameters<Decoder["decode"]>) {
        if (onBlock !== undefined) {
          const { data, hint, path } = block;
          onBlock(decoder, { bytes: Uint8Array.from(data.upTo(0, data.size ?? 0)), path, ...(hint === undefined ? {} : { hint }) });
        }
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

  function decodeBlock(decoder: Decoder, { bytes, hint, path = [] }: Input): Result {
    swallowed = [];
    const own = new Budget(defaultLimits);
    const data = ByteWindow.whole(bytes, undefined, own);
    const sink = new Sink();
    const found = new Found(sceneAlone(sink, own), data, { kind: decoder.kind, path, isLow: false });
    let refused = false;
    const wrong: unknown[] = [];
    try {
      decoder.decode({ kind: decoder.kind, data, path, depth: path.length, ...(hint === undefined ? {} : { hint }) }, found);
    } catch (thrown) {
      refused = true;
      if (!isExpected(thrown)) wrong.push(thrown);
    }
    const tags = sink.tags("printed", (_group, _name, cause) => wrong.push(cause));
    // As the engine bounds the record of an image that has this block alone.
    const content = { format: "", mimeType: "", summary: {}, tags, warnings: [] };
    const record = recordSize?.fitRecord(content, defaultLimits.recordBytes, own.spent.kept)?.content ?? content;
    const { warnings } = found;
    return { wrong, steps: own.spent.steps, warnings: warnings.length, record, damaged: refused || warnings.some(isDamage) };
  }

  function blocksIn(bytes: Uint8Array): [Decoder, Input][] {
    const blocks: [Decoder, Input][] = [];
    onBlock = (decoder, input) => blocks.push([decoder, input]);
    readImage(bytes);
    onBlock = undefined;
    return blocks;
  }

  return { root, containers: watchedContainers, decoders: watchedDecoders, readImage, decodeBlock, blocksIn };
}

/** `--engine` names a folder of sources, or a module that exports an `engine`. */
export async function engineAt(path: string): Promise<Engine> {
  if (!path.endsWith(".ts")) return loadEngine(path);
  const { engine } = (await import(pathToFileURL(path).href)) as { engine: Engine };
  return engine;
}
