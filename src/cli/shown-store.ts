import { redacted } from "../record/secrets.ts";

/** The address of a store as it may be shown: a password in it is not for a log. */
export function shownStore(to: string): string {
  return redacted(to);
}
