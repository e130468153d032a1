/** A SQLite file for one run, in the system's folder of temporary files (`TMPDIR`): what is too much for memory and lost with the process. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export interface ScratchDatabase {
  readonly database: DatabaseSync;
  /** It is gone. */
  close(): void;
}

export function openScratch(subject: string): ScratchDatabase {
  const folder = mkdtempSync(join(tmpdir(), `imagemeta-${subject}-`));
  const database = new DatabaseSync(join(folder, `${subject}.db`));
  database.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;");
  return {
    database,
    close() {
      database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
