/**
 * One image read in this process, so that it need not start another. Node ends a parse that takes too long, or that Ctrl-C reaches:
 * no handler of a signal runs while a parse does.
 */
import { createContext, Script } from "node:vm";
import type { RunParse } from "../read-image/content.ts";
import { imageReader } from "../read-image.ts";
import { ImagemetaError } from "../record/errors.ts";
import type { ImageRecord } from "../record/types.ts";
import type { StorageObject } from "../storage/contract.ts";
import type { Storages } from "../storage/table.ts";
import type { Interruption } from "./interruption.ts";

export interface InPlaceOptions {
  readonly storages: Storages;
  readonly numeric: boolean;
  readonly thorough: boolean;
  /** See `ReadOptions.tags`. */
  readonly tags?: readonly string[];
  /** Seconds that parsing an image may take. */
  readonly parseTimeout: number;
  readonly interruption: Interruption;
}

export type ReadInPlace = (object: StorageObject) => Promise<ImageRecord>;

export function inPlaceReader(options: InPlaceOptions): ReadInPlace {
  const { storages, numeric, thorough, tags, interruption } = options;
  const reader = imageReader({ numeric, thorough, ...(tags && { tags }) });
  return async (object) => reader.read(await storages.for(object.uri), object, interruption.signal, endable(options));
}

/** Runs the parses of one image. */
function endable({ parseTimeout, interruption }: InPlaceOptions): RunParse {
  const global: { parse?: () => void } = createContext({});
  const script = new Script("parse()");
  let left = parseTimeout * 1000;
  return <T>(parse: () => T): T => {
    const started = performance.now();
    let result: { readonly value: T } | undefined;
    global.parse = () => {
      result = { value: parse() };
    };
    try {
      script.runInContext(global, { timeout: Math.max(1, Math.ceil(left)), breakOnSigint: true });
    } catch (thrown) {
      throw explained(thrown);
    } finally {
      left -= performance.now() - started;
    }
    if (result === undefined) throw new ImagemetaError("INTERNAL", "the parse gave no result");
    return result.value;
  };

  function explained(thrown: unknown): unknown {
    // Node makes these two in the script's own realm, and they are not instances of this one's `Error`.
    const { code } = thrown as { readonly code?: unknown };
    if (code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") interruption.interrupt();
    if (code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") return thrown;
    return new ImagemetaError("LIMIT_EXCEEDED", `parsing the image takes more than ${parseTimeout} s (--parse-timeout)`, { cause: thrown });
  }
}
