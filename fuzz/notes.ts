/** Maker notes as a block: in the smallest TIFF structure that holds them. */
import { ByteWindow } from "../src/metadata/bytes/window.ts";
import type { Decoder } from "../src/metadata/contracts.ts";
import type { Maker } from "../src/metadata/makernotes/maker.ts";

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
export function notesDecoders(makers: readonly Maker[], decoders: readonly Decoder[]): readonly Decoder[] {
  const exif = decoders.find(({ kind }) => kind === "exif");
  if (exif === undefined) return [];
  return makers.map(({ name }): Decoder => {
    const head = headOf(name);
    const decode: Decoder["decode"] = (block, found) => {
      const notes = block.data.upTo(0, block.data.size ?? 0);
      const held = new Uint8Array(head.length + notes.length);
      held.set(head);
      held.set(notes, head.length);
      new DataView(held.buffer).setUint32(AT_LENGTH, notes.length);
      exif.decode({ ...block, kind: exif.kind, data: ByteWindow.whole(held, undefined, found.budget) }, found);
    };
    return { kind: `${name.toLowerCase()}-notes`, decode };
  });
}
