/**
 * Which tag wins for each field of the summary: one table.
 * The order is that of the Metadata Working Group's guidance 2.0: Exif, then IPTC, then XMP for facts of the capture;
 * for descriptions IPTC and XMP are weighed by the digest (§3.3).
 */
import type { Summary } from "../../record/types.ts";
import { at, type Place } from "./place.ts";

/** A tag of the Exif IFD. TIFF/EP, DNG and some editors put it into IFD0. */
export function exif(name: string): readonly Place[] {
  return [at("ExifIFD", name), at("IFD0", name)];
}

export const camera = {
  make: [at("IFD0", "Make"), at("XMP-tiff", "Make")],
  model: [at("IFD0", "Model"), at("IFD0", "UniqueCameraModel"), at("XMP-tiff", "Model")],
  software: [at("IFD0", "Software"), at("XMP-tiff", "Software"), at("XMP-xmp", "CreatorTool"), at("PNG", "Software")],
  colorProfile: [at("ICC_Profile", "ProfileDescription"), at("XMP-photoshop", "ICCProfileName"), at("PNG", "ProfileName")],
} as const satisfies Partial<Record<keyof Summary, readonly Place[]>>;

/** What a camera or a lens calls itself, if it knows. */
export const equipment = {
  serialNumber: [
    ...exif("SerialNumber"),
    at("IFD0", "CameraSerialNumber"),
    at("XMP-exifEX", "SerialNumber"),
    at("XMP-aux", "SerialNumber"),
  ],
  lens: [...exif("LensModel"), at("XMP-exifEX", "LensModel"), at("XMP-aux", "Lens")],
  lensSerialNumber: [...exif("LensSerialNumber"), at("XMP-exifEX", "LensSerialNumber"), at("XMP-aux", "LensSerialNumber")],
} as const satisfies Partial<Record<keyof Summary, readonly Place[]>>;

export const capture = {
  exposureTime: [...exif("ExposureTime"), at("XMP-exif", "ExposureTime")],
  fNumber: [...exif("FNumber"), at("XMP-exif", "FNumber")],
  focalLength: [...exif("FocalLength"), at("XMP-exif", "FocalLength")],
  focalLength35mm: [...exif("FocalLengthIn35mmFormat"), at("XMP-exif", "FocalLengthIn35mmFormat")],
} as const satisfies Partial<Record<keyof Summary, readonly Place[]>>;

export const numeric = {
  exposureBias: [...exif("ExposureCompensation"), at("XMP-exif", "ExposureCompensation")],
  iso: [...exif("ISO"), at("XMP-exif", "ISO"), at("XMP-exifEX", "PhotographicSensitivity")],
  rating: [at("XMP-xmp", "Rating"), at("IFD0", "Rating")],
  colorSpace: [...exif("ColorSpace"), at("XMP-exif", "ColorSpace")],
} as const satisfies Partial<Record<keyof Summary, readonly Place[]>>;

/** Where the ISO speed is if 16 bits do not hold it. */
export const wideSensitivity: readonly Place[] = [
  ...exif("RecommendedExposureIndex"),
  ...exif("StandardOutputSensitivity"),
  ...exif("ISOSpeed"),
];

export const flash = exif("Flash");

export const digitalSourceType: readonly Place[] = [at("XMP-iptcExt", "DigitalSourceType")];

/** XMP has it as a structure. */
export const xmpFlash = at("XMP-exif", "Flash");

/** What the colour space is known by beside its own tag. */
export const interopIndex = at("InteropIFD", "InteropIndex");
export const srgbRendering = at("PNG", "SRGBRendering");

/** Photoshop's MD5 of the IPTC block, and that of the block as it is. */
export const keptDigest = at("Photoshop", "IPTCDigest");
export const currentDigest = at("File", "CurrentIPTCDigest");

/** The record has a field of its own for it. */
export const orientation = at("IFD0", "Orientation");

export interface Described {
  readonly exif: readonly Place[];
  readonly iptc: readonly Place[];
  readonly xmp: readonly Place[];
  readonly other: readonly Place[];
}

export const descriptive = {
  title: {
    exif: [],
    iptc: [at("IPTC", "ObjectName")],
    xmp: [at("XMP-dc", "Title", "languages")],
    other: [at("PNG", "Title", "languages"), at("IFD0", "XPTitle")],
  },
  description: {
    exif: [at("IFD0", "ImageDescription")],
    iptc: [at("IPTC", "Caption-Abstract")],
    xmp: [at("XMP-dc", "Description", "languages")],
    other: [at("PNG", "Description", "languages"), at("IFD0", "XPComment")],
  },
  credit: { exif: [], iptc: [at("IPTC", "Credit")], xmp: [at("XMP-photoshop", "Credit")], other: [] },
  copyright: {
    exif: [at("IFD0", "Copyright")],
    iptc: [at("IPTC", "CopyrightNotice")],
    xmp: [at("XMP-dc", "Rights", "languages")],
    other: [at("PNG", "Copyright", "languages")],
  },
  city: { exif: [], iptc: [at("IPTC", "City")], xmp: [at("XMP-photoshop", "City")], other: [] },
  state: { exif: [], iptc: [at("IPTC", "Province-State")], xmp: [at("XMP-photoshop", "State")], other: [] },
  country: { exif: [], iptc: [at("IPTC", "Country-PrimaryLocationName")], xmp: [at("XMP-photoshop", "Country")], other: [] },
} as const satisfies Partial<Record<keyof Summary, Described>>;

export const creators: Described = {
  exif: [at("IFD0", "Artist")],
  iptc: [at("IPTC", "By-line")],
  xmp: [at("XMP-dc", "Creator")],
  other: [at("PNG", "Author"), at("IFD0", "XPAuthor")],
};

export const keywords: Described = {
  exif: [],
  iptc: [at("IPTC", "Keywords")],
  xmp: [at("XMP-dc", "Subject")],
  other: [at("IFD0", "XPKeywords")],
};
