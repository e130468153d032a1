/** The entries of a Multi-Picture Format: CIPA DC-007-2021 section 5.2.3.3. */
import type { ByteWindow } from "../bytes/window.ts";
import type { Decoder, Findings } from "../contracts.ts";
import { putFields } from "../tables/fixed-fields.ts";
import { MP_ENTRY, mpDependentFields, mpEntryFields } from "../tables/mpf.ts";

/** The high byte of an image's type: a large thumbnail, or one of several views. */
const LARGE_THUMBNAIL = 1;
const MULTI_FRAME = 2;

interface MpImage {
  readonly number: number;
  /** From the start of the object. */
  readonly start: number;
  readonly length: number;
  readonly type: number;
}

export const mpEntries: Decoder<"mp-entries"> = {
  kind: "mp-entries",
  decode({ data, context: { structure, littleEndian } }, found) {
    const images = mpImages(data, structure, littleEndian, found);
    if (images.some(({ type }) => type >> 16 === MULTI_FRAME)) found.fact("format", "MPO");
    previews(images, found);
  },
};

/** 16 bytes each. Offsets count from the header of the structure; 0 is the first image, at the file's start. */
function mpImages(data: ByteWindow, structure: number, littleEndian: boolean, found: Findings): MpImage[] {
  const count = Math.floor((data.size ?? 0) / MP_ENTRY);
  data.bytes(0, count * MP_ENTRY);
  return Array.from({ length: count }, (_, index) => {
    found.budget.step();
    const group = found.group(`MPImage${index + 1}`);
    const entry = data.sub(index * MP_ENTRY, MP_ENTRY);
    const offset = entry.u32(8, littleEndian);
    const start = offset === 0 ? 0 : offset + structure;
    putFields(mpEntryFields, entry, group, littleEndian);
    group.put("MPImageStart", start);
    putFields(mpDependentFields, entry, group, littleEndian);
    return { number: index + 1, start, length: entry.u32(4, littleEndian), type: entry.u32(0, littleEndian) & 0xffffff };
  });
}

/** The first large thumbnail is the preview. */
function previews(images: readonly MpImage[], found: Findings): void {
  const preview = images.find(({ start, length, type }) => start > 0 && length > 0 && type >> 16 === LARGE_THUMBNAIL);
  for (const image of images) {
    const { number, start, length } = image;
    if (start === 0 || length === 0) continue;
    found.group(`MPImage${number}`).put(image === preview ? "PreviewImage" : `MPImage${number}`, { bytes: length });
  }
  if (preview !== undefined) found.thumbnail({ offset: preview.start, length: preview.length, mimeType: "image/jpeg" });
}
