/** The library's public names, and nothing else. */

export {
  createReader,
  type ImageReader,
  type MetadataSource,
  type ReaderOptions,
  type ReadImageOptions,
  readImage,
  readMetadata,
} from "./library.ts";
export { loadTables } from "./metadata/late-tables.ts";
export { type ReadOptions, readMetadataSync } from "./metadata/read.ts";
export { ImagemetaError } from "./record/errors.ts";
export { defaultLimits, type Limits } from "./record/limits.ts";
export type * from "./record/types.ts";
export { version } from "./record/version.ts";
