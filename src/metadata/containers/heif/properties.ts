/**
 * Item properties of HEIF and AVIF: ISO/IEC 23008-12 section 6.5, ISO/IEC 14496-12 section 12.1, ISO/IEC 14496-15 section 8.3.3.
 * As tags, and as facts of the primary item.
 */
import { numberKey } from "../../bytes/number-key.ts";
import { significant } from "../../bytes/numbers.ts";
import { decodeText, untilNull } from "../../bytes/text.ts";
import type { ByteRange, ByteWindow } from "../../bytes/window.ts";
import type { Findings, TagGroup } from "../../contracts.ts";
import { attempt } from "../../grammar/attempt.ts";
import { type Box, boxes, contentOf } from "../../grammar/box.ts";
import { putFields } from "../../tables/fixed-fields.ts";
import { av1Configuration, colourRepresentation, contentLightLevel, hevcConfiguration, propertyTags } from "../../tables/quicktime.ts";
import type { Item, Items } from "./items.ts";

/**
 * Properties that a derived image does not share with the primary item: `own` holds in both directions,
 * `parts` lets those of the parts of the primary item count as its own (ExifTool 13.59 QuickTime.pm).
 */
const shared: ReadonlyMap<string, "own" | "parts"> = new Map(
  Object.entries<"own" | "parts">({
    ispe: "own",
    pixi: "own",
    irot: "own",
    imir: "own",
    pasp: "own",
    hvcC: "parts",
    colr: "parts",
  }),
);

const ALPHA_COMPONENT = 7;
/** Images that are made of images that are made of images. */
const MAX_DERIVATIONS = 4;
/** Work of a property for each item that it belongs to. */
const PROPERTY_STEPS = 6;

/** The properties of an `ipco` box, numbered from 1; number 0 is none. */
export function listProperties(window: ByteWindow, ipco: Box, found: Findings): readonly (Box | undefined)[] {
  const list: (Box | undefined)[] = [undefined];
  for (const box of boxes(window, { start: ipco.data, end: ipco.end }, found)) if (!box.cut) list.push(box);
  return list;
}

/**
 * Puts the tags of all properties, and states what they say of the primary item.
 * Tags of the primary item win; those of other items stand only where it has none.
 */
export function putProperties(
  window: ByteWindow,
  properties: readonly (Box | undefined)[],
  items: Items,
  missing: ByteRange[],
  found: Findings,
): void {
  const owners = new Map<number, Item[]>();
  for (const item of items.all) {
    for (const index of item.properties ?? []) {
      found.budget.step(PROPERTY_STEPS);
      const list = owners.get(index);
      if (list === undefined) owners.set(index, [item]);
      else list.push(item);
    }
  }
  const primary = items.primary ?? 0;
  const described = new Set<string>();
  for (const { type, from, to } of items.references)
    if ((type === "cdsc" || type === "dimg") && to.includes(primary)) described.add(numberKey(from));
  const parts = new Set([...items.refersTo(primary, "dimg"), ...items.refersTo(primary, "cdsc")].map(numberKey));
  let extent: Box | undefined;
  properties.forEach((box, index) => {
    if (box === undefined) return;
    const sharing = shared.get(box.type);
    const items = owners.get(index);
    const main =
      items?.some(
        ({ id }) =>
          id === primary || (sharing === undefined && described.has(numberKey(id))) || (sharing !== "own" && parts.has(numberKey(id))),
      ) ?? true;
    if (main && isExtent(box)) extent = box;
    attempt(found, missing, () => putProperty(window, box, main, found));
  });
  attempt(found, missing, () => statePrimary(window, properties, items, extent, found));
}

function isExtent(box: Box): boolean {
  return box.type === "ispe" && box.end - box.data >= 12;
}

