/** Says which credentials are taken, and what they may do. */
import { type Identity, identityOf } from "../auth/identity.ts";
import { ImagemetaError } from "../record/errors.ts";
import { safeJson, visibly } from "../record/visible.ts";
import { BucketControl } from "../storage/gcs/bucket-control.ts";
import { credentialsOf } from "./access.ts";
import { bucketName } from "./bucket-name.ts";
import type { Outcome } from "./outcome.ts";
import type { Unknown } from "./pipeline-status.ts";
import type { WhoamiCommandOptions } from "./whoami-options.ts";

/** What each permission is for. */
const PERMISSIONS: Readonly<Record<string, string>> = {
  "storage.objects.get": "read images",
  "storage.objects.list": "list them",
  "storage.buckets.get": "look at the bucket and its notifications",
  "storage.buckets.update": "connect and pause it",
  "storage.objects.create": "write the marker of recover",
  "storage.objects.delete": "remove it",
};

interface Allowed {
  readonly bucket: string;
  readonly permissions: Readonly<Record<string, boolean>> | Unknown;
}

/** Sets the exit code: 1 where there are no credentials, or none that are good. */
export async function runWhoami(word: string | undefined, options: WhoamiCommandOptions, outcome: Outcome): Promise<void> {
  const bucket = word === undefined ? undefined : bucketName(word);
  const identity = await identityOf(credentialsOf(options));
  const allowed = bucket === undefined ? undefined : await allowedOn(bucket, options);
  if (identity.from === undefined || identity.refusal !== undefined) outcome.exitCode = 1;
  const said = { ...identity, ...allowed };
  process.stdout.write(options.format === "json" ? `${safeJson(said, 2)}\n` : table(identity, allowed));
}

async function allowedOn(bucket: string, options: WhoamiCommandOptions): Promise<Allowed> {
  const names = Object.keys(PERMISSIONS);
  try {
    const control = await BucketControl.open(bucket, {
      project: undefined,
      userProject: options.userProject,
      credentials: credentialsOf(options),
      forReading: true,
    });
    const permitted = await control.permitted(names);
    return { bucket, permissions: Object.fromEntries(names.map((name) => [name, permitted.includes(name)])) };
  } catch (thrown) {
    if (!(thrown instanceof ImagemetaError)) throw thrown;
    return { bucket, permissions: { unknown: `${thrown.code}: ${thrown.message}` } };
  }
}

function table({ credentials, from, principal, project, scopes, until, refusal }: Identity, allowed: Allowed | undefined): string {
  const rows: (readonly [string, string | undefined])[] = [
    ["credentials", credentials],
    ["from", from],
    ["principal", principal],
    ["project", project],
    ["scopes", scopes?.join(" ")],
    ["token", refusal === undefined ? until && `good until ${until}` : `${refusal.code}: ${refusal.message}`],
    ...permissionRows(allowed),
  ];
  return rows
    .filter(([, value]) => value !== undefined)
    .map(([name, value = ""]) => `${name.padEnd(24)}${visibly(value)}\n`)
    .join("");
}

function permissionRows(allowed: Allowed | undefined): (readonly [string, string])[] {
  if (allowed === undefined) return [];
  const { bucket, permissions } = allowed;
  const head = ["bucket", `gs://${bucket}`] as const;
  if (typeof permissions.unknown === "string") return [head, ["permissions", permissions.unknown]];
  return [
    head,
    ...Object.entries(permissions).map(([name, isAllowed]) => [name, `${isAllowed ? "yes" : "no "}  ${PERMISSIONS[name]}`] as const),
  ];
}
