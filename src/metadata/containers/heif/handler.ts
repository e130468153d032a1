/** The handler box: ISO/IEC 14496-12 section 8.4.3. */
import { decodeText, untilNull } from "../../bytes/text.ts";
import type { ByteWindow } from "../../bytes/window.ts";
import type { TagGroup } from "../../contracts.ts";
import { type Box, contentOf } from "../../grammar/box.ts";
import { handlerTags } from "../../tables/quicktime.ts";

/** Puts the handler's tags and returns its type. */
export function putHandler(window: ByteWindow, box: Box, group: TagGroup): string | undefined {
  const content = contentOf(window, box);
  const size = content.size ?? 0;
  const code = (at: number) => (size >= at + 4 && content.u32(at) !== 0 ? decodeText(content.bytes(at, 4), "utf-8") : undefined);
  const handlerClass = code(4);
  if (handlerClass !== undefined) group.putRow(handlerTags.class, handlerClass);
  const type = size >= 12 ? decodeText(content.bytes(8, 4), "utf-8") : undefined;
  if (type !== undefined) group.putRow(handlerTags.type, type);
  const vendor = code(12);
  if (vendor !== undefined) group.putRow(handlerTags.vendor, vendor);
  if (size > 24) {
    const description = pascalOrC(content.rest(24));
    if (description !== "") group.putRow(handlerTags.description, description);
  }
  return type;
}

/** Text that ends with a null or, as QuickTime had it, begins with its length. */
export function pascalOrC(bytes: Uint8Array): string {
  const text = untilNull(decodeText(bytes, "utf-8"));
  const length = text.charCodeAt(0);
  return length < 0x20 && length < text.length ? text.slice(1, 1 + length) : text;
}
