/** The catalogues that chaos is tried with, and how each is taken away for a while. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { startFirestore } from "../test/stores/firestore-emulator.ts";
import { startPostgres } from "../test/stores/postgres-server.ts";

export interface StoreUnderTest {
  readonly address: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Makes it unreachable; what it gives makes it reachable again. */
  takeAway(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export const STORES: Readonly<Record<string, () => Promise<StoreUnderTest>>> = { sqlite, postgres, firestore };

/** One file that three workers write; another program locks it. */
async function sqlite(): Promise<StoreUnderTest> {
  const folder = mkdtempSync(`${tmpdir()}/imagemeta-chaos-`);
  const path = `${folder}/catalog.db`;
  return {
    address: path,
    environment: {},
    async takeAway() {
      const other = new DatabaseSync(path, { timeout: 20 });
      while (!other.isTransaction) {
        try {
          other.exec("begin immediate");
        } catch {
          // A worker is writing.
          await pause(1);
        }
      }
      return async () => {
        other.exec("commit");
        other.close();
      };
    },
    async close() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Every commit goes to the disk, as it must; the server is killed and started again. */
async function postgres(): Promise<StoreUnderTest> {
  const server = await startPostgres({});
  return { address: server.database("chaos"), environment: {}, takeAway: () => server.crash(), close: () => server.stop() };
}

/** The emulator holds all in memory: it is stopped and goes on. */
async function firestore(): Promise<StoreUnderTest> {
  const emulator = await startFirestore();
  return {
    address: "firestore://demo/(default)/images",
    environment: { FIRESTORE_EMULATOR_HOST: emulator.host },
    async takeAway() {
      const goOn = emulator.freeze();
      return async () => goOn();
    },
    close: () => emulator.stop(),
  };
}
