/** Values at fixed offsets of a block: the grammar of small binary headers. */

import { decodeText, untilNull } from "../bytes/text.ts";
import type { ByteWindow } from "../bytes/window.ts";
import type { TagGroup, TagInput } from "../contracts.ts";
import { typeOf, typeSize, type ValueFormat, viewed } from "../grammar/ifd.ts";
import type { Layout } from "./row.ts";

/** Puts the values that lie within `data`. */
export function putFields(layout: Layout, data: ByteWindow, group: TagGroup, littleEndian = false): void {
  const length = Math.min(data.size ?? 0, layout.end);
  if (length === 0) return;
  const start = data.place(0, length);
  const { view } = data;
  const { format, step } = layout;
  for (const tag of layout.tags) {
    const value = fieldAt(view, start + tag.id * step, start + length, tag.read ?? format, tag.count, littleEndian);
    if (value !== undefined) group.putRaw(tag, value, littleEndian);
  }
}

/** As many values as lie before `end`; undefined if not even one does. */
function fieldAt(
  view: DataView,
  at: number,
  end: number,
  format: ValueFormat,
  count: number | undefined,
  littleEndian: boolean,
): TagInput | undefined {
  const type = typeOf[format];
  const width = typeSize(type);
  if (at + width > end) return undefined;
  const fitting = Math.min(count ?? 1, Math.floor((end - at) / width));
  if (format === "string" || format === "undef") {
    const bytes = new Uint8Array(view.buffer, view.byteOffset + at, fitting);
    return format === "undef" ? bytes : untilNull(decodeText(bytes, "utf-8"));
  }
  if (count === undefined) return viewed(view, type, at, littleEndian);
  const values: (number | bigint)[] = new Array(fitting);
  for (let i = 0; i < fitting; i++) values[i] = viewed(view, type, at + i * width, littleEndian);
  return values;
}