function putProperty(window: ByteWindow, box: Box, main: boolean, found: Findings): void {
  const content = contentOf(window, box);
  const size = content.size ?? 0;
  const group = found.group("QuickTime", !main);
  switch (box.type) {
    case "colr":
      putColour(window, box, group, found);
      return;
    case "irot":
      if (size > 0) group.putRow(propertyTags.rotation, content.u8(0));
      return;
    case "imir":
      if (size > 0) group.putRow(propertyTags.mirroring, content.u8(0));
      return;
    case "ispe": {
      if (size < 12 || content.u32(0) !== 0) return;
      const extent = numbers(content, 4);
      const [width = 0, height = 0] = extent;
      if (main) {
        found.group("File").putRow(propertyTags.width, width);
        found.group("File").putRow(propertyTags.height, height);
      }
      group.putRow(propertyTags.extent, extent);
      return;
    }
    case "pixi": {
      if (size < 5 || content.u32(0) !== 0) return;
      const depths = [...content.bytes(5, size - 5)];
      group.putRow(propertyTags.depth, depths.length === 1 ? (depths[0] ?? 0) : depths);
      return;
    }
    case "auxC":
      group.putRow(propertyTags.auxiliary, auxiliaryType(content));
      return;
    case "pasp":
      if (size >= 8) group.putRow(propertyTags.aspect, numbers(content, 0).slice(0, 2));
      return;
    case "rloc":
      if (size >= 12) group.putRow(propertyTags.location, numbers(content, 4));
      return;
    case "clap": {
      const pairs = numbers(content, 0).map((n) => n | 0);
      const values = pairs.flatMap((n, i) => (i % 2 === 0 && i + 1 < pairs.length ? significant(n / (pairs[i + 1] ?? 0), 10) : []));
      if (values.length > 0) group.putRow(propertyTags.aperture, values);
      return;
    }
    case "hvcC":
      putFields(hevcConfiguration, content, group);
      return;
    case "av1C":
      putFields(av1Configuration, content, group);
      return;
    case "clli":
      putFields(contentLightLevel, content, group);
      return;
  }
}

/** Numbers of 32 bits from `at` on. A property has few; of a damaged one not more are taken. */
function numbers(content: ByteWindow, at: number): number[] {
  const count = Math.min(64, Math.floor(((content.size ?? 0) - at) / 4));
  return Array.from({ length: count }, (_, i) => content.u32(at + 4 * i));
}

/** ISO/IEC 14496-12 section 12.1.5 */
function putColour(window: ByteWindow, box: Box, group: TagGroup, found: Findings): void {
  if (box.end - box.data < 4) return;
  const kind = window.ascii(box.data, 4);
  if (kind === "prof" || kind === "rICC") {
    if (box.end > box.data + 4) found.block({ kind: "icc", at: [{ start: box.data + 4, end: box.end }] });
    return;
  }
  group.putRow(propertyTags.profiles, decodeText(window.bytes(box.data, 4), "utf-8"));
  putFields(colourRepresentation, contentOf(window, box), group);
}

function auxiliaryType(content: ByteWindow): string {
  return untilNull(decodeText(content.rest(Math.min(4, content.size ?? 0)), "utf-8"));
}

/** States what the properties say of the primary item; `otherwise` is the extent where it has none of its own. */
function statePrimary(
  window: ByteWindow,
  properties: readonly (Box | undefined)[],
  items: Items,
  otherwise: Box | undefined,
  found: Findings,
): void {
  const primary = items.primary ?? 0;
  const own = propertiesOf(items.known(primary), properties);
  const [part] = items.refersTo(primary, "dimg");
  const extent = own.findLast(isExtent) ?? otherwise;
  if (extent !== undefined) {
    found.fact("width", window.u32(extent.data + 4));
    found.fact("height", window.u32(extent.data + 8));
  }
  const alpha = hasAlphaItem(primary, itemsWithAlpha(window, properties, items, found), items, found);
  if (own.length > 0) found.fact("hasAlpha", alpha || hasAlphaComponent(window, own));
  const depths = pixelDepths(window, part === undefined ? own : [...own, ...propertiesOf(items.known(part), properties)]);
  if (depths !== undefined) {
    found.fact("bitsPerSample", depths.bits);
    found.fact("channels", depths.channels + (alpha ? 1 : 0));
  }
  const orientation = orientationOf(window, own);
  if (orientation !== undefined) found.fact("orientation", orientation);
}

/** Items that an auxiliary item gives an alpha channel. */
function itemsWithAlpha(window: ByteWindow, properties: readonly (Box | undefined)[], items: Items, found: Findings): Set<string> {
  const withAlpha = new Set<string>();
  for (const { type, from, to } of items.references) {
    found.budget.step();
    if (type !== "auxl" || !propertiesOf(items.known(from), properties).some((box) => isAlphaProperty(window, box))) continue;
    found.budget.step(to.length);
    for (const id of to) withAlpha.add(numberKey(id));
  }
  return withAlpha;
}

function isAlphaProperty(window: ByteWindow, box: Box): boolean {
  return box.type === "auxC" && isAlpha(auxiliaryType(contentOf(window, box)));
}

