/** Small files of faults that people reported of tools of this kind, if there is a folder of them with what is right. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadTables } from "../src/metadata/late-tables.ts";
import { readMetadataSync } from "../src/metadata/read.ts";
import { cases } from "./corpus.ts";

await loadTables();

/** A plain value is equality. */
type Expectation = string | number | boolean | { exists: boolean } | { starts: string } | { matches: string } | { not: string };

if (cases === undefined) process.stderr.write("Reported cases are not read: IMAGEMETA_CASES names no folder of them.\n");

const all: Record<string, Record<string, Expectation>> = cases === undefined ? {} : JSON.parse(readFileSync(`${cases}/cases.json`, "utf8"));

describe.runIf(cases !== undefined)("reported cases", () => {
  test.each(Object.entries(all))("%s is read as it is meant", (file, expectations) => {
    const record = readMetadataSync(readFileSync(`${cases}/${file}`));
    for (const [path, expectation] of Object.entries(expectations)) {
      const value = path.split(".").reduce<unknown>((holder, field) => (holder as Record<string, unknown> | undefined)?.[field], record);
      const text = typeof value === "string" ? value : JSON.stringify(value);
      if (typeof expectation !== "object") expect(value, path).toEqual(expectation);
      else if ("exists" in expectation) expect(value !== undefined, path).toBe(expectation.exists);
      else if ("starts" in expectation) expect(text?.slice(0, expectation.starts.length), path).toBe(expectation.starts);
      else if ("matches" in expectation) expect(text, path).toMatch(new RegExp(expectation.matches));
      else expect(text, path).not.toContain(expectation.not);
    }
  });
});
