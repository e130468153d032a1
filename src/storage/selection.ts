/** Which objects are taken for images before any byte is read: by content type, or by the ending of the name. */
import { imageFormats } from "../record/image-formats.ts";
import type { ObjectInfo } from "../record/types.ts";

/** Types of image formats: those of all others begin with `image/`. */
const types = new Set(imageFormats.map(([mimeType]) => mimeType));

/** Endings of image files, without the dot, in lower case. */
const endings = new Set(imageFormats.flatMap(([, all]) => all.split(" ")));

/** Does the content type or the name say image? Either is enough: uploaders give any type to anything. */
export function looksLikeImage({ contentType, name = "" }: ObjectInfo): boolean {
  const type = contentType?.split(";")[0]?.trim().toLowerCase();
  if (type !== undefined && (type.startsWith("image/") || types.has(type))) return true;
  return endings.has(name.slice(name.lastIndexOf(".") + 1).toLowerCase()) && name.includes(".") && !name.endsWith("/");
}
