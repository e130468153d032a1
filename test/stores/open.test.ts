import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openCatalogue, openStore } from "../../src/stores/open.ts";
import { recordOf } from "../conformance/catalogue-model.ts";

const folder = mkdtempSync(join(tmpdir(), "imagemeta-open-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("addresses of stores", () => {
  test("sqlite:PATH and the endings of database files are one SQLite catalogue", async () => {
    const record = recordOf("gs://b/a", { generation: "1" });
    for (const name of ["catalog.db", "a.SQLITE", "b c:d.sqlite3"]) {
      const first = await openCatalogue(join(folder, name));
      await first.put([record]);
      await first.close();
      const second = await openStore(`sqlite:${join(folder, name)}`, { values: "numeric" });
      expect("held" in second && (await second.get(record.uri))).toEqual(record);
      await second.close();
    }
  });

  test("a file of records is a sink, and no catalogue", async () => {
    const sink = await openStore(join(folder, "out.ndjson"), { values: "printed" });
    expect(["held" in sink, sink.values]).toEqual([false, "printed"]);
    await sink.close();
    await expect(openCatalogue(join(folder, "out.ndjson"))).rejects.toThrow(
      /out\.ndjson only takes records: give a catalogue, such as sqlite:PATH/,
    );
  });

  test("what is none is refused with the forms that there are", async () => {
    for (const address of ["mysql://host/catalog.db", "catalog.txt", "s3://bucket/out.json", "sqlite:", ""])
      await expect(openStore(address)).rejects.toMatchObject({
        code: "NOT_FOUND",
        message: expect.stringContaining("known are sqlite:PATH"),
      });
  });
});
