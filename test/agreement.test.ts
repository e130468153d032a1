/** Agreement with ExifTool, over real images where there are some: how much of what it says is said here, tag by tag. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { loadTables } from "../src/metadata/late-tables.ts";
import { readMetadataSync } from "../src/metadata/read.ts";
import { ImagemetaError } from "../src/record/errors.ts";
import { corpus } from "./corpus.ts";
import { expectMetadata } from "./schema.ts";

await loadTables();

const scorer = corpus === undefined ? "" : resolve(corpus, "../tools/agreement.mjs");

interface Score {
  images: { files: number; answered: number; dimensions: [number, number]; mimeType: [number, number] };
  table: { name: string; truth: number; same: number; score: number }[];
  extra: { standard: number };
}

function score(folder: string, truth: string, numeric: boolean, ...options: string[]): Score {
  const lines: string[] = [];
  for (const name of readdirSync(`${corpus}/${folder}`)) {
    const uri = pathToFileURL(`${corpus}/${folder}/${name}`).href;
    try {
      const metadata = readMetadataSync(readFileSync(`${corpus}/${folder}/${name}`), { numeric });
      expectMetadata(metadata);
      lines.push(JSON.stringify({ uri, ...metadata }));
    } catch (thrown) {
      if (!(thrown instanceof ImagemetaError)) throw new Error(`${name} threw`, { cause: thrown });
      lines.push(JSON.stringify({ uri, error: { code: thrown.code, message: thrown.message } }));
    }
  }
  const temporary = mkdtempSync(join(tmpdir(), "imagemeta-agreement-"));
  try {
    writeFileSync(`${temporary}/out.ndjson`, lines.join("\n"));
    const printed = execFileSync(process.execPath, [scorer, `${corpus}/${truth}.ndjson`, `${temporary}/out.ndjson`, "--json", ...options], {
      maxBuffer: 1 << 26,
    });
    return JSON.parse(printed.toString());
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

const standard = (result: Score) => result.table.filter(({ name }) => name === "standard" || name.endsWith("· standard"));

if (!existsSync(scorer))
  process.stderr.write("Agreement with ExifTool is not scored: IMAGEMETA_CORPUS names no folder of images with its answers.\n");

describe.runIf(existsSync(scorer))("agreement with ExifTool", () => {
  test.each([
    { form: "stored", truth: "truth-numeric", numeric: true, least: 97 },
    { form: "printed", truth: "truth-printed", numeric: false, least: 95 },
  ])("$form values of the standard groups: at least $least %", { timeout: 120_000 }, ({ truth, numeric, least }) => {
    const result = score("images", truth, numeric, "--core", "--by", "format");
    expect(result.images.answered).toBe(result.images.files);
    expect(result.images.dimensions[0]).toBe(result.images.dimensions[1]);
    expect(result.images.mimeType[0]).toBe(result.images.mimeType[1]);
    for (const row of standard(result)) {
      if (row.name === "standard") {
        expect(row.score).toBeGreaterThanOrEqual(least);
        expect(result.extra.standard).toBeLessThanOrEqual(row.truth / 100);
      } else if (row.truth >= 100) expect(row.score, row.name).toBeGreaterThanOrEqual(90);
    }
  });

  test("damaged files: at least 80 % of the standard tags that ExifTool still reads", { timeout: 120_000 }, () => {
    const result = score("malformed", "truth-malformed", true, "--core");
    expect(standard(result)[0]?.score).toBeGreaterThanOrEqual(80);
  });
});
