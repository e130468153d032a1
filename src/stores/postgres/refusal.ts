/** What a PostgreSQL server or the way to it refused, in words. Codes: PostgreSQL documentation, appendix A, and Node's network errors. */
import { ImagemetaError } from "../../record/errors.ts";
import { isSecretName } from "../../record/secret-names.ts";
import type { ErrorCode } from "../../record/types.ts";

interface Refusal {
  readonly codes: RegExp;
  readonly kind: ErrorCode;
  readonly advice: string;
}

const REFUSALS: readonly Refusal[] = [
  {
    codes: /^28P01$|^28000$/,
    kind: "UNAUTHENTICATED",
    advice: "Check the user of the address, and the password in PGPASSWORD or ~/.pgpass",
  },
  { codes: /^3D000$/, kind: "NOT_FOUND", advice: "Create the database first, with `createdb`" },
  {
    codes: /^42501$/,
    kind: "FORBIDDEN",
    advice:
      "The first use of a database needs `grant create on database`; later ones need usage of the schema imagemeta and select, insert, update and delete on its tables",
  },
  { codes: /^25006$/, kind: "FORBIDDEN", advice: "This server takes no writes: give the address of the primary server" },
  { codes: /^ENOTFOUND$|^EAI_NONAME$/, kind: "NOT_FOUND", advice: "Check the host of the address" },
  { codes: /^53[12]00$/, kind: "UNAVAILABLE", advice: "The server is out of disk or memory: make room, then run the same command again" },
  { codes: /^53300$/, kind: "UNAVAILABLE", advice: "The server has no connection left: raise max_connections or run fewer processes" },
  { codes: /^57014$/, kind: "UNAVAILABLE", advice: "The server was too slow: look for locks in pg_stat_activity" },
  { codes: /^(40001|40P01|55P03)$/, kind: "UNAVAILABLE", advice: "Another session was in the way: run the same command again" },
  {
    codes: /^(0800[01346]|57P0[1-4]|ECONN[A-Z]*|EPIPE|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOENT|connection)$/,
    kind: "UNAVAILABLE",
    advice: "Check that the server runs and that this machine may reach it",
  },
];

/** Whether it is a row that the database does not take, and not the database that takes none: classes 22, 23 and 54. */
export function isOfData(thrown: unknown): boolean {
  const cause = thrown instanceof ImagemetaError ? thrown.cause : thrown;
  return /^(22|23|54)/.test(described(cause).code);
}

/** Whether the same statement may go well later. */
export function mayPass(thrown: unknown): boolean {
  return refusal(thrown).kind === "UNAVAILABLE";
}

/** `what` was tried `where`: "Writing records in postgres://… failed: …". */
export function explained(what: string, where: string, thrown: unknown): ImagemetaError {
  if (thrown instanceof ImagemetaError) return thrown;
  const { code, message } = described(thrown);
  const { kind, advice } = refusal(thrown);
  const cause = message.includes(code) || code === "" || code === CONNECTION ? message : `${message} (${code})`;
  return new ImagemetaError(kind, [`${what} in ${where} failed: ${cause}`, advice].filter(Boolean).join(". "), { cause: thrown });
}

function refusal(thrown: unknown): Omit<Refusal, "codes"> {
  const { code } = described(thrown);
  return REFUSALS.find(({ codes }) => codes.test(code)) ?? { kind: "INTERNAL", advice: "" };
}

/** The driver's own errors about connections have no code. */
const CONNECTION = "connection";

function described(thrown: unknown): { code: string; message: string } {
  // Where a name has several addresses, Node gives one error for each.
  const first = thrown instanceof AggregateError ? thrown.errors[0] : thrown;
  if (!(first instanceof Error)) return { code: "", message: String(first) };
  const { code, message } = first as Error & { code?: unknown };
  if (typeof code === "string") return { code, message };
  return { code: /connection|timeout/i.test(message) ? CONNECTION : "", message };
}

/** The address as it may be shown. */
export function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.password = "";
  for (const name of [...shown.searchParams.keys()].filter(isSecretName)) shown.searchParams.delete(name);
  return shown.href;
}
