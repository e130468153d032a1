/** The library's public names, and nothing else. */

export * from "./engine.ts";
export { createReader, type ImageReader, type ReaderOptions, type ReadImageOptions, readImage } from "./library.ts";
