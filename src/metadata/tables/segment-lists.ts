/** Application segments of JPEG that are lists of named values, by their names. Tags as ExifTool 13.59 JPEG.pm, Scalado.pm and JPEG-HDR have them. */
import { type How, Table, Tag } from "./row.ts";

export const ocadTags = new Table<string>([["Rev", "OcadRevision"]]);

/** Zero says nothing; the sign is of no meaning. */
const size: How = { value: (raw: number) => (raw === 0 ? undefined : Math.abs(raw)) };

export const scaladoTags = new Table<string>([
  ["WDTH", "PreviewImageWidth", size],
  ["HGHT", "PreviewImageHeight", size],
  ["QUAL", "PreviewQuality", size],
]);

export const jpegHdrTags = new Table<string>([
  ["ver", "JPEG-HDRVersion"],
  ["ln0", "Ln0"],
  ["ln1", "Ln1"],
  ["s2n", "S2n"],
  ["alp", "Alpha"],
  ["bet", "Beta"],
  ["cor", "CorrectionMethod"],
]);

export const ratioImage = new Tag(["~", "RatioImage"]);

/** Days from 30 December 1899 to the first of 1970. */
const DAYS_TO_1970 = 25_569;

function date(text: string): string {
  const days = Number(text);
  const milliseconds = Math.floor((days - DAYS_TO_1970) * 86_400) * 1000;
  if (!(Math.abs(milliseconds) < 8.64e15)) return String(days);
  return new Date(milliseconds).toISOString().slice(0, 19).replaceAll("-", ":").replace("T", " ");
}

export const mediaJukeboxTags = new Table<string>([
  ["Date", "Date", { value: date }],
  ["Album", "Album"],
  ["Caption", "Caption"],
  ["Keywords", "Keywords"],
  ["Name", "Name"],
  ["People", "People"],
  ["Places", "Places"],
  ["Tool_Name", "Tool_Name"],
  ["Tool_Version", "Tool_Version"],
]);
