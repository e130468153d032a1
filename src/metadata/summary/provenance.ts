/**
 * Was an image made by a generative model? Only evidence in the file counts: the IPTC digital source type
 * (https://cv.iptc.org/newscodes/digitalsourcetype/), in XMP or C2PA, or what generators write themselves.
 */
import type { Sink } from "../sink.ts";
import { at, type Place } from "./place.ts";

const GENERATED = new Set(["trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"]);
const NOT_GENERATED = new Set([
  "digitalCapture",
  "computationalCapture",
  "negativeFilm",
  "positiveFilm",
  "print",
  "softwareImage",
  "humanEdits",
  "minorHumanEdits",
  "digitalArt",
  "digitalCreation",
  "screenCapture",
]);

/** The last part of a digital source type URI. */
export function sourceTypeName(uri: string): string | undefined {
  const name = uri.trim().split(/[/#:]/).pop();
  return name ? name : undefined;
}

/** The tag, and what its text holds: each expression matches behind the one before. */
type Evidence = readonly [place: Place, ...says: RegExp[]];

/** Marks are looked for in this much of a text. */
const MAX_MARKED_CHARACTERS = 1 << 20;

/** What generators write. */
const GENERATOR_MARKS: readonly Evidence[] = [
  [at("PNG", "Parameters"), /\bSteps: \d/, /\bSampler: /],
  [at("ExifIFD", "UserComment"), /\bSteps: \d/, /\bSampler: /],
  [at("PNG", "Prompt"), /"class_type"\s*:/],
  [at("PNG", "Workflow"), /"nodes"\s*:/],
  [at("PNG", "Invokeai_metadata"), /./],
  [at("PNG", "Sd-metadata"), /./],
  [at("PNG", "Dream"), /./],
  [at("PNG", "Software"), /^NovelAI\b/],
  [at("PNG", "Description"), /\bJob ID: [0-9a-f-]{36}/],
  [at("IFD0", "ImageDescription"), /\bJob ID: [0-9a-f-]{36}/],
  [at("XMP-dc", "Description"), /\bJob ID: [0-9a-f-]{36}/],
  [at("IFD0", "Software"), /\b(Midjourney|Stable Diffusion|NovelAI|DALL[·-]?E|Adobe Firefly)\b/i],
  [at("XMP-xmp", "CreatorTool"), /\b(Midjourney|Stable Diffusion|NovelAI|DALL[·-]?E|Adobe Firefly)\b/i],
  [at("XMP-photoshop", "Credit"), /^Made with Google AI$/],
  [at("IPTC", "Credit"), /^Made with Google AI$/],
];

export const evidenceNames: readonly string[] = GENERATOR_MARKS.map(([{ name }]) => name);

/** True or false where the file says so, undefined where it does not. */
export function aiGenerated(tags: Sink, digitalSourceType: string | undefined): boolean | undefined {
  if (digitalSourceType !== undefined && GENERATED.has(digitalSourceType)) return true;
  if (GENERATOR_MARKS.some((mark) => isFound(mark, tags))) return true;
  if (digitalSourceType !== undefined && NOT_GENERATED.has(digitalSourceType)) return false;
  return undefined;
}

function isFound([place, ...says]: Evidence, tags: Sink): boolean {
  const value = tags.get(place);
  if (typeof value !== "string") return false;
  let rest = value.slice(0, MAX_MARKED_CHARACTERS);
  return says.every((expression) => {
    const match = expression.exec(rest);
    // The match's last character stays, so that a word does not begin in the middle of another.
    if (match !== null) rest = rest.slice(Math.max(0, match.index + match[0].length - 1));
    return match !== null;
  });
}
