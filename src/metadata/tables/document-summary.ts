/** Properties of the SummaryInformation and DocumentSummaryInformation streams: [MS-OSHARED] section 2.3.3.2. Names as ExifTool 13.59 FlashPix.pm has them. */
import { bits } from "./conversion.ts";
import { Table } from "./row.ts";

const locks = bits({ 0: "Password protected", 1: "Read-only recommended", 2: "Read-only enforced", 3: "Locked for annotations" });

const yesNo = { 0: "No", 1: "Yes" };

export const summaryInformation = new Table([
  [0x02, "Title"],
  [0x03, "Subject"],
  [0x04, "Author"],
  [0x05, "Keywords"],
  [0x06, "Comments"],
  [0x07, "Template"],
  [0x08, "LastModifiedBy"],
  [0x09, "RevisionNumber"],
  [0x0a, "TotalEditTime", { print: timeSpan }],
  [0x0b, "LastPrinted"],
  [0x0c, "CreateDate"],
  [0x0d, "ModifyDate"],
  [0x0e, "Pages"],
  [0x0f, "Words"],
  [0x10, "Characters"],
  [0x11, "ThumbnailClip"],
  [0x12, "Software"],
  [0x13, "Security", { print: security }],
]);

export const documentSummaryInformation = new Table([
  [0x02, "Category"],
  [0x03, "PresentationTarget"],
  [0x04, "Bytes"],
  [0x05, "Lines"],
  [0x06, "Paragraphs"],
  [0x07, "Slides"],
  [0x08, "Notes"],
  [0x09, "HiddenSlides"],
  [0x0a, "MMClips"],
  [0x0b, "ScaleCrop", { print: yesNo }],
  [0x0c, "HeadingPairs"],
  [0x0d, "TitleOfParts"],
  [0x0e, "Manager"],
  [0x0f, "Company"],
  [0x10, "LinksUpToDate", { print: yesNo }],
  [0x11, "CharCountWithSpaces"],
  [0x13, "SharedDoc", { print: yesNo }],
  [0x16, "HyperlinksChanged", { print: yesNo }],
  [0x17, "AppVersion", { value: (raw: number) => `${raw >> 16}.${String(raw & 0xffff).padStart(4, "0")}` }],
  [0x1a, "ContentType"],
  [0x1b, "ContentStatus"],
  [0x1c, "Language"],
  [0x1d, "DocVersion"],
]);

function timeSpan(seconds: number): string | number {
  if (typeof seconds !== "number" || seconds === 0) return seconds;
  if (seconds < 60) return `${seconds} seconds`;
  if (seconds < 3600) return `${(seconds / 60).toFixed(1)} minutes`;
  return seconds < 86_400 ? `${(seconds / 3600).toFixed(1)} hours` : `${(seconds / 86_400).toFixed(1)} days`;
}

function security(flags: number): string {
  return flags === 0 ? "None" : locks(flags);
}
