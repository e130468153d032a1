/** A place, narrowed by the options that several commands share. */
import type { Location } from "../storage/contract.ts";
import { UsageError } from "./outcome.ts";

export interface Narrowing {
  readonly prefix?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/** The place, narrowed by `--prefix`, `--include` and `--exclude`. */
export function narrowed(where: Location, { prefix, include, exclude = [] }: Narrowing): Location {
  if (include !== undefined && where.include !== undefined)
    throw new UsageError("a source with wildcards and --include do not go together: write both as --include");
  return { ...where, prefix: (where.prefix ?? "") + (prefix ?? ""), include: include ?? where.include ?? [], exclude };
}
