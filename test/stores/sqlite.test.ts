import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqlite } from "../../src/stores/sqlite/catalogue.ts";
import { catalogueConformance } from "../conformance/catalogue.ts";

catalogueConformance("sqlite", async () => {
  const folder = mkdtempSync(join(tmpdir(), "imagemeta-sqlite-"));
  const path = join(folder, "catalog.db");
  let catalogue = await openSqlite(path);
  return {
    catalogue,
    async reopen(values) {
      await catalogue.close();
      catalogue = await openSqlite(path, values && { values });
      return catalogue;
    },
    async close() {
      await catalogue.close();
      rmSync(folder, { recursive: true });
    },
  };
});
