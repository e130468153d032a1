/** JUMBF superboxes: ISO/IEC 19566-5 annex A. A description box says what the content boxes after it are. */
import { hex } from "../bytes/hex.ts";
import { decodeText } from "../bytes/text.ts";
import type { ByteRange, ByteWindow } from "../bytes/window.ts";
import type { Findings } from "../contracts.ts";
import { type Box, boxes } from "./box.ts";

export interface Superbox {
  /** The content type: a UUID, in hexadecimal. */
  readonly contentType: string;
  readonly label: string | undefined;
  /** Number that its author gave it. */
  readonly id: number | undefined;
  readonly signature: Uint8Array | undefined;
  readonly content: readonly Content[];
}

/** Work and memory of a superbox. */
const [SUPERBOX_STEPS, SUPERBOX_BYTES] = [20, 400];

/** Labels are identifiers; a tag's name is made of one. */
const MAX_LABEL_BYTES = 4096;

type Content = { readonly box: Box } | { readonly superbox: Superbox };

/** The superboxes within a range, each with all that it holds. */
export function superboxes(window: ByteWindow, range: ByteRange, found: Findings): Superbox[] {
  const list: Superbox[] = [];
  for (const box of boxes(window, range, found)) if (box.type === "jumb") list.push(superbox(window, box, found, 0));
  return list;
}

function superbox(window: ByteWindow, outer: Box, found: Findings, depth: number): Superbox {
  found.budget.step(SUPERBOX_STEPS);
  found.budget.keep(SUPERBOX_BYTES);
  let description: Omit<Superbox, "content"> = { contentType: "", label: undefined, id: undefined, signature: undefined };
  const content: Content[] = [];
  if (depth > found.budget.limits.depth) {
    found.warn("LIMIT_EXCEEDED", `a JUMBF box lies deeper than ${found.budget.limits.depth} levels`, outer.start);
    return { ...description, content };
  }
  for (const box of boxes(window, { start: outer.data, end: outer.end }, found)) {
    if (box.type === "jumd" && !box.cut) {
      const described = describe(window, box, found);
      if (described === undefined) continue;
      description = described;
      // Private boxes follow within the description: the salt of C2PA.
      for (const inner of boxes(window, { start: described.end, end: box.end }, found)) if (!inner.cut) content.push({ box: inner });
    } else if (box.type === "jumb") content.push({ superbox: superbox(window, box, found, depth + 1) });
    else if (!box.cut) content.push({ box });
  }
  return { ...description, content };
}

/** Annex A.3 */
function describe(window: ByteWindow, box: Box, found: Findings): (Omit<Superbox, "content"> & { end: number }) | undefined {
  if (box.end - box.data < 17) {
    found.warn("TRUNCATED", "a JUMBF description is cut", box.start);
    return undefined;
  }
  const contentType = hex(window.bytes(box.data, 16));
  const toggles = window.u8(box.data + 16);
  let at = box.data + 17;
  let label: string | undefined;
  if (toggles & 2) {
    const rest = window.bytes(at, Math.min(box.end - at, MAX_LABEL_BYTES));
    const end = rest.indexOf(0);
    if (end < 0) {
      found.warn("MALFORMED", "the label of a JUMBF description has no end", box.start);
      return { contentType, label, id: undefined, signature: undefined, end: box.end };
    }
    label = decodeText(rest.subarray(0, end), "utf-8");
    at += end + 1;
  }
  const id = toggles & 4 && at + 4 <= box.end ? window.u32(at) : undefined;
  if (id !== undefined) at += 4;
  const signature = toggles & 8 && at + 32 <= box.end ? window.bytes(at, 32) : undefined;
  if (signature !== undefined) at += 32;
  return { contentType, label, id, signature, end: at };
}
