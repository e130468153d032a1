/**
 * Datasets of IPTC-IIM 4.2, by record; PhotoMechanic's, iView's and Adobe's own among them.
 * Names, groups and texts: ExifTool 13.59 IPTC.pm.
 */
import { viewOf } from "../bytes/arrays.ts";
import { BLANKS, encodeUtf8, latin1, withoutEnd } from "../bytes/text.ts";
import type { TagInput } from "../contracts.ts";
import { type Lookup, lookup } from "./conversion.ts";

/** How a dataset's bytes are read. `history` is text whose U+0000 divide lines. */
export type DataSetFormat = "text" | "digits" | "date" | "time" | "integer" | "binary" | "history";

/** `[dataset number, name, format]`; a list is an array even with one value. */
export type DataSet = readonly [
  number: number,
  name: string,
  format: DataSetFormat,
  more?: { readonly list?: boolean; readonly print?: (value: never) => TagInput },
];

/** IIM appendix A. */
const fileFormats: Lookup = {
  0: "No ObjectData",
  1: "IPTC-NAA Digital Newsphoto Parameter Record",
  2: "IPTC7901 Recommended Message Format",
  3: "Tagged Image File Format (Adobe/Aldus Image data)",
  4: "Illustrator (Adobe Graphics data)",
  5: "AppleSingle (Apple Computer Inc)",
  6: "NAA 89-3 (ANPA 1312)",
  7: "MacBinary II",
  8: "IPTC Unstructured Character Oriented File Format (UCOFF)",
  9: "United Press International ANPA 1312 variant",
  10: "United Press International Down-Load Message",
  11: "JPEG File Interchange (JFIF)",
  12: "Photo-CD Image-Pac (Eastman Kodak)",
  13: "Bit Mapped Graphics File [.BMP] (Microsoft)",
  14: "Digital Audio File [.WAV] (Microsoft & Creative Labs)",
  15: "Audio plus Moving Video [.AVI] (Microsoft)",
  16: "PC DOS/Windows Executable Files [.COM][.EXE]",
  17: "Compressed Binary File [.ZIP] (PKWare Inc)",
  18: "Audio Interchange File Format AIFF (Apple Computer Inc)",
  19: "RIFF Wave (Microsoft Corporation)",
  20: "Freehand (Macromedia/Aldus)",
  21: "Hypertext Markup Language [.HTML] (The Internet Society)",
  22: "MPEG 2 Audio Layer 2 (Musicom), ISO/IEC",
  23: "MPEG 2 Audio Layer 3, ISO/IEC",
  24: "Portable Document File [.PDF] Adobe",
  25: "News Industry Text Format (NITF)",
  26: "Tape Archive [.TAR]",
  27: "Tidningarnas Telegrambyra NITF version (TTNITF DTD)",
  28: "Ritzaus Bureau NITF version (RBNITF DTD)",
  29: "Corel Draw [.CDR]",
};

const priorities: Lookup = {
  0: "0 (reserved)",
  1: "1 (most urgent)",
  2: "2",
  3: "3",
  4: "4",
  5: "5 (normal urgency)",
  6: "6",
  7: "7",
  8: "8 (least urgent)",
  9: "9 (user-defined priority)",
};

/** Makers in IPTCPictureNumber: IPTC-NAA Digital Newsphoto Parameter Record, dataset 3:10. */
const makers: Lookup = {
  1: "Associated Press, USA",
  2: "Eastman Kodak Co, USA",
  3: "Hasselblad Electronic Imaging, Sweden",
  4: "Tecnavia SA, Switzerland",
  5: "Nikon Corporation, Japan",
  6: "Coatsworth Communications Inc, Canada",
  7: "Agence France Presse, France",
  8: "T/One Inc, USA",
  9: "Associated Newspapers, UK",
  10: "Reuters London",
  11: "Sandia Imaging Systems Inc, USA",
  12: "Visualize, Spain",
};