/** True if the item has an alpha channel, or each of the images that it is made of: writers of grids do either. */
function hasAlphaItem(id: number, withAlpha: ReadonlySet<string>, items: Items, found: Findings, depth = 0): boolean {
  if (withAlpha.has(numberKey(id))) return true;
  const parts = depth < MAX_DERIVATIONS && withAlpha.size > 0 ? items.refersTo(id, "dimg") : [];
  found.budget.step(parts.length);
  return parts.length > 0 && parts.every((part) => hasAlphaItem(part, withAlpha, items, found, depth + 1));
}

function propertiesOf(item: Item | undefined, properties: readonly (Box | undefined)[]): Box[] {
  return (item?.properties ?? []).map((index) => properties[index]).filter((box) => box !== undefined);
}

/** ISO/IEC 23008-12 section 6.6.2.1.1, annex B.2.1; ISO/IEC 14496-15 has its own for AVC. */
function isAlpha(type: string): boolean {
  return type === "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha" || /^urn:mpeg:(hevc|avc):2015:auxid:1$/.test(type);
}

/** From `pixi`, or else from the configuration of the codec. */
function pixelDepths(window: ByteWindow, boxesOfImage: readonly Box[]): { bits: number; channels: number } | undefined {
  for (const type of ["pixi", "hvcC", "av1C", "uncC"]) {
    const box = boxesOfImage.find((box) => box.type === type);
    if (box === undefined) continue;
    const content = contentOf(window, box);
    const size = content.size ?? 0;
    if (type === "pixi" && size > 5 && content.u8(4) > 0) return { bits: content.u8(5), channels: content.u8(4) };
    if (type === "hvcC" && size > 17) return { bits: (content.u8(17) & 7) + 8, channels: (content.u8(16) & 3) === 0 ? 1 : 3 };
    // Version 1 has a name for its layout in place of components.
    if (type === "uncC" && size >= 15 && content.u8(0) === 0 && content.u32(8) < 256)
      return { bits: content.u8(14) + 1, channels: content.u32(8) };
    if (type === "av1C" && size > 2) {
      const flags = content.u8(2);
      return { bits: flags & 0x20 ? 12 : flags & 0x40 ? 10 : 8, channels: flags & 0x10 ? 1 : 3 };
    }
  }
  return undefined;
}

/** Uncompressed images name their components (ISO/IEC 23001-17 section 5.1). */
function hasAlphaComponent(window: ByteWindow, own: readonly Box[]): boolean {
  const box = own.find(({ type }) => type === "cmpd");
  const count = box === undefined || box.end - box.data < 4 ? 0 : Math.min(window.u32(box.data), (box.end - box.data - 4) >> 1, 64);
  for (let i = 0; i < count; i++) if (window.u16((box?.data ?? 0) + 4 + 2 * i) === ALPHA_COMPONENT) return true;
  return false;
}

/** Where the first pixel row and column go, as Exif numbers it: `[x right, x down, y right, y down]` of a turn → 1–8. */
const ORIENTATIONS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    "1,0,0,1": 1,
    "-1,0,0,1": 2,
    "-1,0,0,-1": 3,
    "1,0,0,-1": 4,
    "0,1,1,0": 5,
    "0,-1,1,0": 6,
    "0,-1,-1,0": 7,
    "0,1,-1,0": 8,
  }),
);

/** `irot` and `imir` in the order of their association (ISO/IEC 23008-12 sections 6.5.10, 6.5.12), as Exif's Orientation. */
function orientationOf(window: ByteWindow, own: readonly Box[]): number | undefined {
  // x' = a·x + b·y, y' = c·x + d·y, with y downwards.
  let [a, b, c, d] = [1, 0, 0, 1];
  let turned = false;
  for (const box of own) {
    if ((box.type !== "irot" && box.type !== "imir") || box.end === box.data) continue;
    turned = true;
    const value = window.u8(box.data);
    if (box.type === "imir") [a, b, c, d] = value & 1 ? [-a, -b, c, d] : [a, b, -c, -d];
    // A quarter turn anticlockwise: x' = y, y' = -x.
    else for (let quarter = 0; quarter < (value & 3); quarter++) [a, b, c, d] = [c, d, -a, -b];
  }
  return turned ? ORIENTATIONS.get([a, b, c, d].map((n) => n + 0).join()) : undefined;
}
