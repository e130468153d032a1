/** What PostgreSQL alone has: its settings, permissions, schema versions and row limits. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ImagemetaError } from "../../../src/record/errors.ts";
import type { ImageRecord } from "../../../src/record/types.ts";
import type { Catalogue } from "../../../src/stores/contract.ts";
import { openPostgres } from "../../../src/stores/postgres/catalogue.ts";
import { objectAt, recordOf } from "../../conformance/catalogue-model.ts";
import { freePort, hasPostgres, type PostgresServer, startPostgres } from "../postgres-server.ts";

async function refusal(promise: Promise<unknown>): Promise<ImagemetaError> {
  const thrown = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  if (!(thrown instanceof ImagemetaError)) throw new Error(`no ImagemetaError was thrown, but ${thrown}`);
  return thrown;
}

async function first(catalogue: Catalogue): Promise<ImageRecord | undefined> {
  for await (const record of catalogue.iterate()) return record;
  return undefined;
}

describe.runIf(hasPostgres())("a catalogue in PostgreSQL", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  test("commits durably where the database is set not to", async () => {
    const url = server.database("lax");
    server.psql("alter database lax set synchronous_commit = off");
    const catalogue = await openPostgres(url);
    // The view tells what the session of the catalogue has.
    server.psql(
      `create function imagemeta.told() returns trigger language plpgsql as
         $$ begin new.value := current_setting('synchronous_commit'); return new; end $$;
       create trigger told before insert on imagemeta.settings for each row execute function imagemeta.told()`,
      "lax",
    );
    await catalogue.putSetting("commit", "");
    expect([await catalogue.getSetting("commit"), server.psql("show synchronous_commit", "lax")]).toEqual(["on", "off"]);
    await catalogue.close();
  });

  test("is made once by many that open it at the same time", async () => {
    const url = server.database("together");
    const opened = await Promise.all(Array.from({ length: 6 }, () => openPostgres(url)));
    expect(server.psql("select count(*), max(version) from imagemeta.catalogue", "together")).toBe("1|1");
    await Promise.all(opened.map((catalogue) => catalogue.close()));
  });

  test("of a newer imagemeta is refused", async () => {
    const url = server.database("newer");
    await (await openPostgres(url)).close();
    server.psql("update imagemeta.catalogue set version = 99", "newer");
    expect(await refusal(openPostgres(url))).toMatchObject({ code: "UNSUPPORTED_FORMAT", message: expect.stringContaining("Upgrade") });
  });

  test("serves a user who may read and write rows only, and another who may read", async () => {
    const url = server.database("granted");
    const made = await openPostgres(url);
    await made.put([recordOf("gs://b/a.jpg", objectAt("5", "1"))]);
    await made.close();
    server.psql(
      `create role worker login; create role reader login; grant usage on schema imagemeta to worker, reader;
       grant select on all tables in schema imagemeta to worker, reader;
       grant insert, update, delete on all tables in schema imagemeta to worker`,
      "granted",
    );
    const worker = await openPostgres(url.replace("tester", "worker"));
    expect(await worker.put([recordOf("gs://b/b.jpg", objectAt("5", "1"))])).toEqual([{ uri: "gs://b/b.jpg", result: "written" }]);
    expect(await worker.remove([{ uri: "gs://b/b.jpg", generation: "5" }])).toEqual([{ uri: "gs://b/b.jpg", result: "written" }]);
    await worker.close();
    const reader = await openPostgres(url.replace("tester", "reader"));
    expect((await first(reader))?.uri).toBe("gs://b/a.jpg");
    const refused = await refusal(reader.put([recordOf("gs://b/c.jpg", objectAt("5", "1"))]));
    expect(refused).toMatchObject({ code: "FORBIDDEN", message: expect.stringContaining("select, insert, update and delete") });
    await reader.close();
  });

  test("says what is wrong with an address, and never the password", async () => {
    const url = new URL(server.url);
    url.password = "secret-word";
    const cases: [(at: URL) => void, string, RegExp][] = [
      [(at) => (at.pathname = "/absent"), "NOT_FOUND", /createdb/],
      [(at) => (at.username = "nobody-here"), "UNAUTHENTICATED", /PGPASSWORD/],
    ];
    const closed = await freePort();
    cases.push([(at) => (at.port = String(closed)), "UNAVAILABLE", /server runs/]);
    for (const [change, code, advice] of cases) {
      const at = new URL(url);
      change(at);
      const refused = await refusal(openPostgres(at.href));
      expect([refused.code, refused.message]).toEqual([code, expect.stringMatching(advice)]);
      expect(refused.message).not.toContain("secret-word");
    }
    expect((await refusal(openPostgres("postgres:// /"))).code).toBe("NOT_FOUND");
  });

  test("a row that the server does not take fails alone, and the others are written", async () => {
    const catalogue = await openPostgres(server.database("rows"));
    const name = (i: number) => `gs://b/${String(i).padStart(4, "0")}`;
    const records = Array.from({ length: 700 }, (_, i) => recordOf(name(i), objectAt("5", "1")));
    const hashed = Array.from({ length: 200 }, (_, i) => ((i * 2654435761) % 2 ** 32).toString(36)).join("");
    // More than an entry of the primary key may have, and U+0000, which no text of PostgreSQL has.
    records[3] = recordOf(
      `https://host/${Buffer.from(hashed.repeat(20)).toString("base64")}${hashed}`.slice(0, 40_000),
      objectAt("5", "1"),
    );
    records[600] = { ...recordOf(name(600), objectAt("5", "1")), engine: "1\u0000" };
    const outcomes = await catalogue.put(records);
    expect(outcomes.flatMap(({ result }, i) => (result === "written" ? [] : [i]))).toEqual([3, 600]);
    expect(outcomes[3]).toMatchObject({ result: "failed", error: { message: expect.stringContaining("index") } });
    expect(server.psql("select count(*) from imagemeta.records", "rows")).toBe("698");
    await catalogue.close();
  });

  test("goes on after the server has cut its connections", async () => {
    const catalogue = await openPostgres(server.database("cut"));
    await catalogue.putSetting("a", "1");
    server.psql("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'cut'");
    expect(await catalogue.put([recordOf("gs://b/a.jpg", objectAt("5", "1"))])).toEqual([{ uri: "gs://b/a.jpg", result: "written" }]);
    await catalogue.close();
  });

  test("forgets removals after 60 days", async () => {
    const catalogue = await openPostgres(server.database("removals"));
    await catalogue.putSetting("a", "1");
    server.psql(
      `insert into imagemeta.images (uri, generation, removed_at)
       values ('gs://b/old', 5, now() - interval '61 days'), ('gs://b/new', 5, now() - interval '59 days')`,
      "removals",
    );
    await catalogue.remove([{ uri: "gs://b/now", generation: "5" }]);
    expect(server.psql("select uri from imagemeta.images order by uri", "removals")).toBe("gs://b/new\ngs://b/now");
    await catalogue.close();
  });

  test("has columns of what people ask for, and its conditions use their indexes", async () => {
    const url = server.database("columns");
    const catalogue = await openPostgres(url);
    const record = recordOf("gs://b/a.jpg", objectAt("5", "1")) as ImageRecord & { summary: object };
    record.summary = { takenAt: "2019-03-13T11:04:13", make: "Apple", model: "iPhone X", latitude: 40.7087, longitude: -73.94 };
    await catalogue.put([record, recordOf("gs://b/b.jpg", objectAt("5", "1"), { failed: true })]);
    expect(
      server.psql("select format, error_code, taken_at, make, model, latitude, longitude from imagemeta.records order by uri", "columns"),
    ).toBe("JPEG||2019-03-13T11:04:13|Apple|iPhone X|40.7087|-73.94\n|TRUNCATED|||||");
    for (const [condition, index] of [
      ["make = 'Apple'", "images_by_camera"],
      ["taken_at >= '2019'", "images_by_date"],
      ["latitude > 40 and latitude < 41", "images_by_place"],
      ["error_code = 'TRUNCATED'", "images_by_error"],
    ]) {
      const plan = server.psql(
        `set enable_seqscan = off; explain select uri from imagemeta.images where content is not null and ${condition}`,
        "columns",
      );
      expect(plan, condition).toContain(index);
    }
    await catalogue.close();
  });
});
