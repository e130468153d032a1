/** What is to be published, in the order in which it will be, in a temporary SQLite file: memory stays flat however much it is. */
import type { StatementSync } from "node:sqlite";
import type { ObjectInfo } from "../../record/types.ts";
import { openScratch, type ScratchDatabase } from "../scratch-database.ts";

export type RecoveredType = "OBJECT_FINALIZE" | "OBJECT_METADATA_UPDATE" | "OBJECT_DELETE";

export interface PlannedEvent {
  readonly type: RecoveredType;
  readonly uri: string;
  /** What is known of it: its bucket, name and generation at least. */
  readonly info: ObjectInfo;
  /** The generation that the store holds, where this one replaced it. */
  readonly overwrote?: string;
}

/** What was listed comes first, then what is gone; each in the order of addresses as UTF-8 bytes. */
export interface Position {
  readonly part: "listed" | "gone";
  readonly uri: string;
}

const PARTS = ["listed", "gone"] as const;

export function positionOf({ type, uri }: PlannedEvent): Position {
  return { part: type === "OBJECT_DELETE" ? "gone" : "listed", uri };
}

export class PlannedEvents {
  readonly counts: Record<RecoveredType, number> = { OBJECT_FINALIZE: 0, OBJECT_METADATA_UPDATE: 0, OBJECT_DELETE: 0 };
  readonly #scratch: ScratchDatabase;
  readonly #insert: StatementSync;

  constructor() {
    this.#scratch = openScratch("recover");
    const { database } = this.#scratch;
    database.exec("CREATE TABLE planned (part INTEGER, uri TEXT, event TEXT, PRIMARY KEY (part, uri)) WITHOUT ROWID");
    this.#insert = database.prepare("INSERT OR REPLACE INTO planned VALUES (?, ?, ?)");
  }

  add(event: PlannedEvent): void {
    const { part, uri } = positionOf(event);
    this.#insert.run(PARTS.indexOf(part), uri, JSON.stringify(event));
    this.counts[event.type]++;
  }

  /** How many come after a position. */
  countAfter(position: Position | undefined): number {
    const row = this.#scratch.database
      .prepare("SELECT count(*) AS count FROM planned WHERE (part, uri) > (?, ?)")
      .get(...parametersOf(position));
    return Number(row?.count);
  }

  *after(position: Position | undefined, pageSize: number): Generator<readonly PlannedEvent[]> {
    const select = this.#scratch.database.prepare("SELECT event FROM planned WHERE (part, uri) > (?, ?) ORDER BY part, uri LIMIT ?");
    for (let from = position; ; ) {
      const page = select.all(...parametersOf(from), pageSize).map(({ event }) => JSON.parse(String(event)) as PlannedEvent);
      const last = page.at(-1);
      if (last === undefined) return;
      yield page;
      from = positionOf(last);
    }
  }

  close(): void {
    this.#scratch.close();
  }
}

function parametersOf(position: Position | undefined): [number, string] {
  return position === undefined ? [-1, ""] : [PARTS.indexOf(position.part), position.uri];
}
