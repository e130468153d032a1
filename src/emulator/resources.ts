// The JSON API's representations of a bucket and of an object.
// Google Cloud Storage JSON API v1, "Buckets" and "Objects": 64-bit integers are strings, times are RFC 3339.
import type { Bucket } from "./bucket.ts";
import type { Version } from "./journal.ts";

const time = (ms: number): string => new Date(ms).toISOString();

/** An object's address below `/storage/v1` or `/download/storage/v1`. */
const objectPath = (bucket: string, name: string): string => `/storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(name)}`;

/** The object resource. Checksums are in it if the version has them. */
export function objectResource(bucket: Bucket, version: Version, base: string): Record<string, unknown> {
  const path = objectPath(bucket.name, version.name);
  const created = time(version.timeCreated);
  return {
    kind: "storage#object",
    id: `${bucket.name}/${version.name}/${version.generation}`,
    selfLink: `${base}${path}`,
    mediaLink: `${base}/download${path}?generation=${version.generation}&alt=media`,
    name: version.name,
    bucket: bucket.name,
    generation: String(version.generation),
    metageneration: String(version.metageneration),
    storageClass: "STANDARD",
    size: String(version.size),
    ...(version.md5 === undefined ? {} : { md5Hash: version.md5 }),
    ...version.fields,
    ...(version.crc32c === undefined ? {} : { crc32c: version.crc32c }),
    ...(version.componentCount === undefined ? {} : { componentCount: version.componentCount }),
    etag: etagOf(version),
    timeCreated: created,
    updated: time(version.updated),
    timeStorageClassUpdated: created,
    timeFinalized: created,
  };
}

/** The JSON API's entity tag: generation and metageneration as a protocol buffer message in base64. */
export function etagOf(version: Version): string {
  return Buffer.from([0x08, ...variableLength(version.generation), 0x10, ...variableLength(version.metageneration)]).toString("base64");
}

function variableLength(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7f; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) | 0x80);
  bytes.push(left);
  return bytes;
}

/** The bucket resource. */
export function bucketResource(bucket: Bucket, base: string): Record<string, unknown> {
  const created = time(bucket.timeCreated);
  return {
    kind: "storage#bucket",
    selfLink: `${base}/storage/v1/b/${encodeURIComponent(bucket.name)}`,
    id: bucket.name,
    name: bucket.name,
    projectNumber: "0",
    generation: String(Math.floor(bucket.timeCreated * 1000)),
    metageneration: "1",
    location: "US",
    storageClass: "STANDARD",
    etag: "CAE=",
    timeCreated: created,
    updated: created,
    iamConfiguration: {
      bucketPolicyOnly: { enabled: true },
      uniformBucketLevelAccess: { enabled: true },
      publicAccessPrevention: "inherited",
    },
    locationType: "multi-region",
    rpo: "DEFAULT",
  };
}

/** What gcloud asks before it removes folders: this bucket has a flat namespace. */
export const storageLayout = (bucket: Bucket): object => ({
  kind: "storage#storageLayout",
  bucket: bucket.name,
  location: "US",
  locationType: "multi-region",
  hierarchicalNamespace: { enabled: false },
});
