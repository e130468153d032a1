/** The movie box and its tracks: ISO/IEC 14496-12 section 8. HEIF's image sequences are such tracks (ISO/IEC 23008-12 section 7). */
import { decodeText, untilNull } from "../../bytes/text.ts";
import { type ByteRange, type ByteWindow, MissingBytes } from "../../bytes/window.ts";
import type { Findings, TagGroup, TagInput } from "../../contracts.ts";
import { attempt } from "../../grammar/attempt.ts";
import { type Box, boxes, contentOf } from "../../grammar/box.ts";
import { duration } from "../../tables/conversion.ts";
import { putFields } from "../../tables/fixed-fields.ts";
import {
  audioHeader,
  fixed32,
  generalMedia,
  hintHeader,
  trackApertures,
  trackReferences,
  videoHeader,
} from "../../tables/quicktime-media.ts";
import { putHandler } from "./handler.ts";
import { MetaBox } from "./meta.ts";
import { putSampleEntries } from "./sample-entry.ts";

interface Track {
  readonly group: string;
  readonly tags: TagGroup;
  handler: string | undefined;
  width: number | undefined;
  height: number | undefined;
  samples: number | undefined;
  /** Units of the media's times a second. */
  timeScale: number;
}

/** Seconds between 1904, where these files count from, and 1970. */
const EPOCH = (66 * 365 + 17) * 24 * 3600;

const LOW = { priority: "low" } as const;

export class Movie {
  readonly #window: ByteWindow;
  readonly #found: Findings;
  readonly #tracks: Track[] = [];
  readonly #missing: ByteRange[] = [];
  /** Units of the movie's times a second. */
  #timeScale = 0;

  constructor(window: ByteWindow, found: Findings) {
    this.#window = window;
    this.#found = found;
  }

  parse(movie: Box): void {
    for (const box of this.#children(movie)) {
      attempt(this.#found, this.#missing, () => {
        if (box.type === "mvhd") this.#movieHeader(box);
        else if (box.type === "trak") this.#track(box);
        else if (box.type === "meta") this.#meta(box, box.data);
        else if (box.type === "udta") this.#userData(box);
      });
    }
    if (this.#missing.length > 0) throw new MissingBytes(this.#missing);
  }

  /** States what the first track of pictures says of the image. */
  state(): void {
    const track = this.#tracks.find(({ handler }) => handler === "pict") ?? this.#tracks.find(({ handler }) => handler === "vide");
    if (track === undefined) return;
    if (track.samples !== undefined) {
      this.#found.fact("frames", track.samples);
      this.#found.fact("animated", track.samples > 1);
    }
    if (track.width !== undefined && track.height !== undefined) {
      this.#found.fact("width", track.width);
      this.#found.fact("height", track.height);
    }
  }

