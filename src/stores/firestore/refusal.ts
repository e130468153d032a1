/** What Firestore or the way to it refused, in words. Codes: google.rpc.Code. */
import { HOW_TO_SIGN_IN, isUnauthenticated } from "../../auth/refusal.ts";
import { ImagemetaError } from "../../record/errors.ts";
import type { ErrorCode } from "../../record/types.ts";

const INVALID = 3;
export const NOT_FOUND = 5;
export const ALREADY_EXISTS = 6;
export const FAILED_PRECONDITION = 9;
export const ABORTED = 10;

const AGAIN = "Run the same command again later";

const REFUSALS: Readonly<Record<number, readonly [kind: ErrorCode, advice: string]>> = {
  [INVALID]: ["MALFORMED", "If it speaks of index entries, deploy deploy/firestore.indexes.json first"],
  4: ["UNAVAILABLE", AGAIN],
  [NOT_FOUND]: ["NOT_FOUND", "Create the database first: `gcloud firestore databases create --type=firestore-native --location=LOCATION`"],
  7: ["FORBIDDEN", "Grant roles/datastore.user on the project to the account that runs this"],
  8: ["UNAVAILABLE", "A quota is used up: see the quotas of Firestore in the console"],
  [FAILED_PRECONDITION]: ["FORBIDDEN", "Deploy deploy/firestore.indexes.json, and check that the database is in native mode"],
  [ABORTED]: ["UNAVAILABLE", AGAIN],
  13: ["UNAVAILABLE", AGAIN],
  14: ["UNAVAILABLE", "Check that Firestore may be reached from this machine"],
  16: ["UNAUTHENTICATED", `To sign in, ${HOW_TO_SIGN_IN}`],
};

/** `what` failed: "Writing records to firestore://… failed: …". */
export function explained(what: string, thrown: unknown): ImagemetaError {
  if (thrown instanceof ImagemetaError) return thrown;
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  // It says itself what to do.
  if (isUnauthenticated(thrown)) return new ImagemetaError("UNAUTHENTICATED", `${what} failed: ${said}`, { cause: thrown });
  const code = said.includes("Could not load the default credentials") ? 16 : codeOf(thrown);
  const [kind, advice] = REFUSALS[code ?? -1] ?? ["INTERNAL", ""];
  return new ImagemetaError(kind, [`${what} failed: ${said}`, advice].filter(Boolean).join(". "), { cause: thrown });
}

/** Undefined where the error is not the server's, but the driver's own of a value that it does not take. */
export function codeOf(thrown: unknown): number | undefined {
  const { code } = thrown as { code?: unknown };
  return typeof code === "number" ? code : undefined;
}
