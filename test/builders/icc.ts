/** Makes ICC profiles: ICC.1:2022 section 7. */

/** A profile of these elements: `[signature, element]`, the element with its type and its four reserved bytes. */
export function iccProfile(
  elements: readonly (readonly [signature: string, element: Uint8Array])[],
  header: Uint8Array = iccHeader(),
): Buffer {
  const table = Buffer.alloc(4 + 12 * elements.length);
  table.writeUInt32BE(elements.length, 0);
  const parts: Uint8Array[] = [];
  let offset = 128 + table.length;
  for (const [index, [signature, element]] of elements.entries()) {
    table.write(signature, 4 + 12 * index, "latin1");
    table.writeUInt32BE(offset, 8 + 12 * index);
    table.writeUInt32BE(element.length, 12 + 12 * index);
    parts.push(element);
    offset += element.length;
  }
  const profile = Buffer.concat([header, table, ...parts]);
  profile.writeUInt32BE(profile.length, 0);
  return profile;
}

/** A version 4.3 display profile of 2022:05:09 10:11:12. */
export function iccHeader(): Buffer {
  const header = Buffer.alloc(128);
  header.write("lcms", 4, "latin1");
  header.writeUInt16BE(0x0430, 8);
  header.write("mntrRGB XYZ ", 12, "latin1");
  for (const [index, part] of [2022, 5, 9, 10, 11, 12].entries()) header.writeUInt16BE(part, 24 + 2 * index);
  header.write("acspMSFT", 36, "latin1");
  header.writeUInt32BE(1, 44);
  header.writeUInt32BE(5, 60);
  header.writeUInt32BE(1, 64);
  for (const [index, part] of [0xf6d6, 0x10000, 0xd32d].entries()) header.writeUInt32BE(part, 68 + 4 * index);
  return header;
}

/** An element: its type, four reserved bytes, its content. */
export function element(type: string, ...content: readonly (Uint8Array | string)[]): Buffer {
  return Buffer.concat([Buffer.from(`${type}\0\0\0\0`, "latin1"), ...content.map((part) => Buffer.from(part as string))]);
}

export const u16 = (...values: number[]) => Buffer.concat(values.map((value) => Buffer.of(value >> 8, value & 0xff)));
export const u32 = (...values: number[]) =>
  Buffer.concat(values.map((value) => Buffer.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff)));
export const utf16 = (text: string) => Buffer.from(text, "utf16le").swap16();

/** multiLocalizedUnicodeType. */
export function localized(texts: Readonly<Record<string, string>>): Buffer {
  const records = Object.entries(texts);
  const table: Buffer[] = [];
  let offset = 16 + 12 * records.length;
  for (const [code, text] of records) {
    table.push(Buffer.from(code, "latin1"), u32(2 * text.length, offset));
    offset += 2 * text.length;
  }
  return element("mluc", u32(records.length, 12), ...table, ...records.map(([, text]) => utf16(text)));
}

/** dictType of names and values. */
export function dictionary(values: Readonly<Record<string, string>>): Buffer {
  const records = Object.entries(values);
  const table: Buffer[] = [];
  let offset = 16 + 16 * records.length;
  for (const [name, value] of records) {
    table.push(u32(offset, 2 * name.length, offset + 2 * name.length, 2 * value.length));
    offset += 2 * (name.length + value.length);
  }
  return element("dict", u32(records.length, 16), ...table, ...records.flatMap(([name, value]) => [utf16(name), utf16(value)]));
}
