/** Comments in JPEG: COM segments (ITU-T T.81 annex B.2.4.5) and PhotoStudio's in APP10. The hint names UTF-16. */
import { decodeText } from "../bytes/text.ts";
import type { Decoder } from "../contracts.ts";

export const jpegComment: Decoder = {
  kind: "jpeg-comment",
  decode({ data, hint }, found) {
    const bytes = data.rest();
    const text = hint === "utf-16be" ? decodeText(bytes, "utf-16be") : decodeText(withoutNulls(bytes), "utf-8");
    found.tags.group("File").put("Comment", text, undefined, { priority: "low" });
  },
};

/** Some writers end the text with zeros. */
function withoutNulls(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}
