/** Comments in JPEG: COM segments (ITU-T T.81 annex B.2.4.5) and PhotoStudio's in APP10. */
import { decodeText } from "../bytes/text.ts";
import type { Decoder } from "../contracts.ts";

export const jpegComment: Decoder<"jpeg-comment"> = {
  kind: "jpeg-comment",
  decode({ data, context: { charset } }, found) {
    const bytes = data.rest();
    const text = decodeText(charset === "utf-8" ? withoutNulls(bytes) : bytes, charset);
    found.tags.group("File").put("Comment", text, undefined, { priority: "low" });
  },
};

/** Some writers end the text with zeros. */
function withoutNulls(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}
