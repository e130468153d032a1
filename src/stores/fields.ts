/** The fields of a record by name, for those who ask for one: every field of src/record/types.ts, and what lies below it. */
import type { ContentCredentials, ImageRecord, ObjectInfo, ReadRecord, Summary, Thumbnail } from "../record/types.ts";

/** What lies below a field: nothing, fields of these names, or names that are not known ahead. */
type Below = null | "any" | { readonly [field: string]: Below };

const object = {
  bucket: null,
  name: null,
  generation: null,
  metageneration: null,
  size: null,
  contentType: null,
  contentEncoding: null,
  md5: null,
  crc32c: null,
  etag: null,
  timeCreated: null,
  updated: null,
  storageClass: null,
  metadata: "any",
} as const satisfies Record<keyof ObjectInfo, Below>;

const contentCredentials = {
  claimGenerator: null,
  title: null,
  actions: null,
  signer: null,
  signedAt: null,
  verified: null,
} as const satisfies Record<keyof ContentCredentials, Below>;

const summary = {
  takenAt: null,
  takenAtUtc: null,
  takenAtOffsetFrom: null,
  modifiedAt: null,
  make: null,
  model: null,
  serialNumber: null,
  lens: null,
  lensSerialNumber: null,
  software: null,
  exposureTime: null,
  fNumber: null,
  iso: null,
  focalLength: null,
  focalLength35mm: null,
  exposureBias: null,
  flashFired: null,
  latitude: null,
  longitude: null,
  altitude: null,
  direction: null,
  title: null,
  description: null,
  credit: null,
  copyright: null,
  city: null,
  state: null,
  country: null,
  creators: null,
  keywords: null,
  rating: null,
  colorSpace: null,
  colorProfile: null,
  bitsPerSample: null,
  channels: null,
  hasAlpha: null,
  animated: null,
  frames: null,
  digitalSourceType: null,
  aiGenerated: null,
  contentCredentials,
} as const satisfies Record<keyof Summary, Below>;

const RECORD: Readonly<Record<string, Below>> = {
  schema: null,
  engine: null,
  values: null,
  uri: null,
  object,
  format: null,
  mimeType: null,
  width: null,
  height: null,
  orientation: null,
  summary,
  tags: "any",
  thumbnail: { offset: null, length: null, mimeType: null } satisfies Record<keyof Thumbnail, Below>,
  warnings: null,
  read: { requests: null, bytes: null } satisfies Record<keyof ImageRecord["read"], Below>,
  error: { code: null, message: null },
} satisfies Record<keyof ReadRecord, Below>;

/** The fields of `summary`, in the order of a table's columns. */
export const SUMMARY_FIELDS = Object.keys(summary) as readonly (keyof Summary)[];

/** What is wrong with a path, and what to write instead; undefined where a record may hold it. */
export function expectField(path: readonly string[]): string | undefined {
  let below: Below = RECORD;
  for (const [depth, part] of path.entries()) {
    if (below === "any") return undefined;
    if (below === null) return `${path.slice(0, depth).join(".")} has no field ${part}`;
    const next: Below | undefined = Object.hasOwn(below, part) ? below[part] : undefined;
    if (next === undefined) return unknown(path.slice(0, depth), part, below);
    below = next;
  }
  return undefined;
}

function unknown(holder: readonly string[], part: string, fields: { readonly [field: string]: Below }): string {
  const names = Object.keys(fields);
  const meant = sameName(names, part);
  if (holder.length > 0) {
    const name = holder.join(".");
    return `${name} has no field ${part}: ${meant === undefined ? `it has ${names.join(", ")}` : `write ${name}.${meant}`}`;
  }
  const path = meant ?? pathTo(part);
  return `a record has no field ${part}: ${path === undefined ? `it has ${names.join(", ")}; tags are written tags.IFD0.Make` : `write ${path}`}`;
}

/** Where a field stands that was written without its holder. */
function pathTo(part: string): string | undefined {
  for (const [holder, fields] of Object.entries({ summary, object })) {
    const name = sameName(Object.keys(fields), part);
    if (name !== undefined) return `${holder}.${name}`;
  }
  return undefined;
}

function sameName(names: readonly string[], written: string): string | undefined {
  return names.find((name) => name.toLowerCase() === written.toLowerCase());
}
