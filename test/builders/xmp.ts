/** Minimal XMP packets: ISO 16684-1:2019 section 7.3. */

/** Declarations of namespaces by their usual prefixes. */
const NAMESPACES: Readonly<Record<string, string>> = {
  dc: "http://purl.org/dc/elements/1.1/",
  xmp: "http://ns.adobe.com/xap/1.0/",
  xmpMM: "http://ns.adobe.com/xap/1.0/mm/",
  xmpRights: "http://ns.adobe.com/xap/1.0/rights/",
  xmpGImg: "http://ns.adobe.com/xap/1.0/g/img/",
  stRef: "http://ns.adobe.com/xap/1.0/sType/ResourceRef#",
  stEvt: "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#",
  tiff: "http://ns.adobe.com/tiff/1.0/",
  exif: "http://ns.adobe.com/exif/1.0/",
  exifEX: "http://cipa.jp/exif/1.0/",
  aux: "http://ns.adobe.com/exif/1.0/aux/",
  crs: "http://ns.adobe.com/camera-raw-settings/1.0/",
  photoshop: "http://ns.adobe.com/photoshop/1.0/",
  Iptc4xmpCore: "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
  Iptc4xmpExt: "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
  plus: "http://ns.useplus.org/ldf/xmp/1.0/",
  xmpidq: "http://ns.adobe.com/xmp/Identifier/qual/1.0/",
  ex: "http://example.com/ns/",
};

export interface PacketShape {
  /** Attributes of the description, beside rdf:about. */
  readonly attributes?: string;
  readonly about?: string;
  readonly toolkit?: string;
  /** Further elements of rdf:RDF. */
  readonly more?: string;
  /** Bytes of padding. */
  readonly padding?: number;
}

/** The text of a packet whose one description holds `properties`. */
export function packetText(properties: string, shape: PacketShape = {}): string {
  const { attributes = "", about = "", toolkit, more = "", padding = 0 } = shape;
  const declared = Object.entries(NAMESPACES)
    .map(([prefix, uri]) => `xmlns:${prefix}="${uri}"`)
    .join(" ");
  return `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"${toolkit === undefined ? "" : ` x:xmptk="${toolkit}"`}>
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" ${declared}>
  <rdf:Description rdf:about="${about}" ${attributes}>${properties}</rdf:Description>
  ${more}
 </rdf:RDF>
</x:xmpmeta>
${" ".repeat(padding)}<?xpacket end="w"?>`;
}

/** The same in UTF-8. */
export function xmpPacket(properties: string, shape?: PacketShape): Buffer {
  return Buffer.from(packetText(properties, shape));
}

export type ArrayKind = "Bag" | "Seq" | "Alt";

export function array(kind: ArrayKind, ...items: readonly string[]): string {
  return `<rdf:${kind}>${items.map((item) => `<rdf:li>${item}</rdf:li>`).join("")}</rdf:${kind}>`;
}

/** A language alternative: text by language. */
export function alternatives(texts: Readonly<Record<string, string>>): string {
  return `<rdf:Alt>${Object.entries(texts)
    .map(([language, text]) => `<rdf:li xml:lang="${language}">${text}</rdf:li>`)
    .join("")}</rdf:Alt>`;
}

/** UTF-32, which Buffer does not write. */
export function utf32(text: string, littleEndian: boolean): Buffer {
  const points = [...text];
  const bytes = Buffer.alloc(4 * points.length);
  for (const [i, point] of points.entries()) {
    const code = point.codePointAt(0) ?? 0;
    if (littleEndian) bytes.writeUInt32LE(code, 4 * i);
    else bytes.writeUInt32BE(code, 4 * i);
  }
  return bytes;
}
