/** Whether a model made it, and who says so: the IPTC digital source type (https://cv.iptc.org/newscodes/digitalsourcetype/) and C2PA 2.1. */
import type { Image, Rule } from "./rule.ts";
import { anyOf, type Match, matchOf } from "./tag-index.ts";

const SOURCE_TYPE = "XMP-iptcExt:DigitalSourceType";

/** Texts that generators leave: the prompt, or the whole workflow. */
const PROMPTS = [
  "PNG:Parameters",
  "PNG:Prompt",
  "PNG:Workflow",
  "PNG:Dream",
  "PNG:Sd-metadata",
  "PNG:Invokeai_metadata",
  "XMP-iptcExt:AIPromptInformation",
];
const SYSTEMS = ["XMP-iptcExt:AISystemUsed", "XMP-iptcExt:AISystemVersionUsed"];

/** Source types of cameras, scanners and hands. */
const MADE_BY_HAND =
  /^(digitalCapture|computationalCapture|negativeFilm|positiveFilm|print|humanEdits|minorHumanEdits|digitalArt|digitalCreation|screenCapture)$/;
/** Source types of what is neither: a part or all of it was computed. */
const SYNTHETIC = /^(algorithmicMedia|algorithmicallyEnhanced|dataDrivenMedia|compositeSynthetic|composite|virtualRecording)$/;

export const provenance: readonly Rule[] = [
  { id: "ai-generated", topic: "ai", severity: "medium", title: "evidence that a model made it", find: generated },
  { id: "ai-unlabelled", topic: "ai", severity: "medium", title: "evidence of a model, and no digital source type", find: unlabelled },
  {
    id: "ai-contradicts",
    topic: "ai",
    severity: "medium",
    title: "evidence of a model, and a source type that denies it",
    find: contradicts,
  },
  { id: "ai-prompt", topic: "ai", severity: "low", title: "the prompt it was made from", find: anyOf(PROMPTS) },
  { id: "synthetic", topic: "ai", severity: "info", title: "a source type that says computed or composed", find: synthetic },
  { id: "content-credentials", topic: "ai", severity: "info", title: "content credentials", find: credentials },
];

function generated({ record, tags }: Image): Match | undefined {
  const { aiGenerated, digitalSourceType, contentCredentials } = record.summary;
  if (aiGenerated !== true) return undefined;
  const marks = [...tags.find(SYSTEMS), ...tags.find(PROMPTS)];
  const by = contentCredentials?.claimGenerator;
  const says = [digitalSourceType, by === undefined ? undefined : `by ${by}`, matchOf(marks)?.found].filter((part) => part !== undefined);
  return {
    found: says.length === 0 ? "marks of a generator" : says.join("; "),
    tags: [...new Set([...tags.find([SOURCE_TYPE]), ...marks].map(({ tag }) => tag))],
  };
}

function unlabelled({ record, tags }: Image): Match | undefined {
  const { aiGenerated, digitalSourceType } = record.summary;
  if (aiGenerated !== true || digitalSourceType !== undefined) return undefined;
  return { found: "no digital source type says so", tags: matchOf(tags.find(PROMPTS))?.tags ?? [] };
}

function contradicts({ record }: Image): Match | undefined {
  const { aiGenerated, digitalSourceType = "" } = record.summary;
  return aiGenerated === true && MADE_BY_HAND.test(digitalSourceType) ? { found: digitalSourceType, tags: [SOURCE_TYPE] } : undefined;
}

function synthetic({ record, tags }: Image): Match | undefined {
  const { digitalSourceType = "" } = record.summary;
  return SYNTHETIC.test(digitalSourceType) ? { found: digitalSourceType, tags: tags.find([SOURCE_TYPE]).map(({ tag }) => tag) } : undefined;
}

function credentials({ record }: Image): Match | undefined {
  const { contentCredentials } = record.summary;
  if (contentCredentials === undefined) return undefined;
  const { claimGenerator, signer, signedAt, verified } = contentCredentials;
  const parts = [claimGenerator, signer && `signed by ${signer}`, signedAt, verified === true ? "verified" : "not verified"];
  return { found: parts.filter(Boolean).join(", "), tags: [] };
}
