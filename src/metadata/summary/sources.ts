/**
 * Which tag wins for each field of the summary: one table.
 * The order is that of the Metadata Working Group's guidance 2.0: Exif, then IPTC, then XMP for facts of the capture;
 * for descriptions IPTC and XMP are weighed by the digest (§3.3).
 */
import type { Summary } from "../../record/types.ts";
import type { Tag } from "./values.ts";

/** A tag of the Exif IFD. TIFF/EP, DNG and some editors put it into IFD0. */
export function exif(name: string): readonly Tag[] {
  return [
    ["ExifIFD", name],
    ["IFD0", name],
  ];
}

export const camera = {
  make: [
    ["IFD0", "Make"],
    ["XMP-tiff", "Make"],
  ],
  model: [
    ["IFD0", "Model"],
    ["IFD0", "UniqueCameraModel"],
    ["XMP-tiff", "Model"],
  ],
  software: [
    ["IFD0", "Software"],
    ["XMP-tiff", "Software"],
    ["XMP-xmp", "CreatorTool"],
    ["PNG", "Software"],
  ],
  colorProfile: [
    ["ICC_Profile", "ProfileDescription"],
    ["XMP-photoshop", "ICCProfileName"],
    ["PNG", "ProfileName"],
  ],
} as const satisfies Partial<Record<keyof Summary, readonly Tag[]>>;

/** What a camera or a lens calls itself, if it knows. */
export const equipment = {
  serialNumber: [...exif("SerialNumber"), ["IFD0", "CameraSerialNumber"], ["XMP-exifEX", "SerialNumber"], ["XMP-aux", "SerialNumber"]],
  lens: [...exif("LensModel"), ["XMP-exifEX", "LensModel"], ["XMP-aux", "Lens"]],
  lensSerialNumber: [...exif("LensSerialNumber"), ["XMP-exifEX", "LensSerialNumber"], ["XMP-aux", "LensSerialNumber"]],
} as const satisfies Partial<Record<keyof Summary, readonly Tag[]>>;

export const capture = {
  exposureTime: [...exif("ExposureTime"), ["XMP-exif", "ExposureTime"]],
  fNumber: [...exif("FNumber"), ["XMP-exif", "FNumber"]],
  focalLength: [...exif("FocalLength"), ["XMP-exif", "FocalLength"]],
  focalLength35mm: [...exif("FocalLengthIn35mmFormat"), ["XMP-exif", "FocalLengthIn35mmFormat"]],
} as const satisfies Partial<Record<keyof Summary, readonly Tag[]>>;

export const numeric = {
  exposureBias: [...exif("ExposureCompensation"), ["XMP-exif", "ExposureCompensation"]],
  iso: [...exif("ISO"), ["XMP-exif", "ISO"], ["XMP-exifEX", "PhotographicSensitivity"]],
  rating: [
    ["XMP-xmp", "Rating"],
    ["IFD0", "Rating"],
  ],
  colorSpace: [...exif("ColorSpace"), ["XMP-exif", "ColorSpace"]],
} as const satisfies Partial<Record<keyof Summary, readonly Tag[]>>;

/** Where the ISO speed is if 16 bits do not hold it. */
export const wideSensitivity: readonly Tag[] = [
  ...exif("RecommendedExposureIndex"),
  ...exif("StandardOutputSensitivity"),
  ...exif("ISOSpeed"),
];

export const flash = exif("Flash");

export const digitalSourceType: readonly Tag[] = [["XMP-iptcExt", "DigitalSourceType"]];

/** What the colour space is known by beside its own tag. */
export const colorNames = ["InteropIndex", "SRGBRendering"] as const;

/** Photoshop's MD5 of the IPTC block, and that of the block as it is. */
export const digestNames = ["IPTCDigest", "CurrentIPTCDigest"] as const;

export interface Described {
  readonly exif: readonly Tag[];
  readonly iptc: readonly Tag[];
  readonly xmp: readonly Tag[];
  readonly other: readonly Tag[];
}

export const descriptive = {
  title: {
    exif: [],
    iptc: [["IPTC", "ObjectName"]],
    xmp: [["XMP-dc", "Title", "languages"]],
    other: [
      ["PNG", "Title", "languages"],
      ["IFD0", "XPTitle"],
    ],
  },
  description: {
    exif: [["IFD0", "ImageDescription"]],
    iptc: [["IPTC", "Caption-Abstract"]],
    xmp: [["XMP-dc", "Description", "languages"]],
    other: [
      ["PNG", "Description", "languages"],
      ["IFD0", "XPComment"],
    ],
  },
  credit: { exif: [], iptc: [["IPTC", "Credit"]], xmp: [["XMP-photoshop", "Credit"]], other: [] },
  copyright: {
    exif: [["IFD0", "Copyright"]],
    iptc: [["IPTC", "CopyrightNotice"]],
    xmp: [["XMP-dc", "Rights", "languages"]],
    other: [["PNG", "Copyright", "languages"]],
  },
  city: { exif: [], iptc: [["IPTC", "City"]], xmp: [["XMP-photoshop", "City"]], other: [] },
  state: { exif: [], iptc: [["IPTC", "Province-State"]], xmp: [["XMP-photoshop", "State"]], other: [] },
  country: { exif: [], iptc: [["IPTC", "Country-PrimaryLocationName"]], xmp: [["XMP-photoshop", "Country"]], other: [] },
} as const satisfies Partial<Record<keyof Summary, Described>>;

export const creators: Described = {
  exif: [["IFD0", "Artist"]],
  iptc: [["IPTC", "By-line"]],
  xmp: [["XMP-dc", "Creator"]],
  other: [
    ["PNG", "Author"],
    ["IFD0", "XPAuthor"],
  ],
};

export const keywords: Described = {
  exif: [],
  iptc: [["IPTC", "Keywords"]],
  xmp: [["XMP-dc", "Subject"]],
  other: [["IFD0", "XPKeywords"]],
};
