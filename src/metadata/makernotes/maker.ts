/**
 * Maker notes (Exif 3.1 tag 0x927c): a directory of a maker's own form behind a header of its own. What a maker's notes look like is
 * known at once; the tables are loaded late.
 */
import type { LateTable } from "../late-table.ts";
import type { Table } from "../tables/row.ts";

export type ByteOrder = "II" | "MM";

/** The camera, and how the TIFF structure is written that holds its notes. */
interface Camera {
  readonly make: string;
  readonly order: ByteOrder;
}

/** Where the directory of the notes is, and how to read it. Offsets that editors have broken are not repaired yet. */
interface Layout {
  /** Where it starts, in bytes from the start of the notes. */
  readonly start: number;
  /** What its offsets count from: the start of the TIFF structure, that of the notes, or a place so many bytes into the notes. */
  readonly base: "tiff" | "note" | number;
  /** That of the TIFF structure if it is left out. */
  readonly order?: ByteOrder;
  /** Has it BigTIFF's types of 64 bits? */
  readonly int64?: true;
}

export interface Maker {
  /** ExifTool's family 1 group. */
  readonly name: string;
  /** @param head the first `HEAD_BYTES` of the notes, or all if they are shorter */
  detect(head: Uint8Array, camera: Camera): Layout | undefined;
  readonly table: LateTable<Table>;
}

/** As many as ExifTool looks at to tell maker notes apart. */
export const HEAD_BYTES = 128;

/** Do the notes begin with this text, one byte a character? */
export function startsWith(head: Uint8Array, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (head[i] !== text.charCodeAt(i)) return false;
  return true;
}

/** The byte order in which the number of entries at `start` is the likelier one: notes keep theirs if an editor writes the file anew. */
export function likelyOrder(head: Uint8Array, start: number, order: ByteOrder): ByteOrder {
  const [first = 0, second = 0] = head.subarray(start, start + 2);
  const [high, low] = order === "MM" ? [first, second] : [second, first];
  if (high <= low) return order;
  return order === "MM" ? "II" : "MM";
}