  *#children(box: Box, skip = 0): Generator<Box, void> {
    for (const child of boxes(this.#window, { start: box.data + skip, end: box.end }, this.#found)) if (!child.cut) yield child;
  }

  /** QuickTime's meta box has no version; ISO's has. */
  #meta(box: Box, start: number, track?: Track): void {
    const place = { root: false, heic: false, ...(track === undefined ? {} : { track: track.group }) };
    const versioned = box.end - start >= 4 && this.#window.u32(start) === 0;
    new MetaBox(this.#window, this.#found).parse({ start: versioned ? start + 4 : start, end: box.end }, place);
  }

  #userData(box: Box, track?: Track): void {
    for (const child of this.#children(box)) if (child.type === "meta") this.#meta(child, child.data, track);
  }

  /** 8.2.2 */
  #movieHeader(box: Box): void {
    const tags = this.#found.tags.group("QuickTime");
    const header = new Header(contentOf(this.#window, box));
    if (header.size < 4) return;
    tags.put("MovieHeaderVersion", header.version);
    header.date((date) => tags.put("CreateDate", date));
    header.date((date) => tags.put("ModifyDate", date));
    header.u32((scale) => {
      this.#timeScale = scale;
      tags.put("TimeScale", scale);
    });
    header.time((time) => this.#duration(tags, "Duration", time));
    header.u32((rate) => tags.put("PreferredRate", rate / 0x10000));
    header.u16((volume) => tags.put("PreferredVolume", volume / 256, percent));
    header.skip(10);
    header.matrix((matrix) => tags.put("MatrixStructure", matrix));
    for (const name of ["PreviewTime", "PreviewDuration", "PosterTime", "SelectionTime", "SelectionDuration", "CurrentTime"]) {
      header.u32((time) => this.#duration(tags, name, time));
    }
    header.u32((id) => tags.put("NextTrackID", id));
  }

  #duration(tags: TagGroup, name: string, time: number, options?: typeof LOW): void {
    if (this.#timeScale === 0) tags.put(name, time, undefined, options);
    else tags.put(name, time / this.#timeScale, duration, options);
  }

  /** 8.3.1 */
  #track(trak: Box): void {
    const group = `Track${this.#tracks.length + 1}`;
    const tags = this.#found.tags.group(group);
    const track: Track = { group, tags, handler: undefined, width: undefined, height: undefined, samples: undefined, timeScale: 0 };
    this.#tracks.push(track);
    for (const box of this.#children(trak)) {
      if (box.type === "tkhd") this.#trackHeader(box, track);
      else if (box.type === "mdia") this.#media(box, track);
      else if (box.type === "meta") this.#meta(box, box.data, track);
      else if (box.type === "udta") this.#userData(box, track);
      else if (box.type === "tref") this.#references(box, track);
      else if (box.type === "tapt") this.#apertures(box, track);
    }
  }

  /** 8.3.2 */
  #trackHeader(box: Box, track: Track): void {
    const { tags } = track;
    const header = new Header(contentOf(this.#window, box));
    if (header.size < 4) return;
    tags.put("TrackHeaderVersion", header.version, undefined, LOW);
    header.date((date) => tags.put("TrackCreateDate", date, undefined, LOW));
    header.date((date) => tags.put("TrackModifyDate", date, undefined, LOW));
    header.u32((id) => tags.put("TrackID", id, undefined, LOW));
    header.skip(4);
    header.time((time) => this.#duration(tags, "TrackDuration", time, LOW));
    header.skip(8);
    header.u16((layer) => tags.put("TrackLayer", layer, undefined, LOW));
    header.skip(2);
    header.u16((volume) => tags.put("TrackVolume", volume / 256, percent, LOW));
    header.skip(2);
    header.matrix((matrix) => tags.put("MatrixStructure", matrix));
    track.width = this.#trackSide(header, "ImageWidth", track);
    track.height = this.#trackSide(header, "ImageHeight", track);
  }

  /** 16.16 fixed point; Pentax writes an integer. */
  #trackSide(header: Header, name: string, track: Track): number | undefined {
    let side: number | undefined;
    header.u32((raw) => {
      side = (raw & 0xfff00000) !== 0 ? raw >>> 16 : raw;
    });
    if (side === undefined || side === 0) return undefined;
    track.tags.put(name, side, undefined, LOW);
    return side;
  }

  #references(box: Box, track: Track): void {
    for (const child of this.#children(box)) {
      const tag = trackReferences.first(child.type);
      if (tag === undefined) continue;
      const ids = this.#numbers(child);
      const [only] = ids;
      if (only === undefined) continue;
      track.tags.putRaw(tag, ids.length === 1 ? only : ids);
    }
  }

  #apertures(box: Box, track: Track): void {
    for (const child of this.#children(box)) {
      const tag = trackApertures.first(child.type);
      const sides = this.#numbers(child).slice(1, 3);
      if (tag !== undefined && sides.length === 2) track.tags.putRaw(tag, sides);
    }
  }

  #numbers(box: Box): number[] {
    const numbers: number[] = [];
    for (let at = box.data; at + 4 <= box.end; at += 4) {
      this.#found.budget.step();
      numbers.push(this.#window.u32(at));
    }
    return numbers;
  }

  /** 8.4 */
  #media(mdia: Box, track: Track): void {
    for (const box of this.#children(mdia)) {
      if (box.type === "mdhd") this.#mediaHeader(box, track);
      else if (box.type === "hdlr") track.handler = putHandler(this.#window, box, track.tags);
      else if (box.type === "minf") this.#mediaInformation(box, track);
      else if (box.type === "elng") {
        const text = contentOf(this.#window, box).rest();
        track.tags.put("ExtendedLanguageTag", untilNull(decodeText(text, "utf-8")));
      }
    }
  }

  /** 8.4.2 */
  #mediaHeader(box: Box, track: Track): void {
    const { tags } = track;
    const content = contentOf(this.#window, box);
    const header = new Header(content);
    if (header.size < 4) return;
    tags.put("MediaHeaderVersion", content.u32(0));
    header.date((date) => tags.put("MediaCreateDate", date));
    header.date((date) => tags.put("MediaModifyDate", date));
    header.u32((scale) => {
      track.timeScale = scale;
      tags.put("MediaTimeScale", scale);
    });
    header.time((time) => {
      if (track.timeScale === 0) tags.put("MediaDuration", time);
      else tags.put("MediaDuration", time / track.timeScale, duration);
    });
    header.u16((code) => {
      if (code !== 0) tags.put("MediaLanguageCode", languageOf(code));
    });
  }

  /** 8.4.4 and 12 */
  #mediaInformation(minf: Box, track: Track): void {
    for (const box of this.#children(minf)) {
      const content = contentOf(this.#window, box);
      if (box.type === "vmhd") putFields(videoHeader, content, track.tags);
      else if (box.type === "smhd") putFields(audioHeader, content, track.tags);
      else if (box.type === "hmhd") putFields(hintHeader, content, track.tags);
      else if (box.type === "hdlr") putHandler(this.#window, box, track.tags);
      else if (box.type === "gmhd") {
        for (const child of this.#children(box)) {
          if (child.type === "gmin") putFields(generalMedia, contentOf(this.#window, child), track.tags);
        }
      } else if (box.type === "stbl") this.#sampleTable(box, track);
    }
  }

  /** 8.5 to 8.7 */
  #sampleTable(stbl: Box, track: Track): void {
    for (const box of this.#children(stbl)) {
      const content = contentOf(this.#window, box);
      const size = content.size ?? 0;
      if (box.type === "stsd") putSampleEntries(this.#window, box, track.handler, track.tags, this.#found);
      else if (box.type === "stsz" && size >= 12) track.samples = content.u32(8);
      else if (box.type === "stz2" && size >= 12) track.samples = content.u32(8);
      else if (box.type === "stts" && track.handler === "vide") this.#frameRate(content, track);
    }
  }

  /** 8.6.1.2: samples a second, over all. */
  #frameRate(content: ByteWindow, track: Track): void {
    let [samples, time] = [0, 0];
    for (let at = 8; at + 8 <= (content.size ?? 0); at += 8) {
      this.#found.budget.step();
      samples += content.u32(at);
      time += content.u32(at) * content.u32(at + 4);
    }
    if (samples === 0 || time === 0 || track.timeScale === 0) return;
    track.tags.put("VideoFrameRate", (samples * track.timeScale) / time, (rate: number) => Math.trunc(rate * 1000 + 0.5) / 1000);
  }
}

const percent = (volume: number): string => `${(volume * 100).toFixed(2)}%`;

/** Three letters of five bits (ISO 639-2), or the number of a Macintosh language. */
function languageOf(code: number): TagInput {
  if (code < 0x400 || code === 0x7fff) return code;
  return String.fromCharCode(...[10, 5, 0].map((shift) => ((code >> shift) & 0x1f) + 0x60));
}

/** The fields of a header box, one after the other; times take 8 bytes in version 1. What the box is too short for is left out. */
class Header {
  readonly version: number;
  readonly size: number;
  readonly #content: ByteWindow;
  #at = 4;

  constructor(content: ByteWindow) {
    this.#content = content;
    this.size = content.size ?? 0;
    this.version = this.size > 0 ? content.u8(0) : 0;
  }

  #fits(length: number): boolean {
    this.#at += length;
    return this.#at <= this.size;
  }

  skip(length: number): void {
    this.#at += length;
  }

  u16(put: (value: number) => void): void {
    if (this.#fits(2)) put(this.#content.u16(this.#at - 2));
  }

  u32(put: (value: number) => void): void {
    if (this.#fits(4)) put(this.#content.u32(this.#at - 4));
  }

  time(put: (value: number) => void): void {
    if (this.version === 0) this.u32(put);
    else if (this.#fits(8)) put(Number(this.#content.u64(this.#at - 8)));
  }

  /** A time before 1970 was counted from 1970 by mistake. */
  date(put: (text: string) => void): void {
    this.time((time) => {
      const seconds = time >= EPOCH ? time - EPOCH : time;
      if (seconds === 0) return put("0000:00:00 00:00:00");
      const date = new Date(seconds * 1000);
      if (Number.isNaN(date.getTime())) return;
      put(
        date.toISOString().replace(/^\+?([^T]+)T([^.]+)\.\d+Z$/, (_, day: string, clock: string) => `${day.replaceAll("-", ":")} ${clock}`),
      );
    });
  }

  /** Nine numbers of 16.16 fixed point, of which the right column has 2.30. */
  matrix(put: (matrix: number[]) => void): void {
    const from = this.#at;
    if (!this.#fits(36)) return;
    put(Array.from({ length: 9 }, (_, i) => fixed32(this.#content.i32(from + 4 * i)) / (i % 3 === 2 ? 0x4000 : 1)));
  }
}
