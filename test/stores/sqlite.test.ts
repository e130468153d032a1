import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, test } from "vitest";
import type { Catalogue, Condition } from "../../src/stores/contract.ts";
import { TOMBSTONE_LIFE } from "../../src/stores/merge.ts";
import { afterPrefix } from "../../src/stores/prefix.ts";
import { openSqlite } from "../../src/stores/sqlite/catalogue.ts";
import { clauseOf } from "../../src/stores/sqlite/condition.ts";
import { catalogueConformance } from "../conformance/catalogue.ts";
import { objectAt, recordOf } from "../conformance/catalogue-model.ts";

const folder = mkdtempSync(join(tmpdir(), "imagemeta-sqlite-"));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const newPath = () => join(folder, `${++count}.db`);

catalogueConformance("sqlite", async () => {
  const path = newPath();
  let catalogue = await openSqlite(path);
  return {
    catalogue,
    async reopen(values) {
      await catalogue.close();
      catalogue = await openSqlite(path, values && { values });
      return catalogue;
    },
    close: () => catalogue.close(),
  };
});

/** What a statement gives on the file of a closed or open catalogue. */
function ask(path: string, sql: string, ...parameters: (string | number)[]) {
  const database = new DatabaseSync(path);
  try {
    return database.prepare(sql).all(...parameters);
  } finally {
    database.close();
  }
}

async function uris(catalogue: Catalogue): Promise<string[]> {
  const all: string[] = [];
  for await (const { uri } of catalogue.iterate()) all.push(uri);
  return all;
}

const image = recordOf("gs://b/a.jpg", objectAt("5", "1"));

