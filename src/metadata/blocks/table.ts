import type { Decoder } from "../contracts.ts";
import { icc } from "./icc.ts";
import { jpegComment } from "./jpeg-comment.ts";
import { pngText } from "./png-text.ts";

/** Every decoder. A new kind of block is one file and one line here. */
export const decoders: readonly Decoder[] = [jpegComment, icc, pngText];
