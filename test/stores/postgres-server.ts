/** A PostgreSQL server of its own for a test run or a benchmark: a new cluster in a temporary folder, on a free port of this machine. */
import { execFileSync, type SpawnOptions, spawn } from "node:child_process";
import { chownSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { requireProgram } from "../requirements.ts";

export interface PostgresServer {
  /** `postgres://…`, of a user who may do everything. */
  readonly url: string;
  /** The address of a new, empty database of the server. */
  database(name: string): string;
  /** Runs SQL with psql in a database; gives what it prints, unaligned and without headings. */
  psql(sql: string, database?: string): string;
  /** Ends the server as a crash does, and gives what starts it again, with the same data. */
  crash(): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

/** Whether a server can be started here. */
export function hasPostgres(): boolean {
  return requireProgram("initdb", "install PostgreSQL 12 or newer (`apt-get install postgresql`) and put its programs on PATH");
}

/** Starts a server. `settings` are those of postgresql.conf. @throws Error with what the server said, if it does not come up */
export async function startPostgres(settings: Readonly<Record<string, string>> = { fsync: "off" }): Promise<PostgresServer> {
  const programs = dirname(realpathSync(execFileSync("sh", ["-c", "command -v initdb"], { encoding: "utf8" }).trim()));
  const folder = mkdtempSync(join(tmpdir(), "imagemeta-postgres-"));
  const account = unprivileged();
  if (account !== undefined) chownSync(folder, account.uid, account.gid);
  const data = join(folder, "data");
  const as = { ...account, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8" } };
  execFileSync(join(programs, "initdb"), ["-D", data, "-U", "tester", "--auth=trust", "--encoding=UTF8", "--no-sync"], {
    ...as,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const port = await freePort();
  const options = Object.entries({ listen_addresses: "127.0.0.1", unix_socket_directories: folder, port: String(port), ...settings });
  const start = () =>
    runServer(join(programs, "postgres"), ["-D", data, ...options.flatMap(([name, value]) => ["-c", `${name}=${value}`])], as);
  let server = await start();
  const psql = (sql: string, database = "postgres"): string =>
    execFileSync(
      join(programs, "psql"),
      ["-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", String(port), "-U", "tester", "-d", database, "-c", sql],
      {
        encoding: "utf8",
      },
    ).trim();
  const address = (name: string) => `postgres://tester@127.0.0.1:${port}/${name}`;
  return {
    url: address("postgres"),
    database(name) {
      psql(`create database "${name}"`);
      return address(name);
    },
    psql,
    async crash() {
      await server.end("SIGQUIT");
      return async () => {
        server = await start();
      };
    },
    async stop() {
      await server.end("SIGINT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface RunningServer {
  end(signal: "SIGINT" | "SIGQUIT"): Promise<void>;
}

/** Resolves when it accepts connections. @throws Error with what it said, if it ends before */
async function runServer(program: string, args: readonly string[], options: SpawnOptions): Promise<RunningServer> {
  const server = spawn(program, args, { ...options, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const kill = () => server.kill("SIGQUIT");
  process.once("exit", kill);
  let said = "";
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`postgres ended with ${code}: ${said}`)));
    server.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-4000);
      if (said.includes("ready to accept connections")) resolve();
    });
  });
  return {
    async end(signal) {
      process.off("exit", kill);
      server.kill(signal);
      await ended;
    },
  };
}

/** PostgreSQL refuses to run as root: the account of the package, or else `nobody`. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ["postgres", "nobody"]) {
    try {
      const [uid, gid] = ["-u", "-g"].map((which) => Number(execFileSync("id", [which, name], { encoding: "utf8", stdio: "pipe" })));
      if (uid !== undefined && gid !== undefined) return { uid, gid };
    } catch {
      // There is no such account.
    }
  }
  throw new Error("PostgreSQL does not run as root, and there is neither an account postgres nor nobody");
}

export async function freePort(): Promise<number> {
  const holder = createServer();
  return new Promise((resolve, reject) => {
    holder.once("error", reject).listen(0, "127.0.0.1", () => {
      const { port } = holder.address() as { port: number };
      holder.close(() => resolve(port));
    });
  });
}
