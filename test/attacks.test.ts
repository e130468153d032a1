/** Hostile files, if there is a folder of them: each gives a record or an error within every limit that needs no clock. `bench/hostile.ts` measures time and memory. */
import { describe, expect, test } from "vitest";
import type { ImageRecord } from "../src/record/types.ts";
import { imagemeta } from "./cli/running.ts";
import { attacks } from "./corpus.ts";

const MAX_RECORD_BYTES = 4 << 20;
const MAX_WARNINGS = 1000;
/** Seconds that no file needs, also on a busy machine. */
const PARSE_TIMEOUT = "60";

if (attacks === undefined) process.stderr.write("Hostile files are not read: IMAGEMETA_ATTACKS names no folder of them.\n");

describe.runIf(attacks !== undefined)("hostile files", () => {
  test("give a record or an error of the image, of bounded size, and end by themselves", { timeout: 300_000 }, async () => {
    const { stdout, stderr } = await imagemeta([`${attacks}/`, "--all", "--format", "ndjson", "--parse-timeout", PARSE_TIMEOUT]);
    expect(stderr).not.toContain("INTERNAL");
    const lines = stdout.split("\n").filter((line) => line !== "");
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      const record: ImageRecord = JSON.parse(line);
      expect(Buffer.byteLength(line), record.uri).toBeLessThanOrEqual(MAX_RECORD_BYTES);
      // What was ended from outside has an error that names the limit of time.
      if (record.error !== undefined) expect(["NOT_AN_IMAGE", "MALFORMED", "TRUNCATED", "EMPTY"], record.uri).toContain(record.error.code);
      else expect(record.warnings?.length ?? 0, record.uri).toBeLessThanOrEqual(MAX_WARNINGS);
    }
  });
});
