import { afterAll, beforeAll, describe } from "vitest";
import type { Catalogue } from "../../../src/stores/contract.ts";
import { openPostgres } from "../../../src/stores/postgres/catalogue.ts";
import { catalogueConformance } from "../../conformance/catalogue.ts";
import { hasPostgres, type PostgresServer, startPostgres } from "../postgres-server.ts";

describe.runIf(hasPostgres())("PostgreSQL", () => {
  let server: PostgresServer;
  let databases = 0;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  catalogueConformance("postgres", async () => {
    const url = server.database(`conformance-${++databases}`);
    let catalogue: Catalogue = await openPostgres(url);
    return {
      catalogue,
      async reopen(values) {
        await catalogue.close();
        catalogue = await openPostgres(url, values && { values });
        return catalogue;
      },
      close: () => catalogue.close(),
    };
  });
});
