/**
 * Makes the sample bucket, samples/sample-bucket: small drawn pictures with the metadata that real ones have.
 * `npm run samples` overwrites them. HEIC needs `heif-enc` (Debian: apt install libheif-examples); without it that file is left as it is.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import sharp, { type Sharp } from "sharp";

const bucket = new URL("../samples/sample-bucket/", import.meta.url).pathname;
const temporary = mkdtempSync(join(tmpdir(), "samples-"));
const exiftool = join(dirname(createRequire(import.meta.url).resolve("exiftool-vendored.pl/package.json")), "bin/exiftool");
const LARGEST = 60_000;

/** What a scene shows; colours are CSS. */
interface Scene {
  readonly sky: readonly [string, string];
  readonly land: string;
  readonly sun: { readonly x: number; readonly y: number; readonly colour: string };
  readonly seed: number;
  readonly drawn: string;
}

/** A landscape of 640 × 480 units: sky, sun, three ranges of hills, and what `drawn` puts before them. */
function landscape({ sky, land, sun, seed, drawn }: Scene): string {
  const hills = [0, 1, 2].map((range) => {
    const points = Array.from({ length: 17 }, (_, at) => {
      const rise = Math.sin(at * 0.9 + seed * 1.7 + range * 2.1) * 28 + Math.sin(at * 2.3 + seed + range) * 14;
      return `${at * 40},${Math.round(250 + range * 55 - rise)}`;
    });
    return `<polygon points="0,480 ${points.join(" ")} 640,480" fill="${land}" fill-opacity="${0.35 + range * 0.3}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 480" width="640" height="480">
    <defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${sky[0]}"/><stop offset="1" stop-color="${sky[1]}"/></linearGradient></defs>
    <rect width="640" height="480" fill="url(#sky)"/><circle cx="${sun.x}" cy="${sun.y}" r="34" fill="${sun.colour}"/>
    ${hills.join("")}${drawn}</svg>`;
}

const columns = Array.from({ length: 8 }, (_, at) => `<rect x="${214 + at * 28}" y="214" width="13" height="92" fill="#e9dcc3"/>`).join("");
const TEMPLE = `<polygon points="200,205 320,158 440,205" fill="#f2e6cf"/><rect x="200" y="203" width="240" height="13" fill="#dccbaa"/>${columns}<rect x="194" y="304" width="252" height="14" fill="#cbb892"/>`;
const TOWER = `<rect x="286" y="150" width="68" height="210" fill="#f4efe6"/><rect x="276" y="138" width="88" height="18" fill="#b9483a"/><polygon points="280,138 320,92 360,138" fill="#b9483a"/><rect x="310" y="300" width="20" height="60" fill="#6b4a37"/>`;
const PAGODA = [0, 1, 2, 3]
  .map(
    (storey) =>
      `<polygon points="${250 - 4 * storey},${330 - 52 * storey} ${390 + 4 * storey},${330 - 52 * storey} 360,${308 - 52 * storey} 280,${308 - 52 * storey}" fill="#3d3a40"/><rect x="284" y="${330 - 52 * storey}" width="72" height="32" fill="#a33b2e"/>`,
  )
  .join("");
const BOATS = [
  [130, 390, "#c8402f"],
  [300, 420, "#2f6db5"],
  [470, 380, "#e0b03c"],
]
  .map(
    ([x, y, colour]) =>
      `<path d="M${x} ${y} h110 l-22 28 h-66 z" fill="${colour}"/><path d="M${Number(x) + 52} ${Number(y) - 86} v84 h44 z" fill="#f7f3ea"/>`,
  )
  .join("");
const FIGURE = `<circle cx="320" cy="200" r="58" fill="#d9a27e"/><path d="M262 190 a58 58 0 0 1 116 0 q-58 -36 -116 0" fill="#4a3024"/><path d="M210 420 q0 -150 110 -150 t110 150 z" fill="#37506e"/><circle cx="300" cy="200" r="6"/><circle cx="340" cy="200" r="6"/><path d="M300 226 q20 16 40 0" stroke="#7c3f2d" stroke-width="5" fill="none"/>`;
const CUP = `<path d="M240 250 h150 v60 a60 60 0 0 1 -60 60 h-30 a60 60 0 0 1 -60 -60 z" fill="#fffaf2"/><path d="M390 268 q46 4 34 40 t-44 26" stroke="#fffaf2" stroke-width="14" fill="none"/><ellipse cx="315" cy="252" rx="75" ry="12" fill="#5a3524"/><ellipse cx="315" cy="384" rx="120" ry="16" fill="#ece3d4"/>`;
const FOX = `<path d="M250 190 l-20 -80 l62 44 h56 l62 -44 l-20 80 q10 90 -70 120 q-80 -30 -70 -120" fill="#d9692a"/><path d="M268 226 q52 -24 104 0 q-4 60 -52 84 q-48 -24 -52 -84" fill="#fbf3e6"/><circle cx="292" cy="208" r="8"/><circle cx="348" cy="208" r="8"/><circle cx="320" cy="286" r="10"/>`;

const athens = landscape({
  sky: ["#3f7fc4", "#f7d9a8"],
  land: "#7c8a4e",
  sun: { x: 520, y: 110, colour: "#fff1c9" },
  seed: 1,
  drawn: TEMPLE,
});
const lisbon = landscape({
  sky: ["#e8825a", "#f9d7a2"],
  land: "#6b5a72",
  sun: { x: 150, y: 190, colour: "#fff0d0" },
  seed: 2,
  drawn: TOWER,
});
const kyoto = landscape({
  sky: ["#a9c8d8", "#f3e4e8"],
  land: "#5f7d5a",
  sun: { x: 500, y: 90, colour: "#fdf7ee" },
  seed: 3,
  drawn: PAGODA,
});
const zurich = landscape({ sky: ["#b98d66", "#ead8c0"], land: "#8a6a4f", sun: { x: 560, y: 60, colour: "#fff7e4" }, seed: 4, drawn: CUP });
const harbour = landscape({
  sky: ["#5c9fd6", "#dcecf5"],
  land: "#3f7ea6",
  sun: { x: 90, y: 80, colour: "#fffbe6" },
  seed: 5,
  drawn: BOATS,
});
const portrait = landscape({
  sky: ["#c7d5c2", "#f4efdf"],
  land: "#94a98a",
  sun: { x: 540, y: 90, colour: "#fffdf2" },
  seed: 6,
  drawn: FIGURE,
});
const castle = landscape({
  sky: ["#2b2350", "#a0568f"],
  land: "#2f2a4d",
  sun: { x: 480, y: 100, colour: "#fbe9ff" },
  seed: 7,
  drawn: TOWER,
});
const fox = landscape({ sky: ["#31503f", "#c9d79c"], land: "#26402f", sun: { x: 110, y: 90, colour: "#fdf6cf" }, seed: 8, drawn: FOX });

/** The path of a sample, its folder made. */
function sample(name: string): string {
  const path = join(bucket, name);
  mkdirSync(dirname(path), { recursive: true });
  return path;
}

/** Writes tags into a file by ExifTool; values are UTF-8. */
function tag(path: string, tags: readonly string[]): void {
  execFileSync("perl", [exiftool, "-q", "-charset", "utf8", "-overwrite_original", ...tags.map((one) => `-${one}`), path], {
    stdio: "inherit",
  });
}

const drawn = (svg: string, width: number): Sharp => sharp(Buffer.from(svg)).resize(width);

/** A JPEG of a scene; its quality keeps the file small. */
async function jpeg(svg: string, name: string, width = 640): Promise<string> {
  const path = sample(name);
  await drawn(svg, width).jpeg({ quality: 82, mozjpeg: false }).toFile(path);
  return path;
}

async function phonePhoto(): Promise<void> {
  const path = await jpeg(athens, "2024/athens.jpg", 1024);
  const thumbnail = join(temporary, "thumbnail.jpg");
  await drawn(athens, 160).jpeg({ quality: 60 }).toFile(thumbnail);
  tag(path, [
    "IFD0:Make=Google",
    "IFD0:Model=Pixel 8 Pro",
    "IFD0:Orientation#=1",
    "IFD0:Software=HDR+ 1.0.585804376zd",
    "IFD0:ModifyDate=2024:05:18 19:42:07",
    "IFD0:XResolution=72",
    "IFD0:YResolution=72",
    "IFD0:YCbCrPositioning#=1",
    "ExifIFD:ExposureTime=1/1250",
    "ExifIFD:FNumber=1.68",
    "ExifIFD:ExposureProgram#=2",
    "ExifIFD:ISO=42",
    "ExifIFD:ExifVersion=0232",
    "ExifIFD:DateTimeOriginal=2024:05:18 19:42:07",
    "ExifIFD:CreateDate=2024:05:18 19:42:07",
    "ExifIFD:OffsetTime=+03:00",
    "ExifIFD:OffsetTimeOriginal=+03:00",
    "ExifIFD:OffsetTimeDigitized=+03:00",
    "ExifIFD:SubSecTimeOriginal=318",
    "ExifIFD:ShutterSpeedValue=1/1250",
    "ExifIFD:ApertureValue=1.68",
    "ExifIFD:BrightnessValue=9.12",
    "ExifIFD:ExposureCompensation=0",
    "ExifIFD:MaxApertureValue=1.68",
    "ExifIFD:SubjectDistance=4.9",
    "ExifIFD:MeteringMode#=2",
    "ExifIFD:Flash#=16",
    "ExifIFD:FocalLength=6.9",
    "ExifIFD:ColorSpace#=1",
    "ExifIFD:ExifImageWidth=1024",
    "ExifIFD:ExifImageHeight=768",
    "ExifIFD:SensingMethod#=2",
    "ExifIFD:SceneType#=1",
    "ExifIFD:CustomRendered#=1",
    "ExifIFD:ExposureMode#=0",
    "ExifIFD:WhiteBalance#=0",
    "ExifIFD:DigitalZoomRatio=1",
    "ExifIFD:FocalLengthIn35mmFormat=25",
    "ExifIFD:SceneCaptureType#=0",
    "ExifIFD:LensMake=Google",
    "ExifIFD:LensModel=Pixel 8 Pro back camera 6.9mm f/1.68",
    "GPS:GPSLatitude=37.971532",
    "GPS:GPSLatitudeRef=N",
    "GPS:GPSLongitude=23.725749",
    "GPS:GPSLongitudeRef=E",
    "GPS:GPSAltitude=148.6",
    "GPS:GPSAltitudeRef#=0",
    "GPS:GPSTimeStamp=16:42:05",
    "GPS:GPSDateStamp=2024:05:18",
    "GPS:GPSImgDirection=64",
    "GPS:GPSImgDirectionRef=M",
    "GPS:GPSDOP=7.2",
    `ThumbnailImage<=${thumbnail}`,
  ]);
}

const appleTags = (taken: string, zone: string): string[] => [
  "IFD0:Make=Apple",
  "IFD0:Model=iPhone 15 Pro",
  "IFD0:Software=17.5.1",
  `IFD0:ModifyDate=${taken}`,
  "IFD0:HostComputer=iPhone 15 Pro",
  "ExifIFD:ExposureTime=1/890",
  "ExifIFD:FNumber=1.78",
  "ExifIFD:ISO=80",
  "ExifIFD:ExifVersion=0232",
  `ExifIFD:DateTimeOriginal=${taken}`,
  `ExifIFD:CreateDate=${taken}`,
  `ExifIFD:OffsetTimeOriginal=${zone}`,
  "ExifIFD:FocalLength=6.765",
  "ExifIFD:FocalLengthIn35mmFormat=24",
  "ExifIFD:LensMake=Apple",
  "ExifIFD:LensModel=iPhone 15 Pro back triple camera 6.765mm f/1.78",
  "ExifIFD:Flash#=16",
  "ExifIFD:WhiteBalance#=0",
];

async function heic(): Promise<void> {
  const name = "2024/lisbon.heic";
  const picture = join(temporary, "lisbon.png");
  await drawn(lisbon, 640).png().toFile(picture);
  try {
    execFileSync("heif-enc", ["-q", "55", "-t", "160", "-o", sample(name), picture], { stdio: "ignore" });
  } catch {
    process.stderr.write(`heif-enc does not run here: ${name} is left as it is (Debian: apt install libheif-examples)\n`);
    return;
  }
  tag(join(bucket, name), [
    ...appleTags("2024:06:02 20:51:33", "+01:00"),
    "GPS:GPSLatitude=38.691584",
    "GPS:GPSLatitudeRef=N",
    "GPS:GPSLongitude=9.215977",
    "GPS:GPSLongitudeRef=W",
    "GPS:GPSAltitude=6.1",
    "GPS:GPSAltitudeRef#=0",
  ]);
}

async function avif(): Promise<void> {
  const path = sample("2024/kyoto.avif");
  await drawn(kyoto, 640).avif({ quality: 55, effort: 4 }).toFile(path);
  tag(path, [
    "IFD0:Make=FUJIFILM",
    "IFD0:Model=X-T5",
    "IFD0:Software=darktable 4.6.1",
    "IFD0:Artist=Aiko Tanaka",
    "IFD0:Copyright=© 2024 Aiko Tanaka",
    "ExifIFD:ExposureTime=1/250",
    "ExifIFD:FNumber=5.6",
    "ExifIFD:ISO=125",
    "ExifIFD:DateTimeOriginal=2024:11:21 08:14:55",
    "ExifIFD:OffsetTimeOriginal=+09:00",
    "ExifIFD:FocalLength=35",
    "ExifIFD:LensModel=XF35mmF1.4 R",
    "ExifIFD:SerialNumber=32A04417",
    "XMP-dc:Title=Pagoda in November",
    "XMP-xmp:Rating=4",
    "XMP-dc:Subject=Kyoto",
    "XMP-dc:Subject=autumn",
  ]);
}

async function rotatedWithProfile(): Promise<void> {
  const path = sample("2024/Café Zürich.jpg");
  const upright = await drawn(zurich, 640).rotate(270).toBuffer();
  await sharp(upright).withIccProfile("p3").jpeg({ quality: 82 }).toFile(path);
  tag(path, [
    "IFD0:Orientation#=6",
    "IFD0:Make=samsung",
    "IFD0:Model=SM-S918B",
    "ExifIFD:DateTimeOriginal=2024:09:07 10:21:40",
    "ExifIFD:OffsetTimeOriginal=+02:00",
    "ExifIFD:ExposureTime=1/60",
    "ExifIFD:FNumber=1.7",
    "ExifIFD:ISO=250",
    "ExifIFD:FocalLength=6.3",
    "ExifIFD:ColorSpace#=65535",
  ]);
}

async function pressPhoto(): Promise<void> {
  const path = await jpeg(harbour, "press/harbour.jpg");
  tag(path, [
    "IPTC:CodedCharacterSet=UTF8",
    "IPTC:ObjectName=Regatta in the old harbour",
    "IPTC:Headline=Sails of three colours",
    "IPTC:By-line=Giulia Ferraro",
    "IPTC:By-lineTitle=Staff photographer",
    "IPTC:Credit=Il Porto",
    "IPTC:Source=Il Porto",
    "IPTC:CopyrightNotice=© 2023 Il Porto",
    "IPTC:City=Genova",
    "IPTC:Sub-location=Porto Antico",
    "IPTC:Province-State=Liguria",
    "IPTC:Country-PrimaryLocationName=Italia",
    "IPTC:Country-PrimaryLocationCode=ITA",
    "IPTC:DateCreated=2023:07:15",
    "IPTC:TimeCreated=16:05:00+02:00",
    "IPTC:Keywords=regatta",
    "IPTC:Keywords=harbour",
    "IPTC:Keywords=sailing",
    "IPTC:Caption-Abstract=Three boats return to the old harbour after the regatta of Saint Erasmus.",
    "IPTC:Urgency#=5",
    "IFD0:Make=NIKON CORPORATION",
    "IFD0:Model=NIKON Z 9",
    "IFD0:Artist=Giulia Ferraro",
    "ExifIFD:DateTimeOriginal=2023:07:15 16:05:00",
    "ExifIFD:ExposureTime=1/2000",
    "ExifIFD:FNumber=4",
    "ExifIFD:ISO=200",
    "ExifIFD:FocalLength=185",
    "ExifIFD:LensModel=NIKKOR Z 70-200mm f/2.8 VR S",
    "ExifIFD:SerialNumber=3011873",
    "ExifIFD:OwnerName=Giulia Ferraro",
  ]);
}

async function portraitWithRights(): Promise<void> {
  const path = await jpeg(portrait, "press/portrait.jpg");
  tag(path, [
    "XMP-dc:Creator=Nadia Okafor",
    "XMP-dc:Title=The bookbinder",
    "XMP-dc:Title-de=Der Buchbinder",
    "XMP-dc:Rights=© 2024 Nadia Okafor. All rights reserved.",
    "XMP-dc:Description=Elias Brandt in his workshop, on the day it closed.",
    "XMP-dc:Subject=portrait",
    "XMP-dc:Subject=craft",
    "XMP-dc:Subject=workshop",
    "XMP-xmpRights:Marked=True",
    "XMP-xmpRights:WebStatement=https://example.com/licence",
    "XMP-xmpRights:Owner=Nadia Okafor",
    "XMP-xmpRights:UsageTerms=Editorial use only; no alteration.",
    "XMP-plus:LicensorURL=https://example.com/buy",
    "XMP-iptcCore:CreatorContactInfo={CiAdrExtadr=Kiefholzstraße 4,CiAdrCity=Berlin,CiAdrPcode=12435,CiAdrCtry=Germany,CiEmailWork=nadia@example.com,CiTelWork=+49 30 5550142,CiUrlWork=https://example.com}",
    "XMP-iptcCore:Location=Treptow",
    "XMP-iptcCore:CountryCode=DE",
    "XMP-photoshop:City=Berlin",
    "XMP-photoshop:Country=Germany",
    "XMP-photoshop:Headline=The last day of a workshop",
    "XMP-photoshop:Credit=Nadia Okafor",
    "XMP-photoshop:DateCreated=2024-03-29T14:30:00+01:00",
    "XMP-iptcExt:PersonInImage=Elias Brandt",
    "XMP-iptcExt:DigitalSourceType=http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
    "XMP-xmp:Rating=5",
    "XMP-xmp:Label=Green",
    "XMP-xmp:CreatorTool=Adobe Lightroom 7.2",
    "XMP-xmp:CreateDate=2024-03-29T14:30:00+01:00",
    "XMP-tiff:Make=Canon",
    "XMP-tiff:Model=Canon EOS R5",
    "XMP-aux:Lens=RF85mm F1.2 L USM",
  ]);
}

/** A PNG with a text chunk before its picture: ISO/IEC 15948, 11.3.4.3. */
async function generatedWithPrompt(): Promise<void> {
  const png = await drawn(castle, 512).png({ palette: true, colours: 128 }).toBuffer();
  const text =
    "parameters\0a castle on a hill at night, full moon, gouache, muted violet\nNegative prompt: people, text, watermark\n" +
    "Steps: 28, Sampler: DPM++ 2M Karras, CFG scale: 6.5, Seed: 2718281828, Size: 512x384, Model hash: 31e35c80fc, Model: sd_xl_base_1.0, Version: v1.9.4";
  const body = Buffer.concat([Buffer.from("tEXt"), Buffer.from(text, "latin1")]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length - 4);
  checksum.writeUInt32BE(crc32(body));
  const afterHeader = 8 + 25;
  writeFileSync(
    sample("generated/castle.png"),
    Buffer.concat([png.subarray(0, afterHeader), length, body, checksum, png.subarray(afterHeader)]),
  );
}

async function generatedWithSourceType(): Promise<void> {
  const path = sample("generated/fox.png");
  await drawn(fox, 512).png({ palette: true, colours: 128 }).toFile(path);
  tag(path, [
    "XMP-iptcExt:DigitalSourceType=http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
    "XMP-photoshop:Credit=Made with Google AI",
    "XMP-xmp:CreateDate=2025-02-11T09:03:00Z",
    "XMP-dc:Description=A fox in a birch wood",
  ]);
}

/** Frames that differ in where the balloon is. */
const balloon = (frames: number): Buffer[] =>
  Array.from({ length: frames }, (_, at) => {
    const y = Math.round(190 - 70 * Math.sin((2 * Math.PI * at) / frames));
    const basket = `<circle cx="320" cy="${y}" r="80" fill="#d8452e"/><path d="M262 ${y + 56} l42 70 h32 l42 -70 z" fill="#b23522"/><rect x="300" y="${y + 126}" width="40" height="28" fill="#7a5232"/>`;
    return Buffer.from(
      landscape({ sky: ["#79b7e3", "#eaf5fb"], land: "#8fb573", sun: { x: 90, y: 80, colour: "#fff6d2" }, seed: 9, drawn: basket }),
    );
  });

async function animations(): Promise<void> {
  const frames = await Promise.all(balloon(8).map((svg) => sharp(svg).resize(240).png().toBuffer()));
  const delay = frames.map(() => 90);
  const webp = sample("animations/balloon.webp");
  await sharp(frames, { join: { animated: true } })
    .webp({ quality: 60, delay, loop: 0 })
    .toFile(webp);
  tag(webp, ["XMP-dc:Title=Balloon", "XMP-dc:Creator=Priya Raman", "XMP-xmp:CreatorTool=Blender 4.1"]);
  const gif = sample("animations/balloon.gif");
  await sharp(frames, { join: { animated: true } })
    .gif({ colours: 32, delay, loop: 3, effort: 7 })
    .toFile(gif);
  tag(gif, ["Comment=Balloon over the fields"]);
}

/** Two pages of lines, as a scanner saves them. */
async function scan(): Promise<void> {
  const page = (paragraphs: readonly number[]): Buffer => {
    const lines = paragraphs.flatMap((count, paragraph) =>
      Array.from({ length: count }, (_, at) => {
        const width = at === count - 1 ? 210 : 380 + ((at * 37 + paragraph * 53) % 60);
        return `<rect x="80" y="${90 + paragraph * 190 + at * 24}" width="${width}" height="7" fill="#333"/>`;
      }),
    );
    return Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="848"><rect width="600" height="848" fill="#fbfaf5"/>${lines.join("")}</svg>`,
    );
  };
  const pages = await Promise.all([page([6, 7, 5]), page([7, 3])].map((svg) => sharp(svg).greyscale().png().toBuffer()));
  const path = sample("scans/letter.tif");
  await sharp(pages, { join: { animated: true } })
    .greyscale()
    .tiff({ compression: "deflate", predictor: "none", xres: 7.87, yres: 7.87 })
    .toFile(path);
  tag(path, [
    "IFD0:Make=EPSON",
    "IFD0:Model=Perfection V39",
    "IFD0:Software=Epson Scan 2",
    "IFD0:ModifyDate=2022:10:04 11:15:00",
    "IFD0:DocumentName=Letter of 4 October",
  ]);
}

// Amid the Huffman tables: size and Exif are there, the picture is not.
const CUT_AT = 500;

async function cutOff(): Promise<void> {
  const path = await jpeg(harbour, "broken/cut-off.jpg", 480);
  tag(path, ["IFD0:Make=Canon", "IFD0:Model=Canon EOS 80D", "ExifIFD:DateTimeOriginal=2021:08:09 12:00:00", "ExifIFD:ISO=100"]);
  truncateSync(path, CUT_AT);
}

const NOTES = `Sample bucket of imagemeta
Drawn pictures with the metadata that cameras, phones, scanners, editors and generators write.
This file is no image and is left out of what is read.
`;

try {
  await phonePhoto();
  await heic();
  await avif();
  await rotatedWithProfile();
  await pressPhoto();
  await portraitWithRights();
  await generatedWithPrompt();
  await generatedWithSourceType();
  await animations();
  await scan();
  await cutOff();
  writeFileSync(sample("notes.txt"), NOTES);
  for (const entry of readdirSync(bucket, { recursive: true, encoding: "utf8" })) {
    if (statSync(join(bucket, entry)).isFile() && statSync(join(bucket, entry)).size > LARGEST)
      throw new Error(`${entry} is larger than ${LARGEST} bytes`);
  }
} finally {
  rmSync(temporary, { recursive: true });
}
