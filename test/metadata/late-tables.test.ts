import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { lateTable } from "../../src/metadata/late-table.ts";
import { ImagemetaError } from "../../src/record/errors.ts";
import type { ImageContent } from "../../src/record/types.ts";
import { lateTablesFile } from "../builders/late-tables.ts";

/** An engine that has no late table loaded. */
async function freshEngine() {
  vi.resetModules();
  const { Reading, readMetadataSync, readMetadataOf } = await import("../../src/metadata/read.ts");
  const { ByteWindow } = await import("../../src/metadata/bytes/window.ts");
  const { Missing } = await import("../../src/metadata/missing.ts");
  const { loadTables, lateTables } = await import("../../src/metadata/late-tables.ts");
  return { Reading, readMetadataSync, readMetadataOf, ByteWindow, Missing, loadTables, lateTables };
}

/** What is done with what an attempt lacks. */
interface Arrival {
  readonly tables: "all" | "last one" | "none while bytes are missing";
  /** Bytes that come for each range that is missing, and for the first. */
  readonly bytes: number;
}

async function readByArrival(file: Uint8Array, { tables, bytes }: Arrival): Promise<ImageContent> {
  const { Reading, ByteWindow, Missing } = await freshEngine();
  const window = ByteWindow.empty(file.length);
  window.add(0, file.subarray(0, bytes));
  const reading = new Reading(window);
  for (let round = 0; round < 1000; round++) {
    try {
      return reading.attempt();
    } catch (thrown) {
      if (!(thrown instanceof Missing)) throw thrown;
      expect(thrown.ranges.length + thrown.tables.length).toBeGreaterThan(0);
      const loaded = tables === "all" ? thrown.tables : tables === "last one" || thrown.ranges.length === 0 ? thrown.tables.slice(-1) : [];
      for (const table of loaded) await table.load();
      for (const { start, end } of thrown.ranges) window.add(start, file.subarray(start, Math.max(end, start + bytes)));
    }
  }
  throw new Error("the attempt never had all it asked for");
}

describe("tables that are loaded late", () => {
  test("give the same record in any order of arrival of tables and bytes", async () => {
    const engine = await freshEngine();
    await engine.loadTables();
    const expected = new engine.Reading(engine.ByteWindow.whole(lateTablesFile, 0)).attempt();
    expect(expected.tags).toMatchObject({
      GeoTiff: { GTModelType: "Geographic" },
      KodakIFD: { Time: "10:20" },
      Apple: { MakerNoteVersion: 15 },
    });
    for (const tables of ["all", "last one", "none while bytes are missing"] as const) {
      for (const bytes of [64, 1000, 4096]) {
        expect(await readByArrival(lateTablesFile, { tables, bytes }), `${tables}, ${bytes}`).toEqual(expected);
      }
    }
  });

  test("are all known as missing after one attempt at an image that is whole", async () => {
    const { Reading, ByteWindow } = await freshEngine();
    const reading = new Reading(ByteWindow.whole(lateTablesFile, 0));
    expect(() => reading.attempt()).toThrow(
      expect.objectContaining({
        ranges: [],
        tables: ["Kodak's directory", "Apple's maker notes", "GeoTIFF"].map((name) => expect.objectContaining({ name })),
      }),
    );
  });

  test("stay loaded", async () => {
    const { Reading, ByteWindow, readMetadataOf } = await freshEngine();
    await readMetadataOf(lateTablesFile);
    expect(new Reading(ByteWindow.whole(lateTablesFile, 0)).attempt().tags).toHaveProperty("GeoTiff.GTModelType");
  });

  test("are loaded for a caller that waits", async () => {
    const { readMetadataOf } = await freshEngine();
    expect((await readMetadataOf(lateTablesFile)).tags).toHaveProperty("KodakIFD.Time", "10:20");
  });
});

describe("a platform that can only import", () => {
  beforeEach(() => void vi.doMock("#platform", () => import("../../src/metadata/bytes/platform-web.ts")));
  afterEach(() => void vi.doUnmock("#platform"));

  test("leaves out what is not loaded and says how to load it", async () => {
    const { readMetadataSync } = await freshEngine();
    const { tags, warnings } = readMetadataSync(lateTablesFile);
    expect(tags).not.toHaveProperty("GeoTiff");
    expect(tags).toHaveProperty("ExifIFD.DateTimeOriginal");
    expect(warnings).toContainEqual(
      expect.objectContaining({
        code: "NOT_DECODED",
        message: "GeoTIFF: left out, because the tables are not loaded. await loadTables() loads them",
      }),
    );
  });

  test("decodes all once loadTables() has ended", async () => {
    const { readMetadataSync, loadTables } = await freshEngine();
    await loadTables();
    const { tags, warnings } = readMetadataSync(lateTablesFile);
    expect(tags).toMatchObject({ GeoTiff: { GTModelType: "Geographic" }, KodakIFD: { Time: "10:20" }, Apple: { MakerNoteVersion: 15 } });
    expect(warnings).toEqual([]);
  });
});

describe("a table that cannot be loaded", () => {
  test("is an error that names it", async () => {
    const absent = lateTable(
      "Nobody",
      "tables/nobody",
      () => Promise.reject(new Error("no such file")),
      () => 1,
    );
    const error = new ImagemetaError("INTERNAL", "what reads Nobody cannot be loaded: Error: no such file");
    await expect(absent.load()).rejects.toThrow(error);
  });

  test("is an error if its module does not have it", async () => {
    const empty = lateTable(
      "Nobody",
      "tables/nobody",
      () => Promise.resolve({}),
      (module: { tags?: number }) => module.tags,
    );
    await expect(empty.load()).rejects.toThrow(/what reads Nobody cannot be loaded/);
  });
});
