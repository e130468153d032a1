import type { Container } from "../contracts.ts";
import { bmp } from "./bmp.ts";
import { gif } from "./gif.ts";
import { heif } from "./heif.ts";
import { ico } from "./ico.ts";
import { jpeg } from "./jpeg.ts";
import { png } from "./png.ts";
import { tiff } from "./tiff.ts";
import { webp } from "./webp.ts";

/** Every container, in the order in which they are asked. A new format is one file and one line here. */
export const containers: readonly Container[] = [jpeg, png, gif, webp, heif, bmp, ico, tiff];
