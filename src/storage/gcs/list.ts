/** Lists of objects in the order of their names, a page ahead of whoever takes them. */
import type { Location, StorageObject } from "../contract.ts";
import { nameFilter } from "../glob.ts";
import type { ObjectOptions } from "../http/object.ts";
import type { GcsDialectOptions } from "./object.ts";
import { fetchPage, objectOf, PAGES, type Page } from "./page.ts";

export async function* listObjects(
  where: Location,
  options: ObjectOptions & GcsDialectOptions,
  signal: AbortSignal,
): AsyncGenerator<readonly Required<StorageObject>[]> {
  const bucket = where.root.slice("gs://".length);
  const wanted = nameFilter(where);
  const page = (pageToken: string | undefined): Promise<Page> => {
    const maxResults = pageToken === undefined ? PAGES.first : PAGES.next;
    return fetchPage(bucket, { prefix: where.prefix, pageToken, maxResults }, options, signal);
  };
  let next: Promise<Page> | undefined = page(undefined);
  while (next !== undefined) {
    const { items = [], nextPageToken }: Page = await next;
    next = nextPageToken === undefined ? undefined : page(nextPageToken);
    // It is awaited in its turn; until then a failure of it is no unhandled one.
    next?.catch(() => {});
    const objects = items.filter(({ name }) => wanted(name)).map((item) => objectOf(bucket, item));
    if (objects.length > 0) yield objects;
  }
}
