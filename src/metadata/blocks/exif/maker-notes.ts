/** Maker notes (Exif 3.1 tag 0x927c) and DNGPrivateData: whose they are, and how long if they are not decoded. */
import { latin1 } from "../../bytes/text.ts";
import type { ByteWindow } from "../../bytes/window.ts";
import type { Findings, TagInput } from "../../contracts.ts";
import { type ByteOrder, HEAD_BYTES, type Maker } from "../../makernotes/maker.ts";
import { makers } from "../../makernotes/table.ts";

export interface PrivateData {
  readonly window: ByteWindow;
  readonly at: number;
  readonly size: number;
  /** ExifTool's family 1 group of the directory that holds it. */
  readonly directory: string;
  readonly make: string;
  /** Where the TIFF structure begins in the window of the findings. */
  readonly origin: number;
}

/** Makers whose notes are known by the maker's name alone (ExifTool 13.59 MakerNotes.pm). */
const knownMakes =
  /^(Canon|CASIO|DJI|FLIR Systems|Teledyne FLIR|Hasselblad|Konica Minolta|Minolta|NIKON|Nintendo|LEICA|Asahi|RICOH|PENTAX RICOH|SANYO|SIGMA|FOVEON|SONY)|Kodak/i;

/** Longer texts are given as how long they are. */
const LONGEST_TEXT = 64;

/** A maker's notes, with their directory's place in the window. */
interface FoundMaker {
  readonly maker: Maker;
  readonly start: number;
  readonly base: number;
  readonly order: ByteOrder;
  readonly int64: boolean;
}

/** The maker whose notes these are; undefined if they are not decoded. */
export function findMaker({ window, at, size, make }: PrivateData, order: ByteOrder): FoundMaker | undefined {
  const head = window.upTo(at, Math.min(size, HEAD_BYTES));
  for (const maker of makers) {
    const layout = maker.detect(head, { make, order });
    if (layout === undefined) continue;
    const base = layout.base === "tiff" ? 0 : at + (layout.base === "note" ? 0 : layout.base);
    return { maker, start: at + layout.start, base, order: layout.order ?? order, int64: layout.int64 ?? false };
  }
  return undefined;
}

export function nameMakerNotes(data: PrivateData, found: Findings): void {
  const { window, at, size, directory, make } = data;
  const head = latin1(window.upTo(at, Math.min(size, HEAD_BYTES)));
  const binary = binaryName(head, make);
  if (binary !== undefined) {
    found.tags.group(directory).put(binary, { bytes: size });
    return;
  }
  if (/^[\t\r\n\x20-\x7e]+\0*$/.test(head) && !knownMakes.test(make) && !/^(\[ae_dbg_info:|VER:)/.test(head)) {
    const value: TagInput = size > LONGEST_TEXT ? { bytes: size } : head;
    found.tags.group(directory).put("MakerNoteUnknownText", value);
    return;
  }
  warn("maker notes", data, found);
}

/** Notes that ExifTool does not decode either, under its names for them. */
function binaryName(head: string, make: string): string | undefined {
  if (/^(Konica Minolta|Minolta)/i.test(make) && /^(MLY0|KC|\+M\+M|\xd7)/.test(head)) return "MakerNoteMinolta3";
  if (/^STMN\d{3}.\0{4}/s.test(head)) return "MakerNoteSamsung1a";
  return head.startsWith("LSI1\0") ? "MakerNoteUnknownBinary" : undefined;
}

/** DNGPrivateData is Adobe's container, a maker's notes, or anything else. */
export function namePrivateData(data: PrivateData, found: Findings): void {
  const head = latin1(data.window.upTo(data.at, Math.min(data.size, HEAD_BYTES)));
  if (/^(Adobe\0|(PENTAX |SAMSUNG)\0|RICOH\0(II|MM)|\[ae_dbg_info:)/.test(head)) warn("DNG private data", data, found);
  else found.tags.group(data.directory).put("DNGPrivateData", { bytes: data.size });
}

function warn(what: string, { make, size, origin, at }: PrivateData, found: Findings): void {
  found.warn("NOT_DECODED", `${what} of ${make || "an unnamed maker"}, ${grouped(size)} bytes`, origin + at);
}

/** Thousands apart: `5,230`. */
function grouped(bytes: number): string {
  const digits = String(bytes);
  let text = digits.slice(-3);
  for (let end = digits.length - 3; end > 0; end -= 3) text = `${digits.slice(Math.max(0, end - 3), end)},${text}`;
  return text;
}
