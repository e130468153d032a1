/**
 * Datasets of IPTC-IIM 4.2, by record; PhotoMechanic's, iView's and Adobe's own among them.
 * Names, groups and texts: ExifTool 13.59 IPTC.pm.
 */
import { viewOf } from "../bytes/arrays.ts";
import { BLANKS, encodeUtf8, latin1, withoutEnd } from "../bytes/text.ts";
import { type Lookup, lookup } from "./conversion.ts";
import { type How, Table } from "./row.ts";

/**
 * Datasets are text in the coding that the block names, but what is `read` otherwise: `string` is text of digits or ASCII, `int64u` an
 * integer of up to eight bytes, `undef` bytes.
 */
const digits: How = { read: "string" };
const integer: How = { read: "int64u" };
const binary: How = { read: "undef" };
const list: How = { list: true };

/** CCYYMMDD as `2019:03:13`. */
const date: How = { ...digits, value: (text: string) => text.replace(/(\d{4})\D*(\d{2})\D*(\d{2})$/, "$1:$2:$3") };

/** HHMMSS±HHMM as `11:04:13-04:00`. */
const time: How = {
  value: (text: string) =>
    text
      .replaceAll(" ", ":")
      .replace(/^(\d{2})(\d{2})(\d{2})/, "$1:$2:$3")
      .replace(/([+-]\d{2})(\d{2})\s*$/, "$1:$2"),
};

/** U+0000 divide the lines. */
const history: How = { value: (text: string) => text.replace(/\0+/g, "\n") };

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

const envelopeRecord = new Table([
  [0, "EnvelopeRecordVersion", integer],
  [5, "Destination", list],
  [20, "FileFormat", { ...integer, print: fileFormats }],
  [22, "FileVersion", integer],
  [30, "ServiceIdentifier"],
  [40, "EnvelopeNumber", digits],
  [50, "ProductID", list],
  [60, "EnvelopePriority", { ...digits, print: priorities }],
  [70, "DateSent", date],
  [80, "TimeSent", time],
  [90, "CodedCharacterSet", { print: codedCharacterSet }],
  [100, "UniqueObjectName"],
  [120, "ARMIdentifier", integer],
  [122, "ARMVersion", integer],
]);

const applicationRecord = new Table([
  [0, "ApplicationRecordVersion", integer],
  [3, "ObjectTypeReference"],
  [4, "ObjectAttributeReference", list],
  [5, "ObjectName"],
  [7, "EditStatus"],
  [8, "EditorialUpdate", { ...digits, print: { "01": "Additional language" } }],
  [10, "Urgency", { ...digits, print: priorities }],
  [12, "SubjectReference", list],
  [15, "Category"],
  [20, "SupplementalCategories", list],
  [22, "FixtureIdentifier"],
  [25, "Keywords", list],
  [26, "ContentLocationCode", list],
  [27, "ContentLocationName", list],
  [30, "ReleaseDate", date],
  [35, "ReleaseTime", time],
  [37, "ExpirationDate", date],
  [38, "ExpirationTime", time],
  [40, "SpecialInstructions"],
  [
    42,
    "ActionAdvised",
    { ...digits, print: { "": "", "01": "Object Kill", "02": "Object Replace", "03": "Object Append", "04": "Object Reference" } },
  ],
  [45, "ReferenceService", list],
  [47, "ReferenceDate", { ...date, list: true }],
  [50, "ReferenceNumber", { ...digits, list: true }],
  [55, "DateCreated", date],
  [60, "TimeCreated", time],
  [62, "DigitalCreationDate", date],
  [63, "DigitalCreationTime", time],
  [65, "OriginatingProgram"],
  [70, "ProgramVersion"],
  [75, "ObjectCycle", { print: { a: "Morning", b: "Both Morning and Evening", p: "Evening" } }],
  [80, "By-line", list],
  [85, "By-lineTitle", list],
  [90, "City"],
  [92, "Sub-location"],
  [95, "Province-State"],
  [100, "Country-PrimaryLocationCode"],
  [101, "Country-PrimaryLocationName"],
  [103, "OriginalTransmissionReference"],
  [105, "Headline"],
  [110, "Credit"],
  [115, "Source"],
  [116, "CopyrightNotice"],
  [118, "Contact", list],
  [120, "Caption-Abstract"],
  [121, "LocalCaption"],
  [122, "Writer-Editor", list],
  [125, "RasterizedCaption", binary],
  [130, "ImageType"],
  [131, "ImageOrientation", { print: { L: "Landscape", P: "Portrait", S: "Square" } }],
  [135, "LanguageIdentifier"],
  [
    150,
    "AudioType",
    {
      print: {
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
      },
    },
  ],
  [151, "AudioSamplingRate", digits],
  [152, "AudioSamplingResolution", digits],
  [153, "AudioDuration", digits],
  [154, "AudioOutcue"],
  [184, "JobID"],
  [185, "MasterDocumentID"],
  [186, "ShortDocumentID"],
  [187, "UniqueDocumentID"],
  [188, "OwnerID"],
  [200, "ObjectPreviewFileFormat", { ...integer, print: fileFormats }],
  [201, "ObjectPreviewFileVersion", integer],
  [202, "ObjectPreviewData", binary],
  [221, "Prefs", { print: photoMechanic }],
  [225, "ClassifyState"],
  [228, "SimilarityIndex"],
  [230, "DocumentNotes"],
  [231, "DocumentHistory", history],
  [232, "ExifCameraInfo"],
  [255, "CatalogSets", list],
]);

