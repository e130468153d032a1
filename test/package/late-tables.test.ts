/** Tables that are loaded late, by Node itself: from the sources and from the build. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildNode } from "../../tools/node-build.ts";
import { lateTablesFile } from "../builders/late-tables.ts";

const root = new URL("../..", import.meta.url).pathname;
const plain = `${root}samples/sample-bucket/2024`;

let folder: string;
let image: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "imagemeta-late-"));
  symlinkSync(`${root}node_modules`, join(folder, "node_modules"));
  image = join(folder, "late.tif");
  writeFileSync(image, lateTablesFile);
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  await buildNode(join(folder, "dist"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What an expression gives in a process of its own, where `engine` is the module of a URL and `file` an image's bytes. */
function evaluate(module: string, file: string, expression: string): unknown {
  const source = `
    import { readFileSync } from "node:fs";
    const engine = await import(${JSON.stringify(pathToFileURL(module).href)});
    const file = readFileSync(${JSON.stringify(file)});
    console.log(JSON.stringify(await ${expression}));`;
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", source], { encoding: "utf8" }));
}

const WANTED = { GeoTiff: { GTModelType: "Geographic" }, KodakIFD: { Time: "10:20" }, Apple: { MakerNoteVersion: 15 } };

describe.each([
  ["the sources", () => `${root}src/index.ts`],
  ["the build", () => join(folder, "dist/index.js")],
])("from %s", (_, module) => {
  test("readMetadataSync loads what the image needs", () => {
    expect(evaluate(module(), image, "engine.readMetadataSync(file).tags")).toMatchObject(WANTED);
  });

  test("readImage loads what the image needs", () => {
    const address = JSON.stringify(pathToFileURL(image).href);
    expect(evaluate(module(), image, `engine.readImage(${address}).then(({ tags }) => tags)`)).toMatchObject(WANTED);
  });

  test("readMetadata loads what the image needs", () => {
    expect(evaluate(module(), image, "engine.readMetadata(file).then(({ tags }) => tags)")).toMatchObject(WANTED);
  });
});

describe("an installation that has lost them", () => {
  beforeAll(() => {
    for (const name of ["tables", "makernotes"]) rmSync(join(folder, "dist", name), { recursive: true });
  });

  test("reads an image that needs none", () => {
    const file = `${plain}/athens.jpg`;
    expect(evaluate(join(folder, "dist/index.js"), file, "engine.readMetadataSync(file).warnings")).toEqual([]);
  });

  test("leaves out what needs one if nothing can be awaited, and says so", () => {
    const codes = "engine.readMetadataSync(file).warnings.map(({ code }) => code)";
    expect(evaluate(join(folder, "dist/index.js"), image, codes)).toEqual(["NOT_DECODED", "NOT_DECODED", "NOT_DECODED"]);
  });

  test("reports one that it needs by its name", () => {
    const expression = "engine.readMetadata(file).catch(({ code, message }) => ({ code, message }))";
    expect(evaluate(join(folder, "dist/index.js"), image, expression)).toMatchObject({
      code: "INTERNAL",
      message: expect.stringMatching(/^what reads (GeoTIFF|Kodak's directory|Apple's maker notes) cannot be loaded: Error/),
    });
  });
});
