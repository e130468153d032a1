/**
 * SEAL, the Secure Evidence Attribution Label: an XML element whose attributes, or the elements in it, say who
 * signed what. Names as ExifTool 13.59 XMP2.pl has them.
 */
import { decodeText, encodeUtf8, wellFormedUtf8 } from "../bytes/text.ts";
import type { Decoder } from "../contracts.ts";
import { readXml, type XmlElement } from "../grammar/xml.ts";

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
    const group = found.tags.group("SEAL");
    const put = (property: string, value: string) => {
      budget.step();
      const name = names.get(property);
      if (name !== undefined) group.put(name, value);
    };
    const attributes = (element: XmlElement) => {
      if (element.name !== "seal") return;
      for (let i = 0; i < element.attributeCount; i++) put(element.attributeName(i), element.attributeValue(i));
    };
    readXml(documentBytes(bytes), budget.limits.depth, budget, {
      open: attributes,
      leaf(element) {
        attributes(element);
        const text = element.text.trim();
        if (text !== "") put(element.name, text);
      },
      close() {},
      damage: ({ code, message }) => found.warn(code, message, 0),
    });
  },
};

/** In UTF-8, without the zeros that pad it. */
function documentBytes(bytes: Uint8Array): Uint8Array {
  const utf8 = (bytes[0] ?? 0) >= 0xfe ? encodeUtf8(decodeText(bytes, "utf-16be")) : wellFormedUtf8(bytes);
  let end = utf8.length;
  while (end > 0 && utf8[end - 1] === 0) end--;
  return utf8.subarray(0, end);
}
