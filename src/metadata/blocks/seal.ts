/**
 * SEAL, the Secure Evidence Attribution Label: an XML element whose attributes, or the elements in it, say who
 * signed what. Names as ExifTool 13.59 XMP2.pl has them.
 */
import { decodeText, withoutEnd } from "../bytes/text.ts";
import type { Decoder } from "../contracts.ts";
import { parseXml, type XmlElement } from "../grammar/xml.ts";

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

export const seal: Decoder<"seal"> = {
  kind: "seal",
  decode(block, found) {
    const { data } = block;
    const { budget } = found;
    const bytes = data.upTo(0, Math.min(data.size ?? 0, budget.limits.textBytes));
    budget.step(bytes.length >> 4);
    const text = decodeText(bytes, (bytes[0] ?? 0) >= 0xfe ? "utf-16be" : "utf-8").replace(/^\ufeff?(<\?xml[^>]*\?>)?/, "");
    const group = found.tags.group("SEAL");
    const put = (property: string, value: string) => {
      budget.step();
      const name = names.get(property);
      if (name !== undefined) group.put(name, value);
    };
    const walk = ({ name: element, attributes, children, text: content }: XmlElement) => {
      if (element === "seal") for (let i = 0; i + 1 < attributes.length; i += 2) put(attributes[i] ?? "", attributes[i + 1] ?? "");
      for (const child of children) walk(child);
      if (content.trim() !== "") put(element, content.trim());
    };
    const { roots, damage } = parseXml(withoutEnd(text, "\0"), budget.limits.depth, budget);
    for (const { code, message } of damage) found.warn(code, message, 0);
    for (const root of roots) walk(root);
  },
};
