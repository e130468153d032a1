/** Maker notes as a block: in the smallest TIFF structure that holds them. */
import { ByteWindow } from "../src/metadata/bytes/window.ts";
import type { Decoder } from "../src/metadata/contracts.ts";
import type { Maker } from "../src/metadata/makernotes/maker.ts";
import { tiff } from "../test/builders/tiff.ts";

/** What decodes the notes of each maker, by the decoder of Exif. */
export function notesDecoders(makers: readonly Maker[], decoders: readonly Decoder[]): readonly Decoder[] {
  const exif = decoders.find(({ kind }) => kind === "exif");
  if (exif === undefined) return [];
  return makers.map(({ name }) => ({
    kind: `${name.toLowerCase()}-notes`,
    decode(block, found) {
      const notes = block.data.upTo(0, block.data.size ?? 0);
      const held = tiff([
        [
          [0x010f, 2, name],
          [0x927c, 7, notes],
        ],
      ]);
      exif.decode({ ...block, kind: exif.kind, data: ByteWindow.whole(held, undefined, found.budget) }, found);
    },
  }));
}
