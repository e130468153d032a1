import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { gcs } from "../../../src/storage/gcs/storage.ts";
import { resolveOptions } from "../../../src/storage/options.ts";
import type { Catalogue } from "../../../src/stores/contract.ts";
import { openFirestore } from "../../../src/stores/firestore/catalogue.ts";
import { openPostgres } from "../../../src/stores/postgres/catalogue.ts";
import { openSqlite } from "../../../src/stores/sqlite/catalogue.ts";
import { openBucket } from "../../storage/bucket.ts";
import { hasFirestoreEmulator, startFirestore } from "../../stores/firestore-emulator.ts";
import { hasPostgres, startPostgres } from "../../stores/postgres-server.ts";
import { localReaders } from "../scan/scanning.ts";
import { contentBelow, expectedBelow, type History, happen, histories, type Scene, scanBelow } from "./lying-sender.ts";

interface OpenStore {
  readonly store: Catalogue;
  close(): Promise<unknown>;
}

async function sqlite(): Promise<OpenStore> {
  const folder = mkdtempSync(join(tmpdir(), "imagemeta-lies-"));
  const store = await openSqlite(join(folder, "catalog.db"));
  return { store, close: () => store.close().then(() => rmSync(folder, { recursive: true })) };
}

async function postgres(): Promise<OpenStore> {
  const server = await startPostgres();
  const store = await openPostgres(server.database("lies"));
  return { store, close: () => store.close().then(() => server.stop()) };
}

async function firestore(): Promise<OpenStore> {
  const emulator = await startFirestore();
  vi.stubEnv("FIRESTORE_EMULATOR_HOST", emulator.host);
  const store = await openFirestore("lies/(default)/images", { throttling: false });
  return {
    store,
    async close() {
      await store.close();
      vi.unstubAllEnvs();
      await emulator.stop();
    },
  };
}

function lyingSender(name: string, open: () => Promise<OpenStore>, numRuns: number): void {
  describe(`a lying sender, ${name}`, () => {
    const toClose: (() => Promise<unknown>)[] = [];
    let shared: Omit<Scene, "folder">;
    let count = 0;
    beforeAll(async () => {
      const bucket = await openBucket();
      const readers = localReaders(bucket.emulator.url);
      const storage = gcs(resolveOptions({ emulatorHost: bucket.emulator.url }));
      const { store, close } = await open();
      toClose.push(
        () => bucket.close(),
        () => readers.close(),
        () => storage.close(),
        close,
      );
      shared = { bucket, readers, storage, store };
    });
    afterAll(async () => {
      for (const close of toClose.toReversed()) await close();
    });
    const scene = (): Scene => ({ ...shared, folder: `${++count}/` });
    const agreement = async (at: Scene) => expect(await contentBelow(at)).toEqual(await expectedBelow(at));

    test("changes nothing if each true event arrives: the store equals the bucket", async () => {
      await fc.assert(
        fc.asyncProperty(histories(false), async (history) => {
          const at = scene();
          await happen(history, at);
          await agreement(at);
        }),
        { numRuns },
      );
    }, 120_000);

    test("is corrected by one scan if true events are lost", async () => {
      await fc.assert(
        fc.asyncProperty(histories(true), async (history) => {
          const at = scene();
          await happen(history, at);
          await scanBelow(at);
          await agreement(at);
        }),
        { numRuns },
      );
    }, 120_000);

    test("deletes a live object only from a store that trusts removals, and a scan brings it back", async () => {
      const history: History = {
        steps: [{ kind: "write", name: "a.jpg", at: 0, content: 0 }],
        lies: [{ name: "a.jpg", at: 2, type: "OBJECT_DELETE", generation: 0, isDescribed: true, metageneration: undefined }],
        deliveries: [{ first: 1, again: undefined }],
        together: 1,
        isVerified: true,
      };
      const at = scene();
      await happen(history, at, true);
      expect((await contentBelow(at)).size).toBe(0);
      await scanBelow(at);
      await agreement(at);
    });
  });
}

lyingSender("SQLite", sqlite, 40);
if (hasPostgres()) lyingSender("PostgreSQL", postgres, 20);
if (hasFirestoreEmulator()) lyingSender("Firestore", firestore, 15);