/** ISO 2022 escape sequences in readable form, `ESC , A`; that of UTF-8 by its name. */
function codedCharacterSet(value: string): string {
  if (value === "\x1b%G") return "UTF8";
  return value.replace(/[^\n]/g, " $&").replaceAll(" \x1b", ", ESC").replace(/^,? /, "");
}

/** PhotoMechanic's `tagged:class:rating:frame`. */
export function photoMechanic(value: string): string {
  return value.replace(/(?<!\s)\s*(?<!\d)(\d+):\s*(\d+):\s*(\d+):\s*(\S*)/, "Tagged:$1, ColorClass:$2, Rating:$3, FrameNum:$4");
}

/** Maker, equipment, date, number: 16 bytes. */
function pictureNumber(value: string): string {
  const bytes = encodeUtf8(value);
  if (bytes.length < 16) return "<format error>";
  const view = viewOf(bytes);
  const maker = view.getUint16(0);
  const name = makers[maker] === undefined ? "" : ` (${makers[maker]})`;
  const date = withoutEnd(latin1(bytes.subarray(6, 14)), BLANKS).replace(/(\d{4})(\d{2})(\d{2})/, "$1:$2:$3");
  return `${maker}${name}, equip ${view.getUint32(2)}, ${date}, no. ${view.getUint16(14)}`;
}

const envelopeRecord: readonly DataSet[] = [
  [0, "EnvelopeRecordVersion", "integer"],
  [5, "Destination", "text", { list: true }],
  [20, "FileFormat", "integer", { print: lookup(fileFormats) }],
  [22, "FileVersion", "integer"],
  [30, "ServiceIdentifier", "text"],
  [40, "EnvelopeNumber", "digits"],
  [50, "ProductID", "text", { list: true }],
  [60, "EnvelopePriority", "digits", { print: lookup(priorities) }],
  [70, "DateSent", "date"],
  [80, "TimeSent", "time"],
  [90, "CodedCharacterSet", "text", { print: codedCharacterSet }],
  [100, "UniqueObjectName", "text"],
  [120, "ARMIdentifier", "integer"],
  [122, "ARMVersion", "integer"],
];

