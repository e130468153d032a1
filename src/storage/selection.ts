/** Which objects are taken for images before any byte is read: by content type, or by the ending of the name. */
import type { ObjectInfo } from "../record/types.ts";

/** Endings of image files, without the dot, in lower case. */
const endings = new Set(
  (
    "jpg jpeg jpe jfif jif mpo jps jpg_large png apng mng jng gif webp tif tiff btf tf8 dng heic heif hif heics heifs avif avifs avci " +
    "bmp dib ico cur svg svgz psd psb jp2 j2k jpf jpx jpm jpc jxl jxr hdp wdp exr hdr qoi tga icb vda vst dds fits fit " +
    "cr2 cr3 crw nef nrw arw srf sr2 orf rw2 rwl raf pef srw x3f 3fr fff iiq mef mos mrw erf kdc dcr k25 raw gpr " +
    "pbm pgm ppm pnm pam pfm xcf icns dpx bpg flif pcx wbmp xbm xpm"
  ).split(" "),
);

/** Does the content type or the name say image? Either is enough: uploaders give any type to anything. */
export function looksLikeImage({ contentType, name = "" }: ObjectInfo): boolean {
  const type = contentType?.split(";")[0]?.trim().toLowerCase();
  if (type?.startsWith("image/")) return true;
  return endings.has(name.slice(name.lastIndexOf(".") + 1).toLowerCase()) && name.includes(".") && !name.endsWith("/");
}
