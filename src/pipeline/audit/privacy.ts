/** What an image tells of people: where they were, what they own, who they are (Exif 3.0 annex H and the IPTC Photo Metadata Standard name most of it). */
import type { Image, Rule } from "./rule.ts";
import { anyOf, type Match, matchOf } from "./tag-index.ts";

const POSITION = ["GPSLatitude", "GPSLongitude", "GPSDestLatitude", "GPSDestLongitude", "GPSCoordinates", "GPSPosition", "GPSLongtitude"];

const PLACE = [
  "GPS:GPSAreaInformation",
  "IPTC:City",
  "IPTC:Sub-location",
  "IPTC:Province-State",
  "IPTC:Country-PrimaryLocationCode",
  "IPTC:Country-PrimaryLocationName",
  "IPTC:ContentLocationName",
  "XMP-photoshop:City",
  "XMP-photoshop:State",
  "XMP-photoshop:Country",
  "XMP-iptcCore:Location",
  "XMP-iptcCore:CountryCode",
  "XMP-iptcExt:LocationCreated",
  "XMP-iptcExt:LocationShown",
  "XMP-prism:Location",
];

const SERIAL_NUMBERS = [
  "SerialNumber",
  "CameraSerialNumber",
  "BodySerialNumber",
  "InternalSerialNumber",
  "InternalBodySerialNumber",
  "SensorSerialNumber",
  "LensSerialNumber",
  "InternalLensSerialNumber",
  "FlashSerialNumber",
  "FilmBackSerialNumber",
];

const AUTHORS = [
  "IFD0:Artist",
  "IFD0:XPAuthor",
  "IPTC:By-line",
  "XMP-dc:Creator",
  "XMP-tiff:Artist",
  "XMP-pdf:Author",
  "XMP-xmpRights:Owner",
  "PNG:Author",
  "PNG:Artist",
  "FlashPix:Author",
];

const CONTACT = [
  "CiEmailWork",
  "CiTelWork",
  "CiAdrExtadr",
  "LicensorEmail",
  "LicensorTelephone1",
  "LicensorTelephone2",
  "LicensorStreetAddress",
];

const IDS = [
  "ImageUniqueID",
  "RawDataUniqueID",
  "OriginalDocumentID",
  "DocumentID",
  "InstanceID",
  "DigitalImageGUID",
  "ContentIdentifier",
  "PhotoIdentifier",
  "MediaGroupUUID",
  "BurstUUID",
  "UniqueID",
  "OwnersDeviceId",
];

const PREVIEWS = [
  "ThumbnailImage",
  "PreviewImage",
  "OtherImage",
  "JpgFromRaw",
  "PhotoshopThumbnail",
  "LargePreview",
  "Thumbnails",
  "ThumbnailTIFF",
];

const inAnyGroup = (names: readonly string[]): string[] => names.map((name) => `*:${name}`);

export const privacy: readonly Rule[] = [
  { id: "gps", topic: "privacy", severity: "high", title: "the position where it was taken", find: position },
  {
    id: "serial",
    topic: "privacy",
    severity: "high",
    title: "a serial number of the camera or lens",
    find: anyOf(inAnyGroup(SERIAL_NUMBERS)),
  },
  {
    id: "owner",
    topic: "privacy",
    severity: "high",
    title: "the name of the camera's owner",
    find: anyOf(inAnyGroup(["OwnerName", "CameraOwnerName", "CameraOwner"])),
  },
  {
    id: "people",
    topic: "privacy",
    severity: "high",
    title: "names of people who are shown",
    find: anyOf(["XMP-iptcExt:PersonInImage", "XMP-iptcExt:PersonInImageWDetails", "*:PersonDisplayName", "*:PersonName"]),
  },
  { id: "faces", topic: "privacy", severity: "high", title: "marked faces", find: faces },
  {
    id: "cropped-preview",
    topic: "privacy",
    severity: "high",
    title: "a preview that may show what was cut off",
    find: croppedPreview,
  },
  { id: "location", topic: "privacy", severity: "medium", title: "the place in words", find: anyOf(PLACE) },
  {
    id: "contact",
    topic: "privacy",
    severity: "medium",
    title: "addresses or telephone numbers",
    find: anyOf(["IPTC:Contact", ...inAnyGroup(CONTACT)]),
  },
  { id: "user", topic: "privacy", severity: "medium", title: "names of users or their computers", find: user },
  { id: "path", topic: "privacy", severity: "medium", title: "paths of someone's computer", find: paths },
  { id: "artist", topic: "privacy", severity: "low", title: "the name of who made it", find: anyOf(AUTHORS) },
  { id: "unique-id", topic: "privacy", severity: "low", title: "ids that link it to other images", find: anyOf(inAnyGroup(IDS)) },
  { id: "preview", topic: "privacy", severity: "low", title: "an embedded preview", find: preview },
  {
    id: "maker-notes",
    topic: "privacy",
    severity: "low",
    title: "blocks that were not decoded and may hold any of this",
    find: notDecoded,
  },
];

