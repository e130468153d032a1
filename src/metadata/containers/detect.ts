/** Which container a file is of, by its first bytes. */
import { ImagemetaError } from "../../record/errors.ts";
import type { ByteWindow } from "../bytes/window.ts";
import { type Container, HEAD_BYTES, type ImageType, LONG_HEAD_BYTES, type ReadContainer } from "./container.ts";
import { containers } from "./table.ts";

/** @throws ImagemetaError if the format is not read, or not known */
export function detect(window: ByteWindow): [ReadContainer, ImageType] {
  const head = window.upTo(0, HEAD_BYTES);
  const longer = () => window.upTo(0, LONG_HEAD_BYTES);
  for (const container of containers) {
    const type = container.detect(head, longer);
    if (type === undefined) continue;
    if (isRead(container)) return [container, type];
    throw new ImagemetaError("UNSUPPORTED_FORMAT", `${container.title} is not read yet`);
  }
  throw new ImagemetaError("NOT_AN_IMAGE", "the bytes are of no image format that is known here");
}

export function isRead(container: Container): container is ReadContainer {
  return container.parse !== undefined;
}
