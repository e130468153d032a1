/** Child of `hostile.ts`: reads files one after the other, and reports what each took. */
import { readFileSync } from "node:fs";
import { createReader, ImagemetaError, readMetadataSync } from "../src/index.ts";

/** The file to read: by ranges from `url` if there is one, else from memory. */
export interface Assignment {
  readonly path: string;
  readonly url?: string;
}

export interface Reading extends Assignment {
  /** `record`, or the code of the error; undefined if something else was thrown. */
  readonly outcome: string | undefined;
  /** Of CPU, for one form. */
  readonly milliseconds: number;
  /** By which the peak of the process's memory rose. */
  readonly mebibytes: number;
  readonly warnings: number;
  readonly recordBytes: number;
}

const reader = createReader();

async function read({ path, url }: Assignment, bytes: Uint8Array) {
  try {
    const record = url === undefined ? readMetadataSync(bytes) : await reader.readImage(url);
    const outcome = "error" in record && record.error !== undefined ? record.error.code : "record";
    return {
      outcome: outcome === "INTERNAL" ? undefined : outcome,
      warnings: "warnings" in record ? (record.warnings?.length ?? 0) : 0,
      json: JSON.stringify(record),
    };
  } catch (thrown) {
    if (!(thrown instanceof ImagemetaError)) process.stderr.write(`${path}: ${thrown}\n`);
    return { outcome: thrown instanceof ImagemetaError ? thrown.code : undefined, warnings: 0, json: "" };
  }
}

process.on("message", async (assignment: Assignment) => {
  const bytes = readFileSync(assignment.path);
  const before = process.memoryUsage.rss() / 1024;
  const peak = process.resourceUsage().maxRSS;
  const started = process.cpuUsage();
  const { outcome, warnings, json } = await read(assignment, bytes);
  const { user, system } = process.cpuUsage(started);
  const after = process.resourceUsage().maxRSS;
  const mebibytes = after > peak ? (after - before) / 1024 : 0;
  const milliseconds = (user + system) / 1000;
  process.send?.({ ...assignment, outcome, milliseconds, mebibytes, warnings, recordBytes: Buffer.byteLength(json) } satisfies Reading);
});