function start(path: string, name: string, batches: number, under: readonly string[] = []) {
  const writer = new URL("./sqlite-writer.ts", import.meta.url).pathname;
  const [program = "", ...parameters] = [...under, process.execPath, writer, path, name, String(batches)];
  const child = spawn(program, parameters, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  // Half a line was not said.
  const acknowledged = () =>
    said
      .slice(0, said.lastIndexOf("\n") + 1)
      .split("\n")
      .slice(0, -1);
  return { child, acknowledged, ended: once(child, "close") };
}

describe("processes", () => {
  test("what was acknowledged is there after kill -9 in the middle of puts", async () => {
    const path = newPath();
    for (const [round, batches] of [1, 7, 30].entries()) {
      const { child, acknowledged, ended } = start(path, `round${round}`, 1e6);
      while (acknowledged().length < batches * 20 && child.exitCode === null) await Promise.race([once(child.stdout, "data"), ended]);
      child.kill("SIGKILL");
      const [, signal] = await ended;
      expect(signal).toBe("SIGKILL");
      const catalogue = await openSqlite(path);
      const held = await catalogue.lookup(acknowledged());
      expect(held.filter((each) => each?.engine !== "1.0.0")).toEqual([]);
      // Batches are there whole or not at all.
      expect((await uris(catalogue)).filter((uri) => uri.includes(`round${round}-`)).length % 20).toBe(0);
      expect((await catalogue.put([recordOf(`gs://b/after${round}`, objectAt("5", "1"))]))[0]?.result).toBe("written");
      await catalogue.close();
      expect(ask(path, "pragma integrity_check")).toEqual([{ integrity_check: "ok" }]);
    }
  }, 60_000);

  test("two that make and write one catalogue at once lose nothing", async () => {
    const path = newPath();
    const writers = [start(path, "x", 60), start(path, "y", 60)];
    expect(await Promise.all(writers.map(async ({ ended }) => (await ended)[0]))).toEqual([0, 0]);
    const catalogue = await openSqlite(path);
    const all = await uris(catalogue);
    expect(all.toSorted()).toEqual([...writers.flatMap(({ acknowledged }) => acknowledged()), "gs://b/shared"].toSorted());
    expect(all.length).toBe(2 * 60 * 20 + 1);
    expect((await catalogue.get("gs://b/shared"))?.object.generation).toBe("60");
    await catalogue.close();
  }, 60_000);
});

describe("the file", () => {
  test("is in WAL mode and holds JSON that people can query", async () => {
    const path = newPath();
    const catalogue = await openSqlite(path);
    await catalogue.put([image, recordOf("gs://b/broken.jpg", objectAt("5", "1"), { failed: true })]);
    await catalogue.remove([{ uri: "gs://b/gone.jpg", generation: "5" }]);
    await catalogue.update([{ uri: "gs://b/unread.jpg", object: objectAt("5", "1") }]);
    expect(ask(path, "pragma journal_mode")).toEqual([{ journal_mode: "wal" }]);
    expect(
      ask(
        path,
        "select uri, make, json_extract(content, '$.tags.IFD0.Make') as tag, object ->> 'etag' as etag, error_code from records order by uri",
      ),
    ).toEqual([
      { uri: "gs://b/a.jpg", make: "Apple", tag: "Apple", etag: "5/1", error_code: null },
      { uri: "gs://b/broken.jpg", make: null, tag: null, etag: "5/1", error_code: "TRUNCATED" },
    ]);
    await catalogue.close();
  });

  test("of version 1 is brought up to the newest, and keeps what it has", async () => {
    const path = newPath();
    const { uri, object, ...content } = image;
    const old = new DatabaseSync(path);
    old.exec(`create table images (uri text primary key not null, generation integer not null, metageneration integer not null,
        removed_at integer, rank text not null, engine text, format text, error_code text, taken_at text, make text, model text,
        latitude real, longitude real, object text, content text) strict;
      create table settings (key text primary key not null, value text not null) strict, without rowid;
      create table form (only_row integer primary key check (only_row = 1), tag_values text not null) strict;
      insert into form values (1, 'numeric');
      insert into settings values ('paused', 'yes');
      pragma application_id = 1768777076; pragma user_version = 1`);
    old
      .prepare(
        "insert into images (uri, generation, metageneration, rank, engine, format, make, object, content) values (?, 5, 1, ?, ?, ?, ?, ?, ?)",
      )
      .run(uri, "1001100101001~", "1.0.0", "JPEG", "Apple", JSON.stringify(object), JSON.stringify(content));
    old.close();
    const catalogue = await openSqlite(path);
    expect([await catalogue.get(uri), await catalogue.getSetting("paused"), catalogue.values]).toEqual([image, "yes", "numeric"]);
    expect((await catalogue.put([recordOf(uri, objectAt("4", "1"))]))[0]?.result).toBe("superseded");
    await catalogue.close();
    expect(ask(path, "pragma user_version")).toEqual([{ user_version: 2 }]);
    expect(ask(path, "select uri from records")).toEqual([{ uri }]);
    const fresh = newPath();
    await (await openSqlite(fresh)).close();
    const schema = "select type, name from sqlite_schema order by 1, 2";
    expect(ask(path, schema)).toEqual(ask(fresh, schema));
  });

  test("of a newer version, of another program, or that is no database is left as it is", async () => {
    const newer = newPath();
    await (await openSqlite(newer)).close();
    ask(newer, "pragma user_version = 99");
    await expect(openSqlite(newer)).rejects.toThrow(/newer imagemeta \(schema 99; this one knows 2\): update imagemeta/);
    const other = newPath();
    ask(other, "create table theirs (x)");
    await expect(openSqlite(other)).rejects.toThrow(/another program/);
    expect(ask(other, "select name from sqlite_schema")).toEqual([{ name: "theirs" }]);
    const text = newPath();
    writeFileSync(text, "these are not the bytes of a database".repeat(100));
    await expect(openSqlite(text)).rejects.toMatchObject({ code: "UNSUPPORTED_FORMAT" });
    await expect(openSqlite(join(folder, "absent", "catalog.db"))).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("of printed values takes no numeric ones", async () => {
    const path = newPath();
    const catalogue = await openSqlite(path, { values: "printed" });
    const [refused, taken] = await catalogue.put([image, { ...image, values: "printed" }]);
    expect([refused?.result, taken?.result]).toEqual(["failed", "written"]);
    await catalogue.close();
    await expect(openSqlite(path, { values: "numeric" })).rejects.toThrow(/holds printed values, and numeric ones were asked for/);
    expect((await openSqlite(path)).values).toBe("printed");
  });
});

describe("writing", () => {
  test("a row that the database refuses takes none of its batch with it", async () => {
    const path = newPath();
    const catalogue = await openSqlite(path);
    ask(path, "create trigger refusal before insert on images when new.uri like '%bad' begin select raise(abort, 'refused'); end");
    const records = ["a", "bad", "c"].map((name) => recordOf(`gs://b/${name}`, objectAt("5", "1")));
    const outcomes = await catalogue.put(records);
    expect(outcomes.map(({ result }) => result)).toEqual(["written", "failed", "written"]);
    expect(outcomes[1]).toMatchObject({ error: { code: "INTERNAL", message: expect.stringMatching(/gs:\/\/b\/bad.*refused/) } });
    expect(await uris(catalogue)).toEqual(["gs://b/a", "gs://b/c"]);
    await catalogue.close();
  });

  test("waits for another writer, and lets others run meanwhile", async () => {
    const path = newPath();
    const catalogue = await openSqlite(path);
    await catalogue.put([image]);
    const other = new DatabaseSync(path);
    other.exec("begin immediate");
    let isFree = false;
    const record = recordOf("gs://b/later.jpg", objectAt("5", "1"));
    const writes = [catalogue.put([record]).then(([outcome]) => [outcome?.result, isFree]), catalogue.putSetting("key", "value")];
    expect(await catalogue.get(image.uri)).toEqual(image);
    isFree = true;
    other.exec("rollback");
    other.close();
    expect((await Promise.all(writes))[0]).toEqual(["written", true]);
    expect(await catalogue.getSetting("key")).toBe("value");
    await catalogue.close();
  });

  test("where the disk is full the call rejects, and what was acknowledged is there", async () => {
    const path = newPath();
    // A limit on the size of files, in blocks of 512 bytes, is refused to SQLite as a full disk is.
    const { child, acknowledged, ended } = start(path, "full", 1e6, ["sh", "-c", 'trap "" XFSZ; ulimit -f 2000; exec "$@"', "sh"]);
    let error = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      error += text;
    });
    expect((await ended)[0]).toBe(1);
    expect(error).toMatch(/ImagemetaError: Writing to .* failed: .*disk/);
    expect(error).toContain("UNAVAILABLE");
    const catalogue = await openSqlite(path);
    expect(acknowledged().length).toBeGreaterThan(20);
    expect((await catalogue.lookup(acknowledged())).every((held) => held?.engine === "1.0.0")).toBe(true);
    expect((await uris(catalogue)).filter((uri) => uri.includes("full-")).length).toBe(acknowledged().length);
    await catalogue.close();
  }, 60_000);

  test("removals are remembered for 60 days", async () => {
    const path = newPath();
    const first = await openSqlite(path);
    await first.remove([
      { uri: "gs://b/old.jpg", generation: "5" },
      { uri: "gs://b/young.jpg", generation: "5" },
    ]);
    await first.close();
    const removedAt = "update images set removed_at = ? where uri = ?";
    ask(path, removedAt, Date.now() - TOMBSTONE_LIFE - 60_000, "gs://b/old.jpg");
    ask(path, removedAt, Date.now() - TOMBSTONE_LIFE + 60_000, "gs://b/young.jpg");
    const second = await openSqlite(path);
    await second.put([image]);
    expect(ask(path, "select uri from images order by uri")).toEqual([{ uri: image.uri }, { uri: "gs://b/young.jpg" }]);
    await second.close();
  });
});

describe("questions", () => {
  test("have parameters only, and use the indexes", async () => {
    const path = newPath();
    const catalogue = await openSqlite(path);
    await catalogue.close();
    const compare = (field: string, value: string | number, comparison: "=" | ">" = "="): Condition => ({
      kind: "compare",
      field: field.split("."),
      comparison,
      value,
    });
    const plans: [Condition, RegExp][] = [
      [compare("summary.make", "Apple"), /images_camera/],
      [compare("format", "PNG"), /images_format/],
      [compare("error.code", "TRUNCATED"), /images_error/],
      [compare("summary.takenAt", "2019", ">"), /images_taken/],
      [compare("summary.latitude", 40, ">"), /images_place/],
    ];
    for (const [where, index] of plans) {
      const { sql, parameters } = clauseOf({ where });
      const plan = ask(path, `explain query plan select content from images where ${sql}`, ...(parameters as string[]));
      expect(JSON.stringify(plan)).toMatch(index);
    }
    const hostile = "x') or 1=1; drop table images --";
    const { sql, parameters } = clauseOf({ uriPrefix: hostile, where: compare(`tags.${hostile}`, hostile) });
    expect(sql).not.toContain("drop");
    expect(parameters).toContain(hostile);
    const prefix = clauseOf({ uriPrefix: "gs://b/" });
    expect(JSON.stringify(ask(path, `explain query plan select content from images where ${prefix.sql}`, "gs://b/", "gs://b0"))).toMatch(
      /SEARCH images USING INDEX sqlite_autoindex_images_1 \(uri>\? AND uri<\?\)/,
    );
  });

  test("a catalogue that is closed while records are given ends the giving", async () => {
    const catalogue = await openSqlite(newPath());
    await catalogue.put(Array.from({ length: 10 }, (_, i) => recordOf(`gs://b/${i}`, objectAt("5", "1"))));
    const records = catalogue.iterate()[Symbol.asyncIterator]();
    await records.next();
    await catalogue.close();
    await expect(records.next()).rejects.toMatchObject({ name: "ImagemetaError" });
    await catalogue.close();
  });
});

test("the first address after a prefix", () => {
  expect(["a", "a/", "\ud7ff", "\uffff", "a\u{10ffff}", "a\u{10ffff}\u{10ffff}", "\u{10ffff}", ""].map(afterPrefix)).toEqual([
    "b",
    "a0",
    "\ue000",
    "\u{10000}",
    "b",
    "b",
    undefined,
    undefined,
  ]);
});
