import { lateDecoders } from "./blocks/late.ts";
import { gifFile } from "./containers/gif.ts";
import { heifFile } from "./containers/heif.ts";
import type { LateTable } from "./late-table.ts";
import { makers } from "./makernotes/table.ts";
import { geoTiff, kdcDirectory, kodakDirectory, lateNamespaces } from "./tables/late.ts";

/** Every table that is loaded late. */
export const lateTables: readonly LateTable<unknown>[] = [
  geoTiff,
  kodakDirectory,
  kdcDirectory,
  ...lateNamespaces.map(({ table }) => table),
  ...makers.map(({ table }) => table),
  ...lateDecoders,
  gifFile,
  heifFile,
];

/**
 * Loads all tables that are otherwise loaded when an image first needs them. Where they cannot be loaded without a promise, as in browsers,
 * this is what `readMetadataSync` needs to decode all.
 * @throws ImagemetaError INTERNAL if one cannot be loaded
 */
export async function loadTables(): Promise<void> {
  await Promise.all(lateTables.map((table) => table.load()));
}
