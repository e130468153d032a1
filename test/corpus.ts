/** A folder of real images with ExifTool's answers, where there is one: IMAGEMETA_CORPUS, or ../shared/corpus beside the checkout. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

const folder = resolve(process.env.IMAGEMETA_CORPUS ?? new URL("../../shared/corpus", import.meta.url).pathname);

/** The corpus' folder, or undefined. */
export const corpus: string | undefined = existsSync(`${folder}/images`) ? folder : undefined;

export interface Truth {
  readonly file: string;
  readonly format?: string;
  readonly mimeType?: string;
  readonly width?: number;
  readonly height?: number;
  readonly tags: Record<string, unknown>;
}

/** ExifTool's answers, one an image. */
export function truths(name: "truth-numeric" | "truth-printed" | "truth-malformed"): Truth[] {
  if (corpus === undefined) return [];
  return readFileSync(`${corpus}/${name}.ndjson`, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}
