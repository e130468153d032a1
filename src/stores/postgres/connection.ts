/** Connections to one PostgreSQL database: durable commits, timeouts, another try where the server is away. */
import { setTimeout as delay } from "node:timers/promises";
import type { Pool, PoolClient } from "pg";
import { ImagemetaError } from "../../record/errors.ts";
import { explained, mayPass, withoutPassword } from "./refusal.ts";

/** Connections at once. */
const CONNECTIONS = 4;
/** Tries of one statement: a restart of the server breaks idle connections, and deadlocks pass. A server that is down is the caller's to wait for. */
const TRIES = 4;
/** A server that does not answer is given up after this long, in milliseconds. */
const CONNECT_TIMEOUT = 10_000;
/** A statement of a batch takes milliseconds; one that takes this long stands behind a lock or a dead network. */
const STATEMENT_TIMEOUT = 120_000;

/** A server, database or role may be set to answer before a commit is on disk; what a call has resolved must be durable. */
const DURABLE = "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'";

export class Connections {
  readonly #pool: Pool;
  readonly #where: string;

  private constructor(pool: Pool, where: string) {
    this.#pool = pool;
    this.#where = where;
  }

  /** Asks nothing of the server yet. @throws ImagemetaError NOT_FOUND where the address is none */
  static async to(url: string): Promise<Connections> {
    if (!URL.canParse(url)) throw new ImagemetaError("NOT_FOUND", "that is no address of a database; postgres://user@host/database is one");
    const { default: pg } = await import("pg");
    const pool = new pg.Pool({
      connectionString: url,
      application_name: "imagemeta",
      max: CONNECTIONS,
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      statement_timeout: STATEMENT_TIMEOUT,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      verify: (client, done) => {
        client.query(DURABLE).then(() => done(), done);
      },
    });
    // A connection that breaks while nobody uses it is replaced at the next use; one that breaks in use fails its statement.
    pool.on("error", () => {});
    pool.on("connect", (client) => client.on("error", () => {}));
    return new Connections(pool, withoutPassword(url));
  }

  /** Runs one statement. Each is one that does the same when it runs twice, so it is tried again where that may help. */
  async query<Row extends object>(what: string, text: string, values: readonly unknown[] = []): Promise<Row[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#borrowed(async (client) => (await client.query<Row>(text, [...values])).rows);
      } catch (thrown) {
        if (!mayPass(thrown) || attempt === TRIES) throw explained(what, this.#where, thrown);
        await delay(20 * 4 ** attempt * (0.5 + Math.random()));
      }
    }
  }

  /** One transaction on one connection; not tried again. */
  async transaction<Result>(what: string, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    return this.#borrowed(async (client) => {
      await client.query("begin");
      const result = await work(client);
      await client.query("commit");
      return result;
    }).catch((thrown) => {
      throw explained(what, this.#where, thrown);
    });
  }

  /** The rows of a statement in one snapshot, so many at a time. The connection is given back however the loop ends. */
  async *rows<Row extends object>(what: string, text: string, values: readonly unknown[], size: number): AsyncGenerator<Row[]> {
    let client: PoolClient | undefined;
    try {
      client = await this.#pool.connect();
      // A search that no index helps may take longer than any other statement.
      await client.query("begin read only");
      await client.query("set local statement_timeout = 0");
      await client.query(`declare found no scroll cursor for ${text}`, [...values]);
      for (let isMore = true; isMore; ) {
        const { rows } = await client.query<Row>(`fetch ${size} from found`);
        isMore = rows.length === size;
        if (rows.length > 0) yield rows;
      }
    } catch (thrown) {
      throw explained(what, this.#where, thrown);
    } finally {
      if (client !== undefined) await giveBack(client);
    }
  }

  async close(): Promise<void> {
    if (!this.#pool.ending) await this.#pool.end();
  }

  async #borrowed<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.#pool.connect();
    let isWhole = false;
    try {
      const result = await work(client);
      isWhole = true;
      return result;
    } finally {
      if (isWhole) client.release();
      else await giveBack(client);
    }
  }
}

/** Ends what was begun; a connection that does not take that is closed. */
async function giveBack(client: PoolClient): Promise<void> {
  await client.query("rollback").then(
    () => client.release(),
    () => client.release(true),
  );
}
