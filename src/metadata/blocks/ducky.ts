/** Ducky: what Photoshop's "Save for Web" writes to APP12. Blocks of type, length (16 bits each, big-endian) and data; type 0 ends them. */
import { decodeText } from "../bytes/text.ts";
import type { Decoder } from "../contracts.ts";

const low = { priority: "low" } as const;

export const ducky: Decoder<"ducky"> = {
  kind: "ducky",
  decode({ data }, found) {
    const size = data.size ?? 0;
    const group = found.tags.group("Ducky");
    for (let at = 0; at + 4 <= size; ) {
      found.budget.step();
      const [type, length] = [data.u16(at), data.u16(at + 2)];
      at += 4;
      if (at + length > size) {
        found.warn("MALFORMED", `a block of ${length} bytes ends past the segment`, at);
        return;
      }
      // Texts begin with how many characters they have.
      const text = () => decodeText(data.bytes(at + 4, length - 4), "utf-16be");
      if (type === 1 && length >= 4) group.put("Quality", data.u32(at), (value: number) => `${value}%`, low);
      else if (type === 2 && length >= 4) group.put("Comment", text(), undefined, low);
      else if (type === 3 && length >= 4) group.put("Copyright", text(), undefined, low);
      at += length;
    }
  },
};
