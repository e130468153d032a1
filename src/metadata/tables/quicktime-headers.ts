/** Headers of movies, tracks and media (ISO/IEC 14496-12 sections 8.2.2, 8.3.2, 8.4.2): names and texts as ExifTool 13.59 QuickTime.pm has them. */
import type { TagInput } from "../contracts.ts";
import { duration } from "./conversion.ts";
import { fixed32 } from "./quicktime-media.ts";
import { type How, Tag } from "./row.ts";

/** Seconds between 1904, where these files count from, and 1970. */
const EPOCH = (66 * 365 + 17) * 24 * 3600;

/** A time before 1970 was counted from 1970 by mistake. */
const date: How = {
  value(time: number) {
    const seconds = time >= EPOCH ? time - EPOCH : time;
    if (seconds === 0) return "0000:00:00 00:00:00";
    const date = new Date(seconds * 1000);
    if (Number.isNaN(date.getTime())) return undefined;
    return date
      .toISOString()
      .replace(/^\+?([^T]+)T([^.]+)\.\d+Z$/, (_, day: string, clock: string) => `${day.replaceAll("-", ":")} ${clock}`);
  },
};

/** Seconds. */
const span: How = { print: duration };

const volume: How = { value: (raw: number) => raw / 256, print: (volume: number) => `${(volume * 100).toFixed(2)}%` };

/** Nine numbers of 16.16 fixed point, of which the right column has 2.30. */
const matrix: How = { value: (raw: readonly number[]) => raw.map((cell, i) => fixed32(cell) / (i % 3 === 2 ? 0x4000 : 1)) };

const low: How = { low: true };

/** Three letters of five bits (ISO 639-2), or the number of a Macintosh language. */
function language(code: number): TagInput | undefined {
  if (code === 0) return undefined;
  if (code < 0x400 || code === 0x7fff) return code;
  return String.fromCharCode(...[10, 5, 0].map((shift) => ((code >> shift) & 0x1f) + 0x60));
}

export const movieTags = {
  version: new Tag(["mvhd", "MovieHeaderVersion"]),
  created: new Tag(["mvhd", "CreateDate", date]),
  modified: new Tag(["mvhd", "ModifyDate", date]),
  timeScale: new Tag(["mvhd", "TimeScale"]),
  duration: new Tag(["mvhd", "Duration", span]),
  rate: new Tag(["mvhd", "PreferredRate", { value: (raw: number) => raw / 0x10000 }]),
  volume: new Tag(["mvhd", "PreferredVolume", volume]),
  matrix: new Tag(["mvhd", "MatrixStructure", matrix]),
  spans: ["PreviewTime", "PreviewDuration", "PosterTime", "SelectionTime", "SelectionDuration", "CurrentTime"].map(
    (name) => new Tag(["mvhd", name, span]),
  ),
  nextTrack: new Tag(["mvhd", "NextTrackID"]),
};

export const trackTags = {
  version: new Tag(["tkhd", "TrackHeaderVersion", low]),
  created: new Tag(["tkhd", "TrackCreateDate", { ...date, low: true }]),
  modified: new Tag(["tkhd", "TrackModifyDate", { ...date, low: true }]),
  id: new Tag(["tkhd", "TrackID", low]),
  duration: new Tag(["tkhd", "TrackDuration", { ...span, low: true }]),
  layer: new Tag(["tkhd", "TrackLayer", low]),
  volume: new Tag(["tkhd", "TrackVolume", { ...volume, low: true }]),
  matrix: new Tag(["tkhd", "MatrixStructure", matrix]),
  width: new Tag(["tkhd", "ImageWidth", low]),
  height: new Tag(["tkhd", "ImageHeight", low]),
};

export const mediaTags = {
  version: new Tag(["mdhd", "MediaHeaderVersion"]),
  created: new Tag(["mdhd", "MediaCreateDate", date]),
  modified: new Tag(["mdhd", "MediaModifyDate", date]),
  timeScale: new Tag(["mdhd", "MediaTimeScale"]),
  duration: new Tag(["mdhd", "MediaDuration", span]),
  language: new Tag(["mdhd", "MediaLanguageCode", { value: language }]),
  extendedLanguage: new Tag(["elng", "ExtendedLanguageTag"]),
  frameRate: new Tag(["stts", "VideoFrameRate", { print: (rate: number) => Math.trunc(rate * 1000 + 0.5) / 1000 }]),
};
