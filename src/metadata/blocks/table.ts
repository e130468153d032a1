import type { Decoder } from "../contracts.ts";
import { icc } from "./icc.ts";
import { iptc } from "./iptc.ts";
import { jpegComment } from "./jpeg-comment.ts";
import { pngText } from "./png-text.ts";
import { seal } from "./seal.ts";

/** Every decoder. A new kind of block is one file and one line here. */
export const decoders: readonly Decoder[] = [jpegComment, icc, iptc, pngText, seal];