const applicationRecord: readonly DataSet[] = [
  [0, "ApplicationRecordVersion", "integer"],
  [3, "ObjectTypeReference", "text"],
  [4, "ObjectAttributeReference", "text", { list: true }],
  [5, "ObjectName", "text"],
  [7, "EditStatus", "text"],
  [8, "EditorialUpdate", "digits", { print: lookup({ "01": "Additional language" }) }],
  [10, "Urgency", "digits", { print: lookup(priorities) }],
  [12, "SubjectReference", "text", { list: true }],
  [15, "Category", "text"],
  [20, "SupplementalCategories", "text", { list: true }],
  [22, "FixtureIdentifier", "text"],
  [25, "Keywords", "text", { list: true }],
  [26, "ContentLocationCode", "text", { list: true }],
  [27, "ContentLocationName", "text", { list: true }],
  [30, "ReleaseDate", "date"],
  [35, "ReleaseTime", "time"],
  [37, "ExpirationDate", "date"],
  [38, "ExpirationTime", "time"],
  [40, "SpecialInstructions", "text"],
  [
    42,
    "ActionAdvised",
    "digits",
    { print: lookup({ "": "", "01": "Object Kill", "02": "Object Replace", "03": "Object Append", "04": "Object Reference" }) },
  ],
  [45, "ReferenceService", "text", { list: true }],
  [47, "ReferenceDate", "date", { list: true }],
  [50, "ReferenceNumber", "digits", { list: true }],
  [55, "DateCreated", "date"],
  [60, "TimeCreated", "time"],
  [62, "DigitalCreationDate", "date"],
  [63, "DigitalCreationTime", "time"],
  [65, "OriginatingProgram", "text"],
  [70, "ProgramVersion", "text"],
  [75, "ObjectCycle", "text", { print: lookup({ a: "Morning", b: "Both Morning and Evening", p: "Evening" }) }],
  [80, "By-line", "text", { list: true }],
  [85, "By-lineTitle", "text", { list: true }],
  [90, "City", "text"],
  [92, "Sub-location", "text"],
  [95, "Province-State", "text"],
  [100, "Country-PrimaryLocationCode", "text"],
  [101, "Country-PrimaryLocationName", "text"],
  [103, "OriginalTransmissionReference", "text"],
  [105, "Headline", "text"],
  [110, "Credit", "text"],
  [115, "Source", "text"],
  [116, "CopyrightNotice", "text"],
  [118, "Contact", "text", { list: true }],
  [120, "Caption-Abstract", "text"],
  [121, "LocalCaption", "text"],
  [122, "Writer-Editor", "text", { list: true }],
  [125, "RasterizedCaption", "binary"],
  [130, "ImageType", "text"],
  [131, "ImageOrientation", "text", { print: lookup({ L: "Landscape", P: "Portrait", S: "Square" }) }],
  [135, "LanguageIdentifier", "text"],
  [
    150,
    "AudioType",
    "text",
    {
      print: lookup({
        "0T": "Text Only",
        "1A": "Mono Actuality",
        "1C": "Mono Question and Answer Session",
        "1M": "Mono Music",
        "1Q": "Mono Response to a Question",
        "1R": "Mono Raw Sound",
        "1S": "Mono Scener",
        "1V": "Mono Voicer",
        "1W": "Mono Wrap",
        "2A": "Stereo Actuality",
        "2C": "Stereo Question and Answer Session",
        "2M": "Stereo Music",
        "2Q": "Stereo Response to a Question",
        "2R": "Stereo Raw Sound",
        "2S": "Stereo Scener",
        "2V": "Stereo Voicer",
        "2W": "Stereo Wrap",
      }),
    },
  ],
  [151, "AudioSamplingRate", "digits"],
  [152, "AudioSamplingResolution", "digits"],
  [153, "AudioDuration", "digits"],
  [154, "AudioOutcue", "text"],
  [184, "JobID", "text"],
  [185, "MasterDocumentID", "text"],
  [186, "ShortDocumentID", "text"],
  [187, "UniqueDocumentID", "text"],
  [188, "OwnerID", "text"],
  [200, "ObjectPreviewFileFormat", "integer", { print: lookup(fileFormats) }],
  [201, "ObjectPreviewFileVersion", "integer"],
  [202, "ObjectPreviewData", "binary"],
  [221, "Prefs", "text", { print: photoMechanic }],
  [225, "ClassifyState", "text"],
  [228, "SimilarityIndex", "text"],
  [230, "DocumentNotes", "text"],
  [231, "DocumentHistory", "history"],
  [232, "ExifCameraInfo", "text"],
  [255, "CatalogSets", "text", { list: true }],
];

