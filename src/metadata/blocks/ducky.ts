/** Ducky: what Photoshop's "Save for Web" writes to APP12. Blocks of type, length (16 bits each, big-endian) and data; type 0 ends them. */
import { decodeText } from "../bytes/text.ts";
import type { Decoder } from "../contracts.ts";
import { duckyTags } from "../tables/ducky.ts";

export const ducky: Decoder<"ducky"> = {
  kind: "ducky",
  decode({ data }, found) {
    const size = data.size ?? 0;
    const group = found.group("Ducky", true);
    for (let at = 0; at + 4 <= size; ) {
      found.budget.step();
      const [type, length] = [data.u16(at), data.u16(at + 2)];
      at += 4;
      if (at + length > size) {
        found.warn("MALFORMED", `a block of ${length} bytes ends past the segment`, at);
        return;
      }
      const tag = duckyTags.first(type);
      // Texts begin with how many characters they have.
      if (tag !== undefined && length >= 4) {
        group.putRaw(tag, tag.read === "int32u" ? data.u32(at) : decodeText(data.bytes(at + 4, length - 4), "utf-16be"));
      }
      at += length;
    }
  },
};
