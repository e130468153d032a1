/** The records of the store that `--from` names, narrowed by `--where` and `--prefix`. */
import { setImmediate as turn } from "node:timers/promises";
import { ImagemetaError } from "../record/errors.ts";
import type { ImageRecord } from "../record/types.ts";
import type { Condition, Query } from "../stores/contract.ts";
import { isStoreThere, openCatalogue } from "../stores/open.ts";
import { parseWhere } from "../stores/where.ts";
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

/** All records that a query asks for; the store is closed at the end. @throws UsageError where the address is none of a store */
export async function* storedRecords(address: string, query: Query, signal: AbortSignal): AsyncGenerator<ImageRecord> {
  if (!isStoreThere(address)) throw new UsageError(`--from: ${address} is not there: imagemeta scan gs://BUCKET --to ${address} makes it`);
  const catalogue = await openCatalogue(address).catch((thrown) => {
    throw thrown instanceof ImagemetaError && thrown.code === "NOT_FOUND" ? new UsageError(`--from: ${thrown.message}`) : thrown;
  });
  try {
    let given = 0;
    for await (const record of catalogue.iterate(query)) {
      if (given++ % PAGE === 0) await turn();
      signal.throwIfAborted();
      yield record;
    }
  } finally {
    await catalogue.close();
  }
}
