/** The key directory of GeoTIFF 1.1 (OGC 19-008r4) section 7.1.2, from the three tags that hold it. */

import { significant } from "../bytes/numbers.ts";
import { decodeText } from "../bytes/text.ts";
import type { Findings, TagInput } from "../contracts.ts";
import { geoTiff } from "../tables/late.ts";
import type { GeoTiffParts } from "./exif/image.ts";

/** Where the values of a key stand: in the entry, behind the directory, or in another tag. */
const IN_ENTRY = 0;
const IN_DIRECTORY = 0x87af;
const IN_DOUBLES = 0x87b0;
const IN_TEXTS = 0x87b1;

/** Work of a key, and of a number that is rounded to the digits that it has. */
const [KEY_STEPS, DOUBLE_STEPS] = [10, 20];

export function readGeoTiff(parts: GeoTiffParts, littleEndian: boolean, found: Findings): void {
  const { buffer, byteOffset, length } = parts.keys;
  const view = new DataView(buffer, byteOffset, length);
  const short = (at: number) => view.getUint16(at, littleEndian);
  if (length < 8 || length < 8 * (short(6) + 1)) {
    found.warn("MALFORMED", "the GeoTIFF directory is shorter than it says");
    return;
  }
  const keys = found.table(geoTiff);
  if (keys === undefined) return;
  const group = found.group("GeoTiff");
  const version = keys.first(1);
  if (version !== undefined) group.putRow(version, `${short(0)}.${short(2)}.${short(4)}`);
  for (let i = 1; i <= short(6); i++) {
    found.budget.step(KEY_STEPS);
    const tag = keys.first(short(8 * i));
    if (tag === undefined) continue;
    const [place, count, offset] = [short(8 * i + 2), short(8 * i + 4), short(8 * i + 6)];
    found.budget.step(place === IN_DOUBLES ? DOUBLE_STEPS * count : count);
    const value = keyValue(parts, littleEndian, place, place === IN_ENTRY ? 1 : count, place === IN_ENTRY ? 4 * i + 3 : offset);
    if (value === undefined) found.warn("MALFORMED", `GeoTIFF ${tag.name}: its value is missing`);
    else group.putRaw(tag, value);
  }
}

/** `count` values from the `offset`th on. */
function keyValue(
  { keys, doubles, texts }: GeoTiffParts,
  littleEndian: boolean,
  place: number,
  count: number,
  offset: number,
): TagInput | undefined {
  if (place === IN_TEXTS) {
    if (texts.length < offset + count) return undefined;
    const text = decodeText(texts.subarray(offset, offset + count), "utf-8");
    return text.endsWith("|") ? text.slice(0, -1) : text;
  }
  const [bytes, size] = place === IN_DOUBLES ? [doubles, 8] : place === IN_ENTRY || place === IN_DIRECTORY ? [keys, 2] : [undefined, 0];
  if (bytes === undefined || bytes.length < size * (offset + count)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const values = Array.from({ length: count }, (_, i) => {
    const at = size * (offset + i);
    return size === 8 ? significant(view.getFloat64(at, littleEndian), 15) : view.getUint16(at, littleEndian);
  });
  return values.length === 1 ? values[0] : values;
}
