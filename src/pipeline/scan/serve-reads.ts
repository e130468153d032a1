/** The other side of process-readers.ts: reads the images that the parent process names, until it leaves. */

import { LocalReaders } from "../reading/readers.ts";
import type { FromReader, ToReader } from "./process-readers.ts";

/** Milliseconds that records are gathered for one message. */
const GATHERED = 5;

export function serveReads(): void {
  let readers: LocalReaders | undefined;
  let done: FromReader["done"][number][] = [];
  const send = () => {
    process.send?.({ done } satisfies FromReader);
    done = [];
  };
  // The parent decides when to stop: Ctrl-C on a terminal reaches all processes.
  process.on("SIGINT", () => {}).on("SIGTERM", () => {});
  process.on("disconnect", () => process.exit());
  process.on("message", ({ options, read = [] }: ToReader) => {
    if (options !== undefined) {
      readers = new LocalReaders(options);
      send();
      // Images take as long to list. What fails here fails each image, and is told with it.
      readers.load().catch(() => {});
    }
    for (const { id, object } of read) {
      readers?.read(object).then((record) => {
        if (done.push({ id, record }) === 1) setTimeout(send, GATHERED);
      });
    }
  });
}
