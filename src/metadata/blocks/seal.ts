/**
 * SEAL, the Secure Evidence Attribution Label: an XML element whose attributes, or the elements in it, say who
 * signed what. Names as ExifTool 13.59 XMP2.pl has them.
 */
import { SaxesParser } from "saxes";
import { decodeText } from "../bytes/text.ts";
import type { Decoder } from "../contracts.ts";

const names: ReadonlyMap<string, string> = new Map([
  ["seal", "SEALVersion"],
  ["ka", "KeyAlgorithm"],
  ["kv", "KeyVersion"],
  ["da", "DigestAlgorithm"],
  ["b", "ByteRange"],
  ["d", "Domain"],
  ["uid", "UniqueIdentifier"],
  ["id", "Identifier"],
  ["sf", "SignatureFormat"],
  ["sl", "SignatureLength"],
  ["s", "Signature"],
  ["info", "SEALComment"],
  ["copyright", "Copyright"],
]);

export const seal: Decoder = {
  kind: "seal",
  decode(block, found) {
    const { data } = block;
    const { budget } = found;
    const bytes = data.upTo(0, Math.min(data.size ?? 0, budget.limits.textBytes));
    budget.step(bytes.length >> 4);
    const text = decodeText(bytes, (bytes[0] ?? 0) >= 0xfe ? "utf-16be" : "utf-8").replace(/^\ufeff?(<\?xml[^>]*\?>)?/, "");
    const group = found.tags.group("SEAL");
    const parser = new SaxesParser({ fragment: true });
    parser.on("error", (cause) => found.warn("MALFORMED", cause.message, 0));
    const put = (property: string, value: string) => {
      budget.step();
      const name = names.get(property);
      if (name !== undefined) group.put(name, value);
    };
    let content = "";
    parser.on("opentag", ({ name: element, attributes }) => {
      content = "";
      if (element === "seal") for (const [attribute, value] of Object.entries(attributes)) put(attribute, value);
    });
    parser.on("text", (part) => {
      content += part;
    });
    parser.on("closetag", ({ name: element }) => {
      if (content.trim() !== "") put(element, content.trim());
      content = "";
    });
    parser.write(text.replace(/\0+$/, "")).close();
  },
};