const newsPhoto: readonly DataSet[] = [
  [0, "NewsPhotoVersion", "integer"],
  [10, "IPTCPictureNumber", "text", { print: pictureNumber }],
  [20, "IPTCImageWidth", "integer"],
  [30, "IPTCImageHeight", "integer"],
  [40, "IPTCPixelWidth", "integer"],
  [50, "IPTCPixelHeight", "integer"],
  [
    55,
    "SupplementalType",
    "integer",
    { print: lookup({ 0: "Main Image", 1: "Reduced Resolution Image", 2: "Logo", 3: "Rasterized Caption" }) },
  ],
  [
    60,
    "ColorRepresentation",
    "integer",
    {
      print: lookup(
        {
          0: "No Image, Single Frame",
          256: "Monochrome, Single Frame",
          768: "3 Components, Single Frame",
          769: "3 Components, Frame Sequential in Multiple Objects",
          770: "3 Components, Frame Sequential in One Object",
          771: "3 Components, Line Sequential",
          772: "3 Components, Pixel Sequential",
          773: "3 Components, Special Interleaving",
          1024: "4 Components, Single Frame",
          1025: "4 Components, Frame Sequential in Multiple Objects",
          1026: "4 Components, Frame Sequential in One Object",
          1027: "4 Components, Line Sequential",
          1028: "4 Components, Pixel Sequential",
          1029: "4 Components, Special Interleaving",
        },
        { hex: true },
      ),
    },
  ],
  [
    64,
    "InterchangeColorSpace",
    "integer",
    {
      print: lookup({
        1: "X,Y,Z CIE",
        2: "RGB SMPTE",
        3: "Y,U,V (K) (D65)",
        4: "RGB Device Dependent",
        5: "CMY (K) Device Dependent",
        6: "Lab (K) CIE",
        7: "YCbCr",
        8: "sRGB",
      }),
    },
  ],
  [65, "ColorSequence", "integer"],
  [66, "ICC_Profile", "binary"],
  [70, "ColorCalibrationMatrix", "binary"],
  [80, "LookupTable", "binary"],
  [84, "NumIndexEntries", "integer"],
  [85, "ColorPalette", "binary"],
  [86, "IPTCBitsPerSample", "integer"],
  [
    90,
    "SampleStructure",
    "integer",
    { print: lookup({ 0: "OrthogonalConstangSampling", 1: "Orthogonal4-2-2Sampling", 2: "CompressionDependent" }) },
  ],
  [
    100,
    "ScanningDirection",
    "integer",
    {
      print: lookup({
        0: "L-R, Top-Bottom",
        1: "R-L, Top-Bottom",
        2: "L-R, Bottom-Top",
        3: "R-L, Bottom-Top",
        4: "Top-Bottom, L-R",
        5: "Bottom-Top, L-R",
        6: "Top-Bottom, R-L",
        7: "Bottom-Top, R-L",
      }),
    },
  ],
  [102, "IPTCImageRotation", "integer", { print: lookup({ 0: "0", 1: "90", 2: "180", 3: "270" }) }],
  [110, "DataCompressionMethod", "integer"],
  [
    120,
    "QuantizationMethod",
    "integer",
    {
      print: lookup({
        0: "Linear Reflectance/Transmittance",
        1: "Linear Density",
        2: "IPTC Ref B",
        3: "Linear Dot Percent",
        4: "AP Domestic Analogue",
        5: "Compression Method Specific",
        6: "Color Space Specific",
        7: "Gamma Compensated",
      }),
    },
  ],
  [125, "EndPoints", "binary"],
  [130, "ExcursionTolerance", "integer", { print: lookup({ 0: "Not Allowed", 1: "Allowed" }) }],
  [135, "BitsPerComponent", "integer"],
  [140, "MaximumDensityRange", "integer"],
  [145, "GammaCompensatedValue", "integer"],
];

const preObjectData: readonly DataSet[] = [
  [10, "SizeMode", "integer", { print: lookup({ 0: "Size Not Known", 1: "Size Known" }) }],
  [20, "MaxSubfileSize", "integer"],
  [90, "ObjectSizeAnnounced", "integer"],
  [95, "MaximumObjectSize", "integer"],
];

const objectData: readonly DataSet[] = [[10, "SubFile", "binary", { list: true }]];

const postObjectData: readonly DataSet[] = [[10, "ConfirmedObjectSize", "integer"]];

const byNumber = (dataSets: readonly DataSet[]): ReadonlyMap<number, DataSet> => new Map(dataSets.map((row) => [row[0], row]));

/** Datasets by record; record 240 is FotoStation's, of which no dataset is known. */
export const records: ReadonlyMap<number, ReadonlyMap<number, DataSet>> = new Map([
  [1, byNumber(envelopeRecord)],
  [2, byNumber(applicationRecord)],
  [3, byNumber(newsPhoto)],
  [7, byNumber(preObjectData)],
  [8, byNumber(objectData)],
  [9, byNumber(postObjectData)],
  [240, byNumber([])],
]);
