/** Makes IPTC-IIM blocks: IIM 4.2 section 1.5. */

export const UTF8 = "\x1b%G";

/** Datasets `[record, number, value]`; text is UTF-8. */
export function iptcBlock(...dataSets: readonly (readonly [record: number, number: number, value: string | Uint8Array])[]): Buffer {
  return Buffer.concat(
    dataSets.map(([record, number, value]) => {
      const bytes = Buffer.from(value as string);
      const length = bytes.length < 0x8000 ? [bytes.length >> 8, bytes.length & 0xff] : [0x80, 4, ...lengthOfFour(bytes.length)];
      return Buffer.concat([Buffer.of(0x1c, record, number, ...length), bytes]);
    }),
  );
}

const lengthOfFour = (length: number) => [length >>> 24, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff];
