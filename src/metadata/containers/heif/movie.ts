/** The movie box and its tracks: ISO/IEC 14496-12 section 8. HEIF's image sequences are such tracks (ISO/IEC 23008-12 section 7). */
import { decodeText, untilNull } from "../../bytes/text.ts";
import { type ByteRange, type ByteWindow, MissingBytes } from "../../bytes/window.ts";
import type { Findings, TableTag, TagGroup } from "../../contracts.ts";
import { attempt } from "../../grammar/attempt.ts";
import { type Box, boxes, contentOf } from "../../grammar/box.ts";
import { putFields } from "../../tables/fixed-fields.ts";
import { mediaTags, movieTags, trackTags } from "../../tables/quicktime-headers.ts";
import { audioHeader, generalMedia, hintHeader, trackApertures, trackReferences, videoHeader } from "../../tables/quicktime-media.ts";
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
    const tags = this.#found.group("QuickTime");
    const header = new Header(contentOf(this.#window, box), tags);
    if (header.size < 4) return;
    tags.putRow(movieTags.version, header.version);
    header.date(movieTags.created);
    header.date(movieTags.modified);
    this.#timeScale = header.u32(movieTags.timeScale) ?? 0;
    header.span(movieTags.duration, this.#timeScale);
    header.u32(movieTags.rate);
    header.u16(movieTags.volume);
    header.skip(10);
    header.matrix(movieTags.matrix);
    for (const tag of movieTags.spans) header.shortSpan(tag, this.#timeScale);
    header.u32(movieTags.nextTrack);
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
    const header = new Header(contentOf(this.#window, box), tags);
    if (header.size < 4) return;
    tags.putRaw(trackTags.version, header.version);
    header.date(trackTags.created);
    header.date(trackTags.modified);
    header.u32(trackTags.id);
    header.skip(4);
    header.span(trackTags.duration, this.#timeScale);
    header.skip(8);
    header.u16(trackTags.layer);
    header.skip(2);
    header.u16(trackTags.volume);
    header.skip(2);
    header.matrix(trackTags.matrix);
    track.width = header.side(trackTags.width);
    track.height = header.side(trackTags.height);
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
        track.tags.putRow(mediaTags.extendedLanguage, untilNull(decodeText(text, "utf-8")));
      }
    }
  }

  /** 8.4.2 */
  #mediaHeader(box: Box, track: Track): void {
    const { tags } = track;
    const content = contentOf(this.#window, box);
    const header = new Header(content, tags);
    if (header.size < 4) return;
    tags.putRow(mediaTags.version, content.u32(0));
    header.date(mediaTags.created);
    header.date(mediaTags.modified);
    track.timeScale = header.u32(mediaTags.timeScale) ?? 0;
    header.span(mediaTags.duration, track.timeScale);
    header.u16(mediaTags.language);
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
    track.tags.putRow(mediaTags.frameRate, (samples * track.timeScale) / time);
  }
}

/** The fields of a header box, one after the other; times take 8 bytes in version 1. What the box is too short for is left out. */
class Header {
  readonly version: number;
  readonly size: number;
  readonly #content: ByteWindow;
  readonly #tags: TagGroup;
  #at = 4;

  constructor(content: ByteWindow, tags: TagGroup) {
    this.#content = content;
    this.#tags = tags;
    this.size = content.size ?? 0;
    this.version = this.size > 0 ? content.u8(0) : 0;
  }

  skip(length: number): void {
    this.#at += length;
  }

  u16(tag: TableTag): void {
    const at = this.#next(2);
    if (at !== undefined) this.#tags.putRaw(tag, this.#content.u16(at));
  }

  u32(tag: TableTag): number | undefined {
    const value = this.#u32();
    if (value !== undefined) this.#tags.putRaw(tag, value);
    return value;
  }

  date(tag: TableTag): void {
    const time = this.#time();
    if (time !== undefined) this.#tags.putRaw(tag, time);
  }

  /** A time of as many bytes as dates have, in units of which `scale` are a second. */
  span(tag: TableTag, scale: number): void {
    this.#putSpan(tag, this.#time(), scale);
  }

  shortSpan(tag: TableTag, scale: number): void {
    this.#putSpan(tag, this.#u32(), scale);
  }

  matrix(tag: TableTag): void {
    const from = this.#next(36);
    if (from !== undefined)
      this.#tags.putRaw(
        tag,
        Array.from({ length: 9 }, (_, i) => this.#content.i32(from + 4 * i)),
      );
  }

  /** 16.16 fixed point; Pentax writes an integer. */
  side(tag: TableTag): number | undefined {
    const raw = this.#u32();
    if (raw === undefined || raw === 0) return undefined;
    const side = (raw & 0xfff00000) !== 0 ? raw >>> 16 : raw;
    this.#tags.putRaw(tag, side);
    return side;
  }

  /** Without a scale it is given as it is. */
  #putSpan(tag: TableTag, time: number | undefined, scale: number): void {
    if (time === undefined) return;
    if (scale === 0) this.#tags.putRow(tag, time, tag.isLow, time);
    else this.#tags.putRaw(tag, time / scale);
  }

  #next(length: number): number | undefined {
    this.#at += length;
    return this.#at <= this.size ? this.#at - length : undefined;
  }

  #u32(): number | undefined {
    const at = this.#next(4);
    return at === undefined ? undefined : this.#content.u32(at);
  }

  #time(): number | undefined {
    if (this.version === 0) return this.#u32();
    const at = this.#next(8);
    return at === undefined ? undefined : Number(this.#content.u64(at));
  }
}
