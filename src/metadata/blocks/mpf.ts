/** Multi-Picture Format: CIPA DC-007-2021 section 5, behind the identifier of its APP2 segment. */
import type { ByteWindow } from "../bytes/window.ts";
import type { Decoder, Findings } from "../contracts.ts";
import type { Entry, TiffHeader } from "../grammar/ifd.ts";
import { putDirectory, tiffHeader } from "../grammar/tag-directory.ts";
import { putFields } from "../tables/fixed-fields.ts";
import { MP_ENTRIES, MP_ENTRY, mpDependentFields, mpEntryFields, mpfRows } from "../tables/mpf.ts";

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

export const mpf: Decoder = {
  kind: "mpf",
  decode({ data }, found) {
    const header = tiffHeader(data, found);
    if (header === undefined) return;
    const images: MpImage[] = [];
    const entries = (entry: Entry): boolean => {
      if (entry.id !== MP_ENTRIES) return false;
      images.push(...mpImages(data, entry, header, found));
      return true;
    };
    const directory = { window: data, header, rows: mpfRows };
    const next = putDirectory({ ...directory, start: header.firstDirectory, group: "MPF0" }, found, entries);
    if (next !== 0 && next !== header.firstDirectory) putDirectory({ ...directory, start: next, group: "MPF0" }, found, entries);
    if (images.some(({ type }) => type >> 16 === MULTI_FRAME)) found.fact("format", "MPO");
    previews(images, found);
  },
};

/** The MP entries, 16 bytes each. Offsets count from the header; 0 is the first image, at the file's start. */
function mpImages(data: ByteWindow, list: Entry, { littleEndian }: TiffHeader, found: Findings): MpImage[] {
  const count = Math.floor(list.size / MP_ENTRY);
  data.bytes(list.at, count * MP_ENTRY);
  return Array.from({ length: count }, (_, index) => {
    found.budget.step();
    const group = found.tags.group(`MPImage${index + 1}`);
    const entry = data.sub(list.at + index * MP_ENTRY, MP_ENTRY);
    const offset = entry.u32(8, littleEndian);
    const start = offset === 0 ? 0 : offset + (data.offsetInObject ?? 0);
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
    found.tags.group(`MPImage${number}`).put(image === preview ? "PreviewImage" : `MPImage${number}`, { bytes: length });
  }
  if (preview !== undefined) found.thumbnail({ offset: preview.start, length: preview.length, mimeType: "image/jpeg" });
}