/** The position as the summary has it, with its sign; as the tags have it where it has none. */
function position({ record, tags }: Image): Match | undefined {
  const match = matchOf(tags.find(inAnyGroup(POSITION)));
  const { latitude, longitude } = record.summary;
  if (match === undefined || latitude === undefined || longitude === undefined) return match;
  return { ...match, found: `${latitude}, ${longitude}` };
}

/** Regions of the Metadata Working Group and of Microsoft, of ACDSee, IPTC and Apple. */
function faces({ tags }: Image): Match | undefined {
  const regions = tags.find(["XMP-mwg-rs:RegionInfo", "XMP-MP:RegionInfoMP", "XMP-acdsee-rs:RegionInfoACDSee"]);
  const others = tags.find(["XMP-iptcExt:ImageRegion", "*:FaceID", "*:FacesDetected"]);
  if (regions.length + others.length === 0) return undefined;
  const named = regions.flatMap(({ tag }) => tags.find(["*:Name", "*:PersonDisplayName"]).filter((name) => name.tag === tag));
  const match = matchOf(named);
  return {
    found: match === undefined ? "regions without names" : `regions of ${match.found}`,
    tags: [...new Set([...regions, ...others].map(({ tag }) => tag))],
  };
}

/** The name of a computer is often its owner's: `Annas-MacBook.local`. Phones write their model there. */
function user({ record, tags }: Image): Match | undefined {
  const { model } = record.summary;
  const computers = tags.find(["IFD0:HostComputer", "XMP-tiff:HostComputer"]).filter(({ value }) => value !== model);
  return matchOf([...tags.find(["IPTC:Writer-Editor", "XMP-photoshop:CaptionWriter", "*:LastModifiedBy", "*:UserName"]), ...computers]);
}

/** A folder of a user on Windows, macOS or Linux: the part after it is a name. */
const HOME =
  /(?:\b[a-z]:[\\/]+(?:users|documents and settings)[\\/]+|(?<![\w.-])\/(?:Users|home)\/)(?!public\b|shared\b|default\b)[^\\/\s"'<>|]{1,64}/i;
/** Characters of one text that are looked through. */
const LOOKED_THROUGH = 100_000;

function paths({ tags }: Image): Match | undefined {
  const found = new Map<string, string>();
  for (const [tag, text] of tags.texts()) {
    const [path] = HOME.exec(text.slice(0, LOOKED_THROUGH)) ?? [];
    if (path !== undefined) found.set(tag, path);
  }
  return found.size === 0 ? undefined : { found: [...new Set(found.values())].slice(0, 4).join(", "), tags: [...found.keys()] };
}

function preview({ record, tags }: Image): Match | undefined {
  const found = matchOf(tags.find(inAnyGroup(PREVIEWS)));
  const { thumbnail } = record;
  if (thumbnail === undefined) return found;
  return { found: `${thumbnail.length} bytes of ${thumbnail.mimeType}`, tags: found?.tags ?? [] };
}

/** Proportions that differ by more than rounding. */
const DIFFERENT = 0.03;

/** Exif keeps the size that the camera wrote, and Camera Raw that it cut: a preview of then shows more than the picture. */
function croppedPreview(image: Image): Match | undefined {
  const { record, tags } = image;
  const found = preview(image);
  const { width, height } = record;
  if (found === undefined || width === undefined || height === undefined) return undefined;
  const [wide, high] = [tags.get("ExifIFD:ExifImageWidth"), tags.get("ExifIFD:ExifImageHeight")];
  if (typeof wide === "number" && typeof high === "number") {
    const then = Math.max(wide, high) / Math.min(wide, high);
    const now = Math.max(width, height) / Math.min(width, height);
    if (Math.abs(then / now - 1) > DIFFERENT)
      return {
        found: `Exif says ${wide} × ${high}, the picture has ${width} × ${height}; preview: ${found.found}`,
        tags: ["ExifIFD:ExifImageWidth", "ExifIFD:ExifImageHeight", ...found.tags],
      };
  }
  if (tags.get("XMP-crs:HasCrop") !== true) return undefined;
  return { found: `Camera Raw has cut it; preview: ${found.found}`, tags: ["XMP-crs:HasCrop", ...found.tags] };
}

function notDecoded({ record }: Image): Match | undefined {
  const blocks = record.warnings.filter(({ code }) => code === "NOT_DECODED");
  const [first] = blocks;
  return first === undefined ? undefined : { found: first.message, tags: [] };
}
