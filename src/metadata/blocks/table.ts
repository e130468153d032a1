import type { Decoder } from "../contracts.ts";
import { icc } from "./icc.ts";
import { pngText } from "./png-text.ts";

/** Every decoder. A new kind of block is one file and one line here. */
export const decoders: readonly Decoder[] = [icc, pngText];
