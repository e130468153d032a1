/** What is wrong with the file itself. */
import type { ErrorCode, FailedRecord, WarningCode } from "../../record/types.ts";
import type { Image, Rule } from "./rule.ts";
import type { Match } from "./tag-index.ts";

/** Errors after which nothing is known about the image: it was not reached, or reading it was given up. It may hide what rules look for. */
const NOT_LOOKED_AT: ReadonlySet<ErrorCode> = new Set([
  "NOT_FOUND",
  "FORBIDDEN",
  "UNAUTHENTICATED",
  "CHANGED",
  "UNAVAILABLE",
  "LIMIT_EXCEEDED",
  "INTERNAL",
]);

/** Whether a record tells nothing of its image, so that no rule can judge it. */
export function isUnseen(record: FailedRecord): boolean {
  return NOT_LOOKED_AT.has(record.error.code);
}

export const broken: readonly Rule[] = [
  {
    id: "unreadable",
    topic: "broken",
    severity: "high",
    title: "content that is no readable image",
    findFailed: (record) => failure(record, !isUnseen(record) && !isUnsupported(record)),
  },
  {
    id: "unsupported",
    topic: "broken",
    severity: "medium",
    title: "a format that is not read yet, so that nothing is known of it",
    findFailed: (record) => failure(record, isUnsupported(record)),
  },
  {
    id: "unseen",
    topic: "broken",
    severity: "high",
    title: "an error or a limit, so that nothing is known of it",
    findFailed: (record) => failure(record, isUnseen(record)),
  },
  { id: "truncated", topic: "broken", severity: "high", title: "an end before their end", find: warned("TRUNCATED") },
  { id: "damaged", topic: "broken", severity: "medium", title: "bytes that break the rules of their format", find: warned("MALFORMED") },
  { id: "incomplete", topic: "broken", severity: "low", title: "parts that were not read", find: warned("LIMIT_EXCEEDED", "NOT_READ") },
  { id: "implausible", topic: "broken", severity: "low", title: "values that cannot be meant", find: warned("IMPLAUSIBLE") },
  { id: "wrong-type", topic: "broken", severity: "low", title: "a name or type of another format", find: wrongType },
];

function isUnsupported({ error }: FailedRecord): boolean {
  return error.code === "UNSUPPORTED_FORMAT";
}

function failure({ error }: FailedRecord, isFound: boolean): Match | undefined {
  return isFound ? { found: `${error.code}: ${error.message}`, tags: [] } : undefined;
}

function warned(...codes: readonly WarningCode[]): (image: Image) => Match | undefined {
  return ({ record }) => {
    const warnings = record.warnings.filter(({ code }) => codes.includes(code));
    const [first] = warnings;
    if (first === undefined) return undefined;
    return { found: warnings.length === 1 ? first.message : `${first.message} (and ${warnings.length - 1} more)`, tags: [] };
  };
}

/** Endings and types by the family of formats that they stand for; others say nothing. */
const FAMILIES: readonly (readonly [family: string, endings: readonly string[], types: RegExp])[] = [
  ["JPEG", ["jpg", "jpeg", "jpe", "jfif"], /^image\/p?jpe?g$/],
  ["PNG", ["png", "apng"], /^image\/(x-)?a?png$/],
  ["GIF", ["gif"], /^image\/gif$/],
  ["WebP", ["webp"], /^image\/webp$/],
  ["TIFF", ["tif", "tiff"], /^image\/(tiff|tif|x-tiff)$/],
  ["HEIF", ["heic", "heif", "hif"], /^image\/hei[cf](-sequence)?$/],
  ["AVIF", ["avif"], /^image\/avif(-sequence)?$/],
  ["BMP", ["bmp", "dib"], /^image\/(x-)?(ms-)?bmp$/],
];

const familyOfType = (type: string | undefined) => FAMILIES.find(([, , types]) => types.test(type?.toLowerCase() ?? ""))?.[0];

function wrongType({ record }: Image): Match | undefined {
  const { mimeType, object, uri } = record;
  const family = familyOfType(mimeType);
  const type = familyOfType(object.contentType);
  const name = object.name ?? uri;
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  const named = FAMILIES.find(([, endings]) => endings.includes(ending))?.[0];
  if (family === undefined) return undefined;
  const wrong = [
    ...(type !== undefined && type !== family ? [`the type ${object.contentType}`] : []),
    ...(named !== undefined && named !== family ? [`the ending .${ending}`] : []),
  ];
  return wrong.length === 0 ? undefined : { found: `${mimeType} under ${wrong.join(" and ")}`, tags: [] };
}
