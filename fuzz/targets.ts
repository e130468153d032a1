/** What is fuzzed: every container by whole files, every decoder by its blocks. */
import { decoders } from "../src/metadata/blocks/table.ts";
import { Budget } from "../src/metadata/budget.ts";
import { ByteWindow, PastEnd } from "../src/metadata/bytes/window.ts";
import { containers } from "../src/metadata/containers/table.ts";
import type { Block, Container, Decoder } from "../src/metadata/contracts.ts";
import { Found } from "../src/metadata/findings.ts";
import { readMetadataSync } from "../src/metadata/read.ts";
import { TagSet } from "../src/metadata/tag-set.ts";
import { ImagemetaError } from "../src/record/errors.ts";
import { defaultLimits } from "../src/record/limits.ts";

/** An input: a file, or a block and where it stood. */
export interface Input {
  readonly bytes: Uint8Array;
  readonly hint?: string;
  readonly path?: readonly string[];
}

export interface Target {
  readonly name: string;
  /** Runs one input; returns what must not have been thrown. */
  run(input: Input): unknown[];
}

/** What a parser may throw: the end of the bytes, a limit, the one error, in its own words that a block is none, of JSON that it is none. */
function expected(thrown: unknown): boolean {
  if (thrown instanceof SyntaxError) return thrown.message.includes("JSON");
  return (
    thrown instanceof PastEnd ||
    thrown instanceof ImagemetaError ||
    (thrown instanceof Error && Object.getPrototypeOf(thrown) === Error.prototype)
  );
}

/** What parsers threw that the engine has turned into a warning. */
const swallowed: unknown[] = [];
/** Hears of every block that the engine decodes. */
let onBlock: ((decoder: Decoder, block: Block) => void) | undefined;

function watched<A extends unknown[]>(run: (...given: A) => void): (...given: A) => void {
  return (...given) => {
    try {
      run(...given);
    } catch (thrown) {
      if (!expected(thrown)) swallowed.push(thrown);
      throw thrown;
    }
  };
}

for (const container of containers) Object.assign(container, { parse: watched(container.parse.bind(container)) });
for (const decoder of decoders) {
  const decode = watched(decoder.decode.bind(decoder));
  Object.assign(decoder, {
    decode(...[block, found]: Parameters<Decoder["decode"]>) {
      onBlock?.(decoder, block);
      decode(block, found);
    },
  });
}

/** The blocks in a file, with their decoders. */
export function blocksIn(bytes: Uint8Array): [Decoder, Input][] {
  const blocks: [Decoder, Input][] = [];
  onBlock = (decoder, { data, hint, path }) => {
    const whole = data.upTo(0, data.size ?? 0);
    blocks.push([decoder, { bytes: Uint8Array.from(whole), path, ...(hint === undefined ? {} : { hint }) }]);
  };
  try {
    readMetadataSync(bytes);
  } catch {
    // The target itself reports what is thrown.
  }
  onBlock = undefined;
  return blocks;
}

function containerTarget(container: Container): Target {
  return {
    name: container.name,
    run({ bytes }) {
      swallowed.length = 0;
      const wrong: unknown[] = [];
      try {
        const { warnings } = readMetadataSync(bytes);
        // A print function that threw: the engine gives the stored value and says so.
        for (const { message } of warnings) if (/^[\w-]+:[^ ]+: \w*Error: /.test(message)) wrong.push(new Error(message));
      } catch (thrown) {
        if (!(thrown instanceof ImagemetaError)) wrong.push(thrown);
      }
      return [...wrong, ...swallowed];
    },
  };
}

function decoderTarget(decoder: Decoder): Target {
  return {
    name: `block-${decoder.kind}`,
    run({ bytes, hint, path = [] }) {
      const wrong: unknown[] = [];
      const data = ByteWindow.whole(bytes);
      const found = new Found(data, new Budget(defaultLimits), false, decoder.kind);
      try {
        decoder.decode({ kind: decoder.kind, data, path, depth: path.length, ...(hint === undefined ? {} : { hint }) }, found);
      } catch (thrown) {
        if (!expected(thrown)) wrong.push(thrown);
      }
      const tags = new TagSet();
      for (const item of found.sequence) if ("group" in item) tags.add(item);
      tags.form("printed", (_, cause) => wrong.push(cause));
      return wrong;
    },
  };
}

export const targets: readonly Target[] = [...containers.map(containerTarget), ...decoders.map(decoderTarget)];
