/**
 * Texts that no person wrote: what cameras, phones and programs put into a field that nobody filled.
 * Collected from public reports, and from the lists of PhotoPrism (internal/meta/sanitize.go) and iNaturalist (issue 1323).
 */

/** A longer text is a person's. */
const MAX_FACTORY_CHARACTERS = 200;

interface FactoryTexts {
  /** In lower case: compared without regard to case. */
  readonly texts: ReadonlySet<string>;
  readonly patterns: readonly RegExp[];
}

/** In every field: values of programs that mean "nothing", and signs without a letter or a digit. */
const nothing: FactoryTexts = {
  texts: new Set(["(none)", "(null)", "n/a", "none", "not available", "null", "undefined"]),
  patterns: [/^[-_.,:;*?#/\\ ]+$/],
};

const descriptions: FactoryTexts = {
  texts: new Set([
    "applemark",
    "binary comment",
    "camera digital picture",
    "dcf 1.0",
    "default",
    "digital image",
    "dv image",
    "hellomoto",
    "iclarified",
    "image description",
    "jenoptik",
    "maker:o",
    "my beautiful picture",
    "samsung",
    "samsung camera pictures",
    "samsung csc",
    "untitled",
    "user comments",
  ]),
  patterns: [
    // `OLYMPUS DIGITAL CAMERA`, `KODAK Digital Still Camera`, `Digital StillCamera`, `MOULTRIE DIGITAL GAME CAMERA`.
    /^(?!(?:an?|the|my|our|this|old|new) )(?:[^ ]+ +){0,2}digital (?:(?:still|game) ?)?camera$/i,
    // `Exif_JPEG_PICTURE`, `Exif_JPEG_422`, `TOSHIBA Exif JPEG`, `Logitech Exif JP`.
    /^(?:[^ ]+ )?exif[ _]jp(?:e?g(?:_\w+)?)?$/i,
    // `SONY DSC`, `EPSON DSC picture`, `Photo by Best DSC!`.
    /^(?:photo by )?(?:[^ ]+ )?dsc(?:!| picture)?$/i,
    // `<KENOX S1050  / Samsung S1050>`, `<Digimax i5, Samsung #1>`, `Digimax S500`.
    /^<(?:samsung|kenox|digimax)[^>]*>$/i,
    /^digimax\b/i,
    // Names of files: `C:\DCIM\100GOPRO\GOPR8513.GPR`, `DCIM\100MEDIA\DJI_0001.JPG`, `IM000286.JPG`, `DC0014L`.
    /^(?:[a-z]:\\)?dcim\\/i,
    /^[a-z]{1,4}_?\d{3,8}\.(?:jpe?g|tiff?|dng|gpr|heic)$/i,
    /^DC\d{4}[LMS]$/,
    // Modes of Huawei and Honor phones: `cof`, `oznorWO`, `sdr_HDRB`, `_cuva`.
    /^(?:_cuva|bsh|btf|btfhdr|btfmdn|btr|burst|cof|dav|edc|edf|fbt|fbthdr|fptbty|frem|frontbhd[pr]|fshbty|hdr|hdrpl|lav|mbv|mon|msd|nor)$/,
    /^(?:mde(?:_soft)?|oz(?:dav|edf|nor)(?:[A-Z]{2})?|ptr|qrf|rbt|rhdr|rpt|sdr(?:_HDRB)?|smart|vsp)$/,
    // Settings of camera programs for Android.
    /^CameraID=\d+\.FrameCount=/,
    // Programs: `Created with The GIMP`, `Created by Imlib`, `Processed By eBay with ImageMagick`.
    /^created (?:with|by) (?:the )?(?:gimp|imlib)\b/i,
    /^processed by ebay\b/i,
    /^lead ?tech/i,
  ],
};

const lenses: FactoryTexts = {
  texts: new Set(["-1", "0", "255", "65535", "lens", "manual lens", "no lens", "no lens attached", "not attached"]),
  patterns: [
    /^unknown(?: lens)?(?: ?\([^)]*\))?$/i,
    // `0mm f/0.0`, `0.0 mm f/0.0`, `0.0-0.0 mm f/0.0`, `E 0mm F0`, `DT 0mm F0 SAM`.
    /^(?:[a-z]{1,3} )?0(?:\.0)?(?:-0(?:\.0)?)? ?mm(?: f\/?0(?:\.0)?)?(?: sam)?$/i,
  ],
};

const serialNumbers: FactoryTexts = {
  texts: new Set([
    "-1",
    "0123456789",
    "0123456789abcdef",
    "12345678",
    "123456789",
    "1234567890",
    "4294967295",
    "na",
    "no serial",
    "serial number",
    "serialnumber",
    "unknown",
  ]),
  // One sign all along: `00000000`, `XXXXXXXX`, `FFFFFFFF`.
  patterns: [/^0+$/, /^(.)\1{3,}$/, /^0x(?:0+|f+)$/i],
};

const factoryTexts = { description: descriptions, lens: lenses, serialNumber: serialNumbers } as const;

/** True for a text that no person, and no lens or camera that knows itself, gave. */
export function isFactoryText(text: string, kind: keyof typeof factoryTexts): boolean {
  if (text.length > MAX_FACTORY_CHARACTERS) return false;
  const lower = text.toLowerCase();
  return [nothing, factoryTexts[kind]].some(({ texts, patterns }) => texts.has(lower) || patterns.some((pattern) => pattern.test(text)));
}
