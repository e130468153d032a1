/** Maker notes as a block: in the smallest TIFF structure that holds them. */
import { ByteWindow } from "../src/metadata/bytes/window.ts";
import type { Block, Decoder } from "../src/metadata/contracts.ts";
import type { Maker } from "../src/metadata/makernotes/maker.ts";
import type { AnyDecoder } from "./version.ts";

/** Where the structure has the length of the notes. */
const AT_LENGTH = 26;

/** All before the notes: the header, and a directory of the maker's name and the notes. */
function headOf(name: string): Uint8Array {
  const make = Buffer.from(`${name}\0`);
  const head = Buffer.alloc(38 + make.length);
  head.write("MM\0*", 0, "latin1");
  head.writeUInt32BE(8, 4);
  head.writeUInt16BE(2, 8);
  for (const [at, tag, type, count, value] of [
    [10, 0x010f, 2, make.length, 38],
    [22, 0x927c, 7, 0, head.length],
  ] as const) {
    head.writeUInt16BE(tag, at);
    head.writeUInt16BE(type, at + 2);
    head.writeUInt32BE(count, at + 4);
    head.writeUInt32BE(value, at + 8);
  }
  make.copy(head, 38);
  return head;
}

/** What decodes the notes of each maker, by the decoder of Exif. */
export function notesDecoders(makers: readonly Maker[], exif: Decoder<"exif">): readonly AnyDecoder[] {
  return makers.map(({ name }) => {
    const head = headOf(name);
    return {
      kind: `${name.toLowerCase()}-notes`,
      decode(block, found) {
        const { data } = block as Block;
        const notes = data.upTo(0, data.size ?? 0);
        const held = new Uint8Array(head.length + notes.length);
        held.set(head);
        held.set(notes, head.length);
        new DataView(held.buffer).setUint32(AT_LENGTH, notes.length);
        exif.decode({ data: ByteWindow.whole(held, undefined, found.budget), context: { holder: "APP1", iptc: "elsewhere" } }, found);
      },
    };
  });
}
