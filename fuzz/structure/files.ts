/** Whole files as pieces: JPEG segments, PNG chunks, RIFF chunks, GIF blocks. */
import { crc32, deflateSync, inflateSync } from "node:zlib";
import { type Branch, built, bytes, concat, list, name, numbers, type Piece, type Sniff, sequence, text } from "./piece.ts";
import { fields } from "./tables.ts";
import { dissectFields } from "./texts.ts";

const MAX_SEGMENT_BYTES = 0xffff - 2;
const MAX_INFLATED_BYTES = 4 << 20;

/** ITU-T T.81 annex B: the segments before the scan. */
export function dissectJpeg(data: Buffer, sniff: Sniff): Branch | undefined {
  if (data.length < 4 || data.readUInt16BE(0) !== 0xffd8) return undefined;
  const parts: Branch[] = [];
  let at = 2;
  while (at + 4 <= data.length && data[at] === 0xff && data[at + 1] !== 0xda && (data[at + 1] ?? 0) >= 0xc0) {
    const [marker, length] = [data[at + 1] ?? 0, data.readUInt16BE(at + 2)];
    if (length < 2) break;
    let payload = data.subarray(at + 4, at + 2 + length);
    at += 2 + length;
    // A profile in several segments is one piece.
    while (isProfile(payload) && data.readUInt16BE(at) === 0xffe2 && isProfile(data.subarray(at + 4))) {
      const next = data.readUInt16BE(at + 2);
      payload = Buffer.concat([payload, data.subarray(at + 4 + PROFILE_HEAD, at + 2 + next)]);
      at += 2 + next;
    }
    parts.push(segment(marker, payload, sniff));
  }
  return sequence("jpeg", [bytes("start of image", data.subarray(0, 2)), list("segments", parts), bytes("jpeg rest", data.subarray(at))]);
}

const PROFILE_HEAD = "ICC_PROFILE\0".length + 2;
const isProfile = (payload: Buffer): boolean => payload.length > PROFILE_HEAD && payload.toString("latin1", 0, 12) === "ICC_PROFILE\0";

function segment(marker: number, payload: Buffer, sniff: Sniff): Branch {
  const head = Buffer.of(0xff, marker);
  // An application segment begins with its name: letters up to a NUL, with a second one behind it in Exif.
  const named =
    marker >= 0xe0 && marker < 0xf0 ? (/^[\x20-\x7e]{3,60}\0{0,2}/.exec(payload.toString("latin1", 0, 64))?.[0].length ?? 0) : 0;
  const title = payload.subarray(0, named);
  const words = title.toString("latin1").replaceAll("\0", "");
  const label = `segment ${marker.toString(16)} ${words.slice(0, 32)}`;
  const numbered = words === "ICC_PROFILE" ? 2 : 0;
  const content = payload.subarray(named + numbered);
  const inner = marker === 0xfe ? text("jpeg comment", content) : (sniff(content, label) ?? fields(content, label));
  return {
    label,
    parts: [name("segment name", title), inner],
    build([its, content]) {
      const [title, all] = [built(its as Piece), built(content as Piece)];
      const room = MAX_SEGMENT_BYTES - title.length - numbered;
      // Longer content continues in further segments of the same name, as profiles and resources do.
      const total = Math.max(1, Math.ceil(all.length / Math.max(1, room)));
      const pieces = Array.from({ length: total }, (_, i) => {
        const body = Buffer.concat([
          title,
          numbered > 0 ? Buffer.of((i + 1) & 0xff, total & 0xff) : Buffer.alloc(0),
          all.subarray(i * room, (i + 1) * room),
        ]);
        return Buffer.concat([head, numbers(2, false, body.length + 2), body]);
      });
      return concat(pieces);
    },
  };
}

/** PNG (Third Edition) clause 5. */
export function dissectPng(data: Buffer, sniff: Sniff): Branch | undefined {
  if (data.length < 20 || data.readUInt32BE(0) !== 0x89504e47) return undefined;
  const parts: Branch[] = [];
  let at = 8;
  while (at + 12 <= data.length) {
    const [length, type] = [data.readUInt32BE(at), data.toString("latin1", at + 4, at + 8)];
    if (type === "IEND" || at + 12 + length > data.length) break;
    parts.push(chunk(type, data.subarray(at + 8, at + 8 + length), sniff));
    at += 12 + length;
  }
  const rest = at < data.length ? data.subarray(at) : Buffer.alloc(0);
  return sequence("png", [bytes("png signature", data.subarray(0, 8)), list("chunks", parts), bytes("png end", rest)]);
}

const KEYWORD = /^([\x20-\x7e]{1,79})\0/;

function chunk(type: string, data: Buffer, sniff: Sniff): Branch {
  return {
    label: `chunk ${type} ${KEYWORD.exec(data.toString("latin1", 0, 80))?.[1] ?? ""}`.trim(),
    parts: [name("chunk type", type), ...chunkContent(type, data, sniff)],
    build([its, ...content]) {
      const body = concat([Buffer.concat([built(its as Piece), Buffer.alloc(4)]).subarray(0, 4), ...content.map(built)]);
      return concat([numbers(4, false, body.length - 4), body, numbers(4, false, crc32(body))]);
    },
  };
}

