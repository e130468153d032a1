// The content type of an object that comes without one: by the ending of its name, as gcloud sets it on upload.
const TYPES: Readonly<Record<string, string>> = {
  "3fr": "image/x-hasselblad-3fr",
  apng: "image/apng",
  arw: "image/x-sony-arw",
  avif: "image/avif",
  bmp: "image/bmp",
  cr2: "image/x-canon-cr2",
  cr3: "image/x-canon-cr3",
  css: "text/css",
  csv: "text/csv",
  dng: "image/x-adobe-dng",
  gif: "image/gif",
  gz: "application/gzip",
  heic: "image/heic",
  heif: "image/heif",
  html: "text/html",
  ico: "image/vnd.microsoft.icon",
  jp2: "image/jp2",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "text/javascript",
  json: "application/json",
  jxl: "image/jxl",
  md: "text/markdown",
  mov: "video/quicktime",
  mp4: "video/mp4",
  nef: "image/x-nikon-nef",
  orf: "image/x-olympus-orf",
  pdf: "application/pdf",
  png: "image/png",
  psd: "image/vnd.adobe.photoshop",
  raf: "image/x-fuji-raf",
  rw2: "image/x-panasonic-rw2",
  svg: "image/svg+xml",
  tif: "image/tiff",
  tiff: "image/tiff",
  txt: "text/plain",
  webp: "image/webp",
  xml: "application/xml",
  zip: "application/zip",
};

/** The content type that the name's ending says; octets where it says nothing. */
export function contentTypeOf(name: string): string {
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return Object.hasOwn(TYPES, ending) ? (TYPES[ending] as string) : "application/octet-stream";
}
