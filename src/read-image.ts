/** One image in a storage → one record. Here, and nowhere else, I/O meets the engine. */
import type { ReadOptions } from "./metadata/read.ts";
import { type RunParse, readContent } from "./read-image/content.ts";
import { FirstRead } from "./read-image/first-read.ts";
import { ImagemetaError } from "./record/errors.ts";
import { redacted, shownAddress } from "./record/secrets.ts";
import type { ErrorCode, ImageContent, ImageRecord, RecordHead } from "./record/types.ts";
import { version } from "./record/version.ts";
import type { Storage, StorageObject } from "./storage/contract.ts";

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
          return await readContent(stored, options, firstRead, signal, run);
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

function described(thrown: unknown): { code: ErrorCode; message: string } {
  if (thrown instanceof ImagemetaError) return { code: thrown.code, message: thrown.message };
  return { code: "INTERNAL", message: redacted(thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)) };
}