function chunkContent(type: string, data: Buffer, sniff: Sniff): Piece[] {
  const end = data.indexOf(0);
  const keyword = data.toString("latin1", 0, Math.max(0, end));
  const label = `${type} ${keyword}`;
  if (end > 0 && end < 80) {
    const key = name("keyword", data.subarray(0, end));
    if (type === "tEXt") return [key, bytes("end", Buffer.alloc(1)), words(data.subarray(end + 1), label, sniff)];
    if (type === "zTXt" || type === "iCCP")
      return [key, bytes("end and method", data.subarray(end, end + 2)), compressed(data.subarray(end + 2), label, sniff)];
    const translated = type === "iTXt" ? data.indexOf(0, data.indexOf(0, end + 3) + 1) : -1;
    if (translated > 0) {
      const content = data.subarray(translated + 1);
      return [
        key,
        bytes("language", data.subarray(end, translated + 1)),
        data[end + 1] === 1 ? compressed(content, label, sniff) : words(content, label, sniff),
      ];
    }
  }
  return [sniff(data, label) ?? fields(data, label)];
}

function compressed(data: Buffer, label: string, sniff: Sniff): Piece {
  let content: Buffer;
  try {
    content = inflateSync(data, { maxOutputLength: MAX_INFLATED_BYTES });
  } catch {
    return bytes(`${label} damaged`, data);
  }
  return {
    label: `${label} compressed`,
    parts: [words(content, label, sniff)],
    compressed: true,
    build: ([its]) => deflateSync(built(its as Piece)),
  };
}

/** A text by its grammar; a raw profile of ImageMagick by what it holds. */
function words(data: Buffer, label: string, sniff: Sniff): Piece {
  const profile = /^\n([ -~]+)\n +\d+\n([0-9a-f\n]+)$/.exec(data.toString("latin1"));
  if (profile !== null) {
    const content = Buffer.from((profile[2] ?? "").replaceAll("\n", ""), "hex");
    return {
      label: `${label} profile`,
      parts: [name("profile name", profile[1] ?? ""), sniff(content, label) ?? fields(content, label)],
      build([title, its]) {
        const inner = built(its as Piece);
        return concat([
          Buffer.from("\n"),
          built(title as Piece),
          Buffer.from(`\n${String(inner.length).padStart(8)}\n${inner.toString("hex")}\n`),
        ]);
      },
    };
  }
  return sniff(data, label) ?? dissectFields(data, label);
}

/** RFC 9649 section 2. */
export function dissectRiff(data: Buffer, sniff: Sniff): Branch | undefined {
  if (data.length < 12 || data.toString("latin1", 0, 4) !== "RIFF") return undefined;
  const parts: Branch[] = [];
  for (let at = 12; at + 8 <= data.length; ) {
    const [type, length] = [data.toString("latin1", at, at + 4), data.readUInt32LE(at + 4)];
    parts.push(riffChunk(type, data.subarray(at + 8, at + 8 + length), sniff));
    at += 8 + length + (length & 1);
  }
  const form = data.subarray(8, 12);
  return { label: "riff", parts, list: true, build: (all) => riffOf(Buffer.from("RIFF"), concat([form, ...all.map(built)])) };
}

function riffOf(type: Buffer, body: Buffer): Buffer {
  return concat([
    Buffer.concat([type, Buffer.alloc(4)]).subarray(0, 4),
    numbers(4, true, body.length),
    body,
    Buffer.alloc(body.length & 1),
  ]);
}

function riffChunk(type: string, data: Buffer, sniff: Sniff): Branch {
  return {
    label: `chunk ${type}`,
    parts: [name("chunk type", type), sniff(data, `chunk ${type}`) ?? fields(data, `chunk ${type}`)],
    build: ([its, content]) => riffOf(built(its as Piece), built(content as Piece)),
  };
}

/** GIF 89a: comments and applications; all other blocks as they are. */
export function dissectGif(data: Buffer, sniff: Sniff): Branch | undefined {
  if (data.length < 13 || data.toString("latin1", 0, 3) !== "GIF") return undefined;
  const flags = data[10] ?? 0;
  let at = 13 + ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));
  const head = bytes("gif head", data.subarray(0, at));
  const parts: Piece[] = [];
  while (data[at] === 0x21) {
    const first = at + 2;
    const name1 = data[at + 1] === 0xff ? 1 + (data[first] ?? 0) : 0;
    let end = first + name1;
    const content: Buffer[] = [];
    while (end < data.length && data[end] !== 0) {
      content.push(data.subarray(end + 1, end + 1 + (data[end] ?? 0)));
      end += 1 + (data[end] ?? 0);
    }
    const whole = data.subarray(at, end + 1);
    // XMP is not in sub-blocks.
    const plain = data.toString("latin1", first + 1, first + 4) === "XMP" || (data[at + 1] !== 0xfe && data[at + 1] !== 0xff);
    if (plain) parts.push(bytes("gif block", whole));
    else parts.push(gifBlock(data.subarray(at, first + name1), Buffer.concat(content), sniff));
    at = end + 1;
  }
  return sequence("gif", [head, list("gif blocks", parts), bytes("gif rest", data.subarray(at))]);
}

function gifBlock(head: Buffer, content: Buffer, sniff: Sniff): Branch {
  return {
    label: `gif block ${head.toString("latin1", 3)}`,
    parts: [name("gif block head", head), sniff(content, "gif block") ?? text("gif text", content)],
    build([its, inner]) {
      const value = built(inner as Piece);
      const blocks: Buffer[] = [];
      for (let from = 0; from < value.length; from += 255)
        blocks.push(Buffer.of(Math.min(255, value.length - from)), value.subarray(from, from + 255));
      return concat([built(its as Piece), ...blocks, Buffer.alloc(1)]);
    },
  };
}
