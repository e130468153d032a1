/** The summary of a record: what was read, reconciled into a few typed fields. `sources.ts` says which tag wins. */
import type { Summary, TagValue } from "../../record/types.ts";
import type { ImageFacts } from "../findings.ts";
import { jsonValue } from "../json-value.ts";
import { setField } from "../own-fields.ts";
import type { Sink } from "../sink.ts";
import { isoText, utcText } from "./dates.ts";
import { isFactoryText } from "./factory-texts.ts";
import type { Place } from "./place.ts";
import { position } from "./position.ts";
import { aiGenerated, sourceTypeName } from "./provenance.ts";
import {
  camera,
  capture,
  creators,
  currentDigest,
  type Described,
  descriptive,
  digitalSourceType,
  equipment,
  flash,
  interopIndex,
  keptDigest,
  keywords,
  numeric,
  srgbRendering,
  wideSensitivity,
  xmpFlash,
} from "./sources.ts";
import { modifiedAt, takenAt } from "./times.ts";
import { first, names, number, positive, text } from "./values.ts";

/** Both orders of a descriptive field, for either answer of the digest. */
function ordersOf({ exif, iptc, xmp, other }: Described): { readonly xmpFirst: readonly Place[]; readonly iptcFirst: readonly Place[] } {
  return { xmpFirst: [...exif, ...xmp, ...iptc, ...other], iptcFirst: [...exif, ...iptc, ...xmp, ...other] };
}

const cameraFields = entries(camera);
const equipmentFields = entries(equipment);
const captureFields = entries(capture);
const descriptiveFields = entries(descriptive).map(([field, from]) => [field, ordersOf(from)] as const);
const creatorOrders = ordersOf(creators);
const keywordOrders = ordersOf(keywords);

const COLOR_SPACES: Readonly<Record<number, string>> = {
  1: "sRGB",
  2: "Adobe RGB",
  65535: "Uncalibrated",
  65534: "ICC Profile",
  65533: "Wide Gamut RGB",
};

/** The summary of what was read. `warn` hears of values that cannot be meant. */
export function summarize(tags: Sink, facts: ImageFacts, warn: (message: string) => void): Summary {
  const summary: Summary = {};
  const set = <K extends keyof Summary>(field: K, value: Summary[K] | undefined): Summary[K] | undefined => {
    if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) return undefined;
    // JSON keeps no negative zero, and what a container states is any text.
    const safe = (typeof value === "number" ? value + 0 : jsonValue(value as TagValue)) as Summary[K];
    setField(summary as Record<string, unknown>, field, safe);
    return safe;
  };

  const taken = takenAt(tags, warn);
  if (taken !== undefined) {
    set("takenAt", isoText(taken.moment));
    set("takenAtUtc", utcText(taken.moment));
    set("takenAtOffsetFrom", taken.offsetFrom);
  }
  const modified = modifiedAt(tags, warn);
  if (modified !== undefined) set("modifiedAt", isoText(modified));

  for (const [field, from] of cameraFields) set(field, first(tags, from, text));
  for (const [field, from] of equipmentFields) set(field, first(tags, from, field === "lens" ? lens : serialNumber));
  for (const [field, from] of captureFields) set(field, first(tags, from, positive));
  set("iso", iso(tags));
  set("exposureBias", first(tags, numeric.exposureBias, number));
  set("flashFired", flashFired(tags));

  const { latitude, longitude, altitude, direction } = position(tags, warn);
  set("latitude", latitude);
  set("longitude", longitude);
  set("altitude", altitude);
  set("direction", direction);

  const byAge = digestDiffers(tags) ? "iptcFirst" : "xmpFirst";
  const written = writtenByPerson(tags);
  for (const [field, orders] of descriptiveFields)
    set(field, first(tags, orders[byAge], field === "description" || field === "title" ? written : text));
  set("creators", first(tags, creatorOrders[byAge], names));
  set("keywords", first(tags, keywordOrders[byAge], names));
  set("rating", first(tags, numeric.rating, number));

  set("colorSpace", colorSpace(tags));
  set("bitsPerSample", facts.bitsPerSample);
  set("channels", facts.channels);
  set("hasAlpha", facts.hasAlpha);
  set("animated", facts.animated);
  set("frames", facts.frames);

  const sourceType = first(tags, digitalSourceType, text) ?? facts.digitalSourceType;
  const typeName = set("digitalSourceType", sourceType === undefined ? undefined : sourceTypeName(sourceType));
  set("aiGenerated", aiGenerated(tags, typeName));
  set("contentCredentials", facts.contentCredentials);
  return summary;
}

function lens(value: TagValue | undefined): string | undefined {
  const name = text(value);
  return name === undefined || isFactoryText(name, "lens") ? undefined : name;
}

function serialNumber(value: TagValue | undefined): string | undefined {
  const number = text(value);
  return number === undefined || isFactoryText(number, "serialNumber") ? undefined : number;
}

/** Takes texts that a person wrote. Some cameras write their own names. */
function writtenByPerson(tags: Sink): (value: TagValue | undefined) => string | undefined {
  let cameraNames: ReadonlySet<string | undefined> | undefined;
  return (value) => {
    const written = text(value);
    if (written === undefined || isFactoryText(written, "description")) return undefined;
    cameraNames ??= namesOfCamera(tags);
    return cameraNames.has(written.toLowerCase()) ? undefined : written;
  };
}

function namesOfCamera(tags: Sink): ReadonlySet<string | undefined> {
  const [make, model] = [first(tags, camera.make, text), first(tags, camera.model, text)];
  return new Set([make, model, `${make} ${model}`].map((name) => name?.toLowerCase()));
}

function iso(tags: Sink): number | undefined {
  const value = first(tags, numeric.iso, positive);
  // 65535 stands for "more than 16 bits hold" (Exif 3.1 §4.6.5): another tag has it.
  return value === 65535 ? (first(tags, wideSensitivity, positive) ?? value) : value;
}

function flashFired(tags: Sink): boolean | undefined {
  const flags = first(tags, flash, number);
  if (flags !== undefined) return (flags & 1) === 1;
  const structure = tags.get(xmpFlash);
  if (typeof structure !== "object" || Array.isArray(structure) || !("Fired" in structure)) return undefined;
  return typeof structure.Fired === "boolean" ? structure.Fired : undefined;
}

function colorSpace(tags: Sink): string | undefined {
  const value = first(tags, numeric.colorSpace, number);
  if (value === 65535 && tags.get(interopIndex) === "R03") return "Adobe RGB";
  if (value !== undefined) return COLOR_SPACES[value];
  return tags.get(srgbRendering) === undefined ? undefined : "sRGB";
}

/** Photoshop keeps an MD5 of the IPTC block it wrote: when it no longer fits, another program edited IPTC since. */
function digestDiffers(tags: Sink): boolean {
  const kept = tags.get(keptDigest);
  const current = tags.get(currentDigest);
  return typeof kept === "string" && typeof current === "string" && !/^0+$/.test(kept) && kept !== current;
}

function entries<K extends string, V>(table: Readonly<Record<K, V>>): [K, V][] {
  return Object.entries(table) as [K, V][];
}
