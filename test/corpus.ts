/** A folder of real images with ExifTool's answers, where there is one: IMAGEMETA_CORPUS, or ../shared/corpus beside the checkout. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";

const folder = resolve(process.env.IMAGEMETA_CORPUS ?? new URL("../../shared/corpus", import.meta.url).pathname);

/** Small hostile files, if there are such: IMAGEMETA_ATTACKS, or ../shared/attack beside the checkout. */
const hostile = resolve(process.env.IMAGEMETA_ATTACKS ?? new URL("../../shared/attack", import.meta.url).pathname);
export const attacks: string | undefined = existsSync(hostile) ? hostile : undefined;

/** Small files of faults that people reported, with what is right, if there are such: IMAGEMETA_CASES, or ../shared/cases beside the checkout. */
const reported = resolve(process.env.IMAGEMETA_CASES ?? new URL("../../shared/cases", import.meta.url).pathname);
export const cases: string | undefined = existsSync(`${reported}/cases.json`) ? reported : undefined;

/** The corpus' folder, or undefined. */
export const corpus: string | undefined = existsSync(`${folder}/images`) ? folder : undefined;
