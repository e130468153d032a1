/** The records of the store that `--from` names, narrowed by `--where` and `--prefix`. */
import { setImmediate as turn } from "node:timers/promises";
import { ImagemetaError } from "../record/errors.ts";
import type { ImageRecord } from "../record/types.ts";
import type { Catalogue, Condition, Query } from "../stores/contract.ts";
import { hasFormat } from "../stores/formats/record-file.ts";
import { isStoreThere, openCatalogue } from "../stores/open.ts";
import { parseWhere } from "../stores/where.ts";
import { type AccessOptions, credentialsOf } from "./access.ts";
import { UsageError } from "./outcome.ts";

/** Records between two looks at signals: a store on this machine gives them without ever waiting. */
const PAGE = 256;

/** The condition of `--where`. @throws UsageError that points at the column */
export function parseCondition(text: string | undefined): Condition | undefined {
  try {
    return text === undefined ? undefined : parseWhere(text);
  } catch (thrown) {
    throw thrown instanceof ImagemetaError ? new UsageError(`--where, ${thrown.message}`) : thrown;
  }
}

/** The store to read from, before anything is printed. @param flag that names it. @throws UsageError where the address that `option` gives is none of a store that is there */
export async function openStored(option: "--from" | "--in" | "--to", address: string, options: AccessOptions): Promise<Catalogue> {
  // A file of records is refused by openCatalogue; any other is made where it is not there, which nobody wants here.
  if (!hasFormat(address) && !isStoreThere(address))
    throw new UsageError(`${option}: ${address} is not there: imagemeta scan gs://BUCKET --to ${address} makes it`);
  return named(option, openCatalogue(address, { credentials: credentialsOf(options) }));
}

/** A store as it is opened: that the address is none, or names none, is a wrong call. */
export async function named<Store>(option: string, opened: Promise<Store>): Promise<Store> {
  try {
    return await opened;
  } catch (thrown) {
    throw thrown instanceof ImagemetaError && thrown.code === "NOT_FOUND" ? new UsageError(`${option}: ${thrown.message}`) : thrown;
  }
}

/** All records that a query asks for. */
export async function* storedRecords(store: Catalogue, query: Query, signal: AbortSignal): AsyncGenerator<ImageRecord> {
  let given = 0;
  for await (const record of store.iterate(query)) {
    if (given++ % PAGE === 0) await turn();
    signal.throwIfAborted();
    yield record;
  }
}

/** The parts of a query that are there. */
export function queryOf(where: Condition | undefined, prefix: string | undefined): Query {
  return { ...(where === undefined ? {} : { where }), ...(prefix === undefined ? {} : { uriPrefix: prefix }) };
}
