/** Tags of the APP12 text of early cameras that ExifTool 13.59 APP12.pm knows by another name or prints in another form. */
import type { TagInput } from "../contracts.ts";
import { seconds } from "./conversion.ts";
import { type How, Table } from "./row.ts";

const offOrOn = { 0: "Off", 1: "On" };

const decimal = (value: TagInput): TagInput => (Number.isNaN(Number(value)) ? value : Number(value).toFixed(1));

/** Microseconds. */
const exposureTime: How = { value: (raw: string) => Number.parseFloat(raw) * 1e-6 || 0, print: seconds };

/** Seconds since 1970, or a date as text. */
const date: How = {
  value(raw: string) {
    if (!/^\d{1,12}$/.test(raw)) return raw;
    if (Number(raw) === 0) return "0000:00:00 00:00:00";
    return new Date(Number(raw) * 1000).toISOString().slice(0, 19).replaceAll("-", ":").replace("T", " ");
  },
};

export const pictureInfoTags = new Table<string>([
  ["FNumber", "FNumber", { value: (raw: string) => raw.replace(/^[A-Za-z ]*/, ""), print: decimal }],
  ["Aperture", "Aperture", { print: decimal }],
  ["TimeDate", "DateTimeOriginal", date],
  ["Shutter", "ExposureTime", exposureTime],
  ["shtr", "ExposureTime", exposureTime],
  ["Serial#", "SerialNumber"],
  ["Flash", "Flash", { print: offOrOn }],
  ["Macro", "Macro", { print: offOrOn }],
  ["Ytarget", "YTarget"],
  ["ylevel", "YLevel"],
  ["ExpBias", "ExposureCompensation"],
  ["FWare", "FirmwareVersion"],
  ["ImageSize", "ImageSize", { print: (value: string) => value.replaceAll("-", "x") }],
  ["Type", "CameraType"],
]);
