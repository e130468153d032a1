/** One image in a storage → one record. Here, and nowhere else, I/O meets the engine. */
import { ByteWindow } from "./metadata/bytes/window.ts";
import { Missing } from "./metadata/missing.ts";
import { Reading, type ReadOptions } from "./metadata/read.ts";
import { FirstRead, MOST } from "./read-image/first-read.ts";
import { plan } from "./read-image/plan.ts";
import { ImagemetaError } from "./record/errors.ts";
import { defaultLimits } from "./record/limits.ts";
import { redacted, shownAddress } from "./record/secrets.ts";
import type { ErrorCode, ImageContent, ImageRecord, RecordHead } from "./record/types.ts";
import { version } from "./record/version.ts";
import type { ByteRange, Storage, StorageObject, StoredObject } from "./storage/contract.ts";

/** Runs one synchronous parse and gives back its result: the place to time it, or to end it. */
export type RunParse = <T>(parse: () => T) => T;

/** What is shared by all images of one run. */
export interface Reader {
  /**
   * Never rejects for an image: what is wrong with it is the record's `error`. Rejects with the signal's reason.
   * @param run runs each parse of this image; there are several if bytes are missing
   */
  read(storage: Storage, object: StorageObject, signal: AbortSignal, run?: RunParse): Promise<ImageRecord>;
}

const runPlainly: RunParse = (parse) => parse();

interface Spent {
  requests: number;
  bytes: number;
}

/** A reader with its options resolved; it learns from each image how much to ask for first. */
export function imageReader(options: ReadOptions = {}): Reader {
  const head: RecordHead = { schema: 1, engine: version, values: options.numeric ? "numeric" : "printed" };
  const firstRead = new FirstRead();
  return {
    async read(storage, object, signal, run = runPlainly) {
      const read: Spent = { requests: 0, bytes: 0 };
      let info = object.info ?? {};
      const attempt = async (pinned: StorageObject): Promise<ImageContent> => {
        const stored = await storage.open(pinned, signal);
        try {
          return await readStored(stored, options, firstRead, signal, run);
        } finally {
          info = { ...pinned.info, ...stored.info };
          read.requests += stored.cost.requests;
          read.bytes += stored.cost.bytes;
          await stored.close();
        }
      };
      const { uri } = object;
      try {
        const content = await attempt(object).catch((thrown) => {
          // Replaced since it was listed, or while it was read: the live version is read, from its beginning.
          if (thrown instanceof ImagemetaError && thrown.code === "CHANGED") return attempt({ uri });
          throw thrown;
        });
        return { ...head, uri: shownAddress(uri), object: info, ...content, read };
      } catch (thrown) {
        signal.throwIfAborted();
        return { ...head, uri: shownAddress(uri), object: info, error: described(thrown), read };
      }
    },
  };
}

/** The content of one version of one object. @throws ImagemetaError */
async function readStored(
  stored: StoredObject,
  options: ReadOptions,
  firstRead: FirstRead,
  signal: AbortSignal,
  run: RunParse,
): Promise<ImageContent> {
  const limits = { ...defaultLimits, ...options.limits };
  const window = ByteWindow.empty(stored.size, MOST);
  const reading = new Reading(window, options);
  let [requests, bytes] = [0, 0];
  const fetch = async (ranges: readonly ByteRange[]): Promise<void> => {
    const parts = await stored.read(ranges, signal);
    ranges.forEach(({ start }, i) => {
      const part = parts[i] ?? new Uint8Array(0);
      window.add(start, part);
      bytes += part.length;
    });
    // What is no request, such as reading a local file, is not counted as one.
    if (stored.cost.requests > 0) requests += ranges.length;
    window.size = stored.size;
  };
  // An object that was not listed tells its type with the first bytes only: what is learnt is kept by what was known before.
  const known = stored.info;
  if (window.size !== 0) await fetch([{ start: 0, end: firstRead.size(known) }]);
  let round = 1;
  let isLast = false;
  for (;;) {
    try {
      const content = run(() => (isLast ? reading.conclude() : reading.attempt()));
      if (!isLast) firstRead.learn(known, window.reach);
      return content;
    } catch (thrown) {
      if (!(thrown instanceof Missing)) throw thrown;
      for (const table of thrown.tables) await table.load();
      if (thrown.ranges.length === 0) continue;
      const room = { requests: limits.requests - requests, bytes: limits.bytes - bytes };
      const ranges = plan(thrown.ranges, round++, room, window.size);
      if (ranges.length === 0) isLast = true;
      else await fetch(ranges);
    }
  }
}

function described(thrown: unknown): { code: ErrorCode; message: string } {
  if (thrown instanceof ImagemetaError) return { code: thrown.code, message: thrown.message };
  return { code: "INTERNAL", message: redacted(thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)) };
}
