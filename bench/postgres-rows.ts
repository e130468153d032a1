/** PostgreSQL for bench/stores.ts: a server of its own for each round, and the rows of an upsert of many at once by the driver alone. */
import type { ImageRecord } from "../src/record/types.ts";
import { contentRank } from "../src/stores/merge.ts";
import { openPostgres } from "../src/stores/postgres/catalogue.ts";
import { startPostgres } from "../test/stores/postgres-server.ts";
import type { Place } from "./store-place.ts";

const COLUMNS = ["uri", "generation", "metageneration", "object", "rank", "content"];

export async function postgres(): Promise<Place> {
  // With the settings that a server has: commits are on the disk.
  const server = await startPostgres({});
  const url = server.database("bench");
  const catalogue = await openPostgres(url);
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  // The server may end before its connections have.
  pool.on("error", () => {});
  return {
    catalogue,
    bulk(batches) {
      const statements = batches.map((batch) => ({ text: upsertOf(batch.length), values: batch.flatMap(rowOf) }));
      return async () => {
        const client = await pool.connect();
        for (const { text, values } of statements) await client.query(text, values);
        client.release();
      };
    },
    async close() {
      await catalogue.close();
      await pool.end();
      await server.stop();
    },
  };
}

function upsertOf(rows: number): string {
  const row = (i: number) => `(${COLUMNS.map((_, k) => `$${i * COLUMNS.length + k + 1}`).join(", ")})`;
  const sets = COLUMNS.slice(1).map((column) => `${column} = excluded.${column}`);
  return `insert into imagemeta.images (${COLUMNS.join(", ")}) values ${Array.from({ length: rows }, (_, i) => row(i)).join(", ")}
    on conflict (uri) do update set ${sets.join(", ")}`;
}

function rowOf(record: ImageRecord): string[] {
  const { uri, object, ...content } = record;
  return [uri, `${object.generation}`, `${object.metageneration}`, JSON.stringify(object), contentRank(record), JSON.stringify(content)];
}
