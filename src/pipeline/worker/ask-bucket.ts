/** Does the bucket of an object answer at all? A list of that one name tells, whatever the answer is. */
import { ImagemetaError } from "../../record/errors.ts";
import type { Storages } from "../../storage/table.ts";
import type { AskBucket } from "./outage.ts";

export function askBucketOf(storages: Storages): AskBucket {
  return async (uri, signal) => {
    const [, root = "", prefix = ""] = /^(gs:\/\/[^/]+)\/([\s\S]*)$/.exec(uri) ?? [];
    try {
      const storage = await storages.for(uri);
      for await (const _page of storage.list({ root, prefix }, signal)) break;
      return undefined;
    } catch (thrown) {
      signal.throwIfAborted();
      if (!(thrown instanceof ImagemetaError)) throw thrown;
      // A refusal is an answer. Without valid credentials nothing can be read for now.
      return thrown.code === "UNAVAILABLE" || thrown.code === "UNAUTHENTICATED" ? thrown : undefined;
    }
  };
}
