import { bmp } from "./bmp.ts";
import type { Container } from "./container.ts";
import { gif } from "./gif.ts";
import { heif } from "./heif.ts";
import { ico } from "./ico.ts";
import { jpeg } from "./jpeg.ts";
import { known } from "./known.ts";
import { floatMap, netpbm } from "./netpbm.ts";
import { png } from "./png.ts";
import { svg } from "./svg.ts";
import { tiff } from "./tiff.ts";
import { webp } from "./webp.ts";

/** Every container, in the order in which they are asked. A new format is one file and one line here. */
export const containers: readonly Container[] = [jpeg, png, gif, webp, heif, bmp, ico, tiff, ...known, netpbm, floatMap, svg];
