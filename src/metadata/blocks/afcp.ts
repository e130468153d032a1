/** AXS File Concatenation Protocol: a directory with 12 bytes an entry, its offsets from the file's start. */

import { indexOfBytes } from "../bytes/arrays.ts";
import { latin1 } from "../bytes/text.ts";
import type { Decoder } from "../contracts.ts";
import { afcpTags } from "../tables/afcp.ts";

const HEADER = 12;
/** Name, size, offset. */
const ENTRY = 12;
/** Where a thumbnail's JPEG may begin. */
const PADDED_HEADER = 10;
const JPEG_START = [0xff, 0xd8, 0xff] as const;

export const afcp: Decoder<"afcp"> = {
  kind: "afcp",
  decode({ data }, found) {
    const base = data.offsetInObject;
    if (base === undefined) return;
    const littleEndian = data.ascii(0, 4) === "AXS*";
    const size = data.size ?? 0;
    const count = data.u16(6, littleEndian);
    const group = found.tags.group("AFCP");
    for (let i = 0; i < count; i++) {
      found.budget.step();
      const at = HEADER + i * ENTRY;
      const name = data.ascii(at, 4);
      const tag = afcpTags.first(name);
      const length = data.u32(at + 4, littleEndian);
      const start = data.u32(at + 8, littleEndian) - base;
      if (start < 0 || start + length > size) {
        found.warn("MALFORMED", "an AFCP entry lies outside its trailer", at);
        return;
      }
      if (name === "IPTC") found.block({ kind: "iptc", at: [{ start, end: start + length }], context: { standing: "elsewhere" } });
      else if (tag !== undefined && !tag.isBinary) group.putRaw(tag, latin1(data.bytes(start, length)));
      else if (tag !== undefined && length > PADDED_HEADER) {
        const jpeg = indexOfBytes(data.bytes(start, length), JPEG_START, PADDED_HEADER);
        group.putRow(tag, { bytes: length - (jpeg < 0 ? 18 : jpeg) });
      }
    }
  },
};
