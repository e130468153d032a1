/** Warnings, from where they are found to how the record gives them. */
import type { Warning, WarningCode } from "../record/types.ts";
import type { Cuts } from "./record-size.ts";

export interface FoundWarning {
  readonly code: WarningCode;
  readonly message: string;
  readonly block?: string | undefined;
  /** From the start of the object. */
  readonly offset?: number | undefined;
}

/** Characters; a message may hold names that the file chose. */
const MAX_MESSAGE_LENGTH = 500;
/** Tags that a warning names. */
const MAX_NAMED = 5;

/** The message, cut to `MAX_MESSAGE_LENGTH`. */
export function shortMessage(message: string): string {
  return message.length <= MAX_MESSAGE_LENGTH ? message : message.slice(0, MAX_MESSAGE_LENGTH);
}

/** The first `limit` warnings; if there were more, the last one says how many. */
export function recordWarnings(found: readonly FoundWarning[], limit: number): Warning[] {
  if (found.length <= limit) return found.map(toWarning);
  const message = `${found.length - limit + 1} more warnings are left out`;
  return [...found.slice(0, limit - 1), { code: "LIMIT_EXCEEDED", message } as const].map(toWarning);
}

function toWarning({ code, message, block, offset }: FoundWarning): Warning {
  const warning: Warning = { code, message: shortMessage(message).toWellFormed().replaceAll("\0", "") };
  if (block !== undefined) warning.block = block;
  if (offset !== undefined) warning.offset = offset;
  return warning;
}

/** The warning that names the cut values of a record of at most `limit` bytes. */
export function cutWarning({ cut, omitted }: Cuts, limit: number): FoundWarning {
  const parts = [...naming("cut", cut), ...naming("left out", omitted)];
  return { code: "LIMIT_EXCEEDED", message: `the record would have more than ${limit} bytes: ${parts.join("; ")}` };
}

function naming(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length - MAX_NAMED;
  return [`${what} ${names.slice(0, MAX_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`];
}
