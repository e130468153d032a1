/** A folder of real images with ExifTool's answers, where there is one: IMAGEMETA_CORPUS, or ../shared/corpus beside the checkout. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";

const folder = resolve(process.env.IMAGEMETA_CORPUS ?? new URL("../../shared/corpus", import.meta.url).pathname);

/** Small hostile files, if there are such: IMAGEMETA_ATTACKS, or ../shared/attack beside the checkout. */
const hostile = resolve(process.env.IMAGEMETA_ATTACKS ?? new URL("../../shared/attack", import.meta.url).pathname);
export const attacks: string | undefined = existsSync(hostile) ? hostile : undefined;

/** The corpus' folder, or undefined. */
export const corpus: string | undefined = existsSync(`${folder}/images`) ? folder : undefined;