const newsPhoto = new Table([
  [0, "NewsPhotoVersion", integer],
  [10, "IPTCPictureNumber", { print: pictureNumber }],
  [20, "IPTCImageWidth", integer],
  [30, "IPTCImageHeight", integer],
  [40, "IPTCPixelWidth", integer],
  [50, "IPTCPixelHeight", integer],
  [55, "SupplementalType", { ...integer, print: { 0: "Main Image", 1: "Reduced Resolution Image", 2: "Logo", 3: "Rasterized Caption" } }],
  [
    60,
    "ColorRepresentation",
    {
      ...integer,
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
    {
      ...integer,
      print: {
        1: "X,Y,Z CIE",
        2: "RGB SMPTE",
        3: "Y,U,V (K) (D65)",
        4: "RGB Device Dependent",
        5: "CMY (K) Device Dependent",
        6: "Lab (K) CIE",
        7: "YCbCr",
        8: "sRGB",
      },
    },
  ],
  [65, "ColorSequence", integer],
  [66, "ICC_Profile", binary],
  [70, "ColorCalibrationMatrix", binary],
  [80, "LookupTable", binary],
  [84, "NumIndexEntries", integer],
  [85, "ColorPalette", binary],
  [86, "IPTCBitsPerSample", integer],
  [
    90,
    "SampleStructure",
    { ...integer, print: { 0: "OrthogonalConstangSampling", 1: "Orthogonal4-2-2Sampling", 2: "CompressionDependent" } },
  ],
  [
    100,
    "ScanningDirection",
    {
      ...integer,
      print: {
        0: "L-R, Top-Bottom",
        1: "R-L, Top-Bottom",
        2: "L-R, Bottom-Top",
        3: "R-L, Bottom-Top",
        4: "Top-Bottom, L-R",
        5: "Bottom-Top, L-R",
        6: "Top-Bottom, R-L",
        7: "Bottom-Top, R-L",
      },
    },
  ],
  [102, "IPTCImageRotation", { ...integer, print: { 0: "0", 1: "90", 2: "180", 3: "270" } }],
  [110, "DataCompressionMethod", integer],
  [
    120,
    "QuantizationMethod",
    {
      ...integer,
      print: {
        0: "Linear Reflectance/Transmittance",
        1: "Linear Density",
        2: "IPTC Ref B",
        3: "Linear Dot Percent",
        4: "AP Domestic Analogue",
        5: "Compression Method Specific",
        6: "Color Space Specific",
        7: "Gamma Compensated",
      },
    },
  ],
  [125, "EndPoints", binary],
  [130, "ExcursionTolerance", { ...integer, print: { 0: "Not Allowed", 1: "Allowed" } }],
  [135, "BitsPerComponent", integer],
  [140, "MaximumDensityRange", integer],
  [145, "GammaCompensatedValue", integer],
]);

const preObjectData = new Table([
  [10, "SizeMode", { ...integer, print: { 0: "Size Not Known", 1: "Size Known" } }],
  [20, "MaxSubfileSize", integer],
  [90, "ObjectSizeAnnounced", integer],
  [95, "MaximumObjectSize", integer],
]);

const objectData = new Table([[10, "SubFile", { ...binary, list: true }]]);

const postObjectData = new Table([[10, "ConfirmedObjectSize", integer]]);

/** Datasets by record; record 240 is FotoStation's, of which no dataset is known. */
export const records: ReadonlyMap<number, Table> = new Map([
  [1, envelopeRecord],
  [2, applicationRecord],
  [3, newsPhoto],
  [7, preObjectData],
  [8, objectData],
  [9, postObjectData],
  [240, new Table([])],
]);
