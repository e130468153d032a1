/** Tags of the APP12 text of early cameras that ExifTool 13.59 APP12.pm knows by another name or prints in another form. */
import type { TagInput } from "../contracts.ts";
import { type Conversion, seconds, type TagRow } from "./conversion.ts";

const offOrOn = { 0: "Off", 1: "On" };

const decimal = (value: TagInput): TagInput => (Number.isNaN(Number(value)) ? value : Number(value).toFixed(1));

/** Microseconds. */
const exposureTime: Conversion = { value: (raw: string) => Number.parseFloat(raw) * 1e-6 || 0, print: seconds };

/** Seconds since 1970, or a date as text. */
const date: Conversion = {
  value(raw: string) {
    if (!/^\d{1,12}$/.test(raw)) return raw;
    if (Number(raw) === 0) return "0000:00:00 00:00:00";
    return new Date(Number(raw) * 1000).toISOString().slice(0, 19).replaceAll("-", ":").replace("T", " ");
  },
};

const rows: readonly TagRow<string>[] = [
  ["FNumber", "FNumber", { value: (raw: string) => raw.replace(/^[A-Za-z ]*/, ""), print: decimal }],
  ["Aperture", "Aperture", { print: decimal }],
  ["TimeDate", "DateTimeOriginal", date],
  ["Shutter", "ExposureTime", exposureTime],
  ["shtr", "ExposureTime", exposureTime],
  ["Serial#", "SerialNumber"],
  ["Flash", "Flash", offOrOn],
  ["Macro", "Macro", offOrOn],
  ["Ytarget", "YTarget"],
  ["ylevel", "YLevel"],
  ["ExpBias", "ExposureCompensation"],
  ["FWare", "FirmwareVersion"],
  ["ImageSize", "ImageSize", { print: (value: string) => value.replaceAll("-", "x") }],
  ["Type", "CameraType"],
];

export const pictureInfoTags: ReadonlyMap<string, TagRow<string>> = new Map(rows.map((row) => [row[0], row]));
