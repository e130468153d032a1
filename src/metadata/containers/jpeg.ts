/** JPEG interchange format: ITU-T T.81 annex B. */
import type { Container } from "../contracts.ts";

export const jpeg: Container = {
  name: "jpeg",
  detect: (head) => (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff ? { format: "JPEG", mimeType: "image/jpeg" } : undefined),
  parse() {},
};
