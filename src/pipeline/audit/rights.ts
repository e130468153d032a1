/**
 * Who holds the rights, and what may be done: IPTC Photo Metadata Standard 2023.2, PLUS License Data Format 2.0.1.
 * Where Exif, IPTC and XMP say the same thing they must say it alike (Metadata Working Group guidance 2.0 §5).
 */
import type { TagValue } from "../../record/types.ts";
import type { Image, Rule } from "./rule.ts";
import { anyOf, type Match, matchOf, shown, type TagIndex, textOf } from "./tag-index.ts";

const COPYRIGHT = ["IFD0:Copyright", "IPTC:CopyrightNotice", "XMP-dc:Rights"] as const;
const OTHER_COPYRIGHT = ["XMP-tiff:Copyright", "PNG:Copyright", "XMP-plus:CopyrightOwner", "XMP-xmpRights:Owner"];
const CREATOR = ["IFD0:Artist", "IPTC:By-line", "XMP-dc:Creator"] as const;

const release = (letters: "MR" | "PR", printed: RegExp) => new RegExp(`(?:^|/)${letters}-(?:NON|L[MP]R)$|${printed.source}`);
const NO_MODEL_RELEASE = release("MR", /^(?:None|Limited or Incomplete Model Releases)$/);
const NO_PROPERTY_RELEASE = release("PR", /^(?:None|Limited or Incomplete Property Releases)$/);
const PROHIBITED = /PROHIBITED|^Prohibited/;

export const rights: readonly Rule[] = [
  {
    id: "no-copyright",
    topic: "rights",
    severity: "medium",
    title: "no copyright",
    find: ({ record, tags }) =>
      record.summary.copyright === undefined && tags.find([...COPYRIGHT, ...OTHER_COPYRIGHT]).length === 0
        ? missing("no tag says who holds the copyright")
        : undefined,
  },
  {
    id: "no-creator",
    topic: "rights",
    severity: "low",
    title: "no creator",
    find: ({ record }) => (record.summary.creators === undefined ? missing("no tag says who made it") : undefined),
  },
  {
    id: "no-credit",
    topic: "rights",
    severity: "low",
    title: "no credit line",
    find: ({ record }) => (record.summary.credit === undefined ? missing("no tag has a credit line") : undefined),
  },
  { id: "copyright-differs", topic: "rights", severity: "medium", title: "copyrights that contradict each other", find: copyrightDiffers },
  { id: "creator-differs", topic: "rights", severity: "medium", title: "creators that contradict each other", find: creatorDiffers },
  {
    id: "model-release",
    topic: "rights",
    severity: "medium",
    title: "no full model release",
    find: statusOf("XMP-plus:ModelReleaseStatus", NO_MODEL_RELEASE),
  },
  {
    id: "property-release",
    topic: "rights",
    severity: "medium",
    title: "no full property release",
    find: statusOf("XMP-plus:PropertyReleaseStatus", NO_PROPERTY_RELEASE),
  },
  { id: "people-unreleased", topic: "rights", severity: "medium", title: "named people and no word of a release", find: unreleased },
  {
    id: "data-mining",
    topic: "rights",
    severity: "info",
    title: "prohibited data mining",
    find: statusOf("XMP-plus:DataMining", PROHIBITED),
  },
  {
    id: "licence",
    topic: "rights",
    severity: "info",
    title: "a licence, or who gives one",
    find: anyOf([
      "XMP-xmpRights:WebStatement",
      "XMP-xmpRights:UsageTerms",
      "XMP-cc:License",
      "XMP-plus:TermsAndConditionsURL",
      "*:LicensorURL",
    ]),
  },
];

const missing = (found: string): Match => ({ found, tags: [] });

function statusOf(tag: string, says: RegExp): (image: Image) => Match | undefined {
  return ({ tags }) => {
    // "None" is an answer here, where elsewhere it is none.
    const value = tags.raw(tag);
    return typeof value === "string" && says.test(value) ? { found: shown(value), tags: [tag] } : undefined;
  };
}

function unreleased({ tags }: Image): Match | undefined {
  if (tags.raw("XMP-plus:ModelReleaseStatus") !== undefined) return undefined;
  return matchOf(tags.find(["XMP-iptcExt:PersonInImage", "XMP-iptcExt:PersonInImageWDetails", "*:PersonDisplayName"]));
}

/** A notice without what is written in many ways: the sign, the word, spaces, case, a full stop. */
function noticeOf(value: TagValue): string {
  return plain(value)
    .replace(/copyright|\(c\)|©/g, "")
    .replace(/^[\s,.:;-]+|[\s,.:;-]+$/g, "");
}

/** IIM 4.2 cuts a notice at 128 bytes and a name at 32: what is cut contradicts nothing. */
const NOTICE_BYTES = 128;
const NAME_BYTES = 32;

function copyrightDiffers({ tags }: Image): Match | undefined {
  const [exif, iptc, xmp] = COPYRIGHT.map((tag) => said(tags, tag, noticeOf, NOTICE_BYTES));
  const stated = [exif, iptc, xmp].filter((one) => one !== undefined);
  const free = tags.raw("XMP-xmpRights:Marked");
  if (stated.length > 0 && (free === false || free === "False"))
    return { found: `marked as free of rights, and: ${stated[0]?.shown}`, tags: ["XMP-xmpRights:Marked", ...stated.map(({ tag }) => tag)] };
  return differing(stated, (a, b) => a === b);
}

function creatorDiffers({ tags }: Image): Match | undefined {
  const stated = CREATOR.map((tag) => said(tags, tag, plain, NAME_BYTES)).filter((one) => one !== undefined);
  // Several names are a list in IPTC and XMP, one text in Exif.
  const names = (text: string) =>
    text
      .split(/[;,]|\band\b|&/)
      .map((name) => name.trim())
      .sort()
      .join(";");
  return differing(stated, (a, b) => names(a) === names(b));
}

interface Said {
  readonly tag: string;
  readonly shown: string;
  readonly text: string;
  /** It was cut where IPTC ends a text. */
  readonly isCut: boolean;
}

function said(tags: TagIndex, tag: string, read: (value: TagValue) => string, limit: number): Said | undefined {
  const value = tags.get(tag);
  if (value === undefined) return undefined;
  const text = read(value);
  if (text === "") return undefined;
  const longest = Math.max(
    0,
    ...(Array.isArray(value) ? value : [value]).map((one) => (typeof one === "string" ? Buffer.byteLength(one) : 0)),
  );
  return { tag, shown: shown(value), text, isCut: tag.startsWith("IPTC:") && longest > limit - 4 };
}

function differing(stated: readonly Said[], same: (a: string, b: string) => boolean): Match | undefined {
  const alike = (a: Said, b: Said) =>
    same(a.text, b.text) || (a.isCut && b.text.startsWith(a.text)) || (b.isCut && a.text.startsWith(b.text));
  const differ = stated.some((a, i) => stated.slice(i + 1).some((b) => !alike(a, b)));
  if (!differ) return undefined;
  return { found: stated.map(({ tag, shown: text }) => `${tag}: ${text}`).join("; "), tags: stated.map(({ tag }) => tag) };
}

function plain(value: TagValue): string {
  const text = Array.isArray(value) ? value.map(textOf).join(";") : textOf(value);
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}
