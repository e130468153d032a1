/** Values at fixed offsets of a block: the grammar of small binary headers. */

import { significant } from "../bytes/numbers.ts";
import type { ByteWindow } from "../bytes/window.ts";
import type { TagGroup, TagInput, TagOptions } from "../contracts.ts";
import { type Conversion, type Lookup, putConverted } from "./conversion.ts";

type FieldFormat = "u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "f32" | "f64";

interface FieldOptions {
  /** So many values in a row: an array, even of one. */
  readonly count?: number;
  /** ExifTool gives it low priority. */
  readonly low?: boolean;
}

export type FixedField = readonly [
  offset: number,
  name: string,
  format: FieldFormat,
  conversion?: Conversion | Lookup | undefined,
  options?: FieldOptions,
];

const LOW: TagOptions = { priority: "low" };

const SIZES: Readonly<Record<FieldFormat, number>> = { u8: 1, i8: 1, u16: 2, i16: 2, u32: 4, i32: 4, f32: 4, f64: 8 };

/** Puts the fields that lie within `data`. */
export function putFields(fields: readonly FixedField[], data: ByteWindow, group: TagGroup, littleEndian = false): void {
  const size = data.size ?? 0;
  const bytes = data.bytes(0, Math.min(size, extent(fields)));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const [offset, name, format, conversion, options] of fields) {
    const value = readField(view, offset, format, options?.count, littleEndian);
    if (value !== undefined) putConverted(group, name, value, conversion, options?.low ? LOW : undefined);
  }
}

function extent(fields: readonly FixedField[]): number {
  let end = 0;
  for (const [offset, , format, , options] of fields) end = Math.max(end, offset + SIZES[format] * (options?.count ?? 1));
  return end;
}

function readField(
  view: DataView,
  offset: number,
  format: FieldFormat,
  count: number | undefined,
  littleEndian: boolean,
): TagInput | undefined {
  const size = SIZES[format];
  if (offset + size > view.byteLength) return undefined;
  if (count === undefined) return read(view, offset, format, littleEndian);
  const values: number[] = [];
  for (let i = 0; i < count && offset + size * (i + 1) <= view.byteLength; i++)
    values.push(read(view, offset + size * i, format, littleEndian));
  return values;
}

function read(view: DataView, at: number, format: FieldFormat, littleEndian: boolean): number {
  switch (format) {
    case "u8":
      return view.getUint8(at);
    case "i8":
      return view.getInt8(at);
    case "u16":
      return view.getUint16(at, littleEndian);
    case "i16":
      return view.getInt16(at, littleEndian);
    case "u32":
      return view.getUint32(at, littleEndian);
    case "i32":
      return view.getInt32(at, littleEndian);
    case "f32":
      return significant(view.getFloat32(at, littleEndian), 15);
    case "f64":
      return significant(view.getFloat64(at, littleEndian), 15);
  }
}
