/** Child of `malformed.ts`: reads the damaged files that it is told of, one after the other, and says what each took. */
import { readFileSync } from "node:fs";
import { ImagemetaError, readMetadataSync } from "../src/index.ts";

export interface Reading {
  readonly path: string;
  /** What came: a record, or the code of the error; undefined where something else was thrown. */
  readonly outcome: string | undefined;
  /** Of CPU, printed and numeric together. */
  readonly milliseconds: number;
  /** By which the peak of the process's memory rose. */
  readonly mebibytes: number;
}

function outcomeOf(bytes: Uint8Array): string | undefined {
  try {
    readMetadataSync(bytes);
    readMetadataSync(bytes, { numeric: true });
    return "record";
  } catch (thrown) {
    return thrown instanceof ImagemetaError ? thrown.code : undefined;
  }
}

process.on("message", (path: string) => {
  const bytes = readFileSync(path);
  const before = process.memoryUsage.rss() / 1024;
  const peak = process.resourceUsage().maxRSS;
  const started = process.cpuUsage();
  const outcome = outcomeOf(bytes);
  const { user, system } = process.cpuUsage(started);
  const after = process.resourceUsage().maxRSS;
  const mebibytes = after > peak ? (after - before) / 1024 : 0;
  process.send?.({ path, outcome, milliseconds: (user + system) / 1000, mebibytes } satisfies Reading);
});
