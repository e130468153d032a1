/** Which credentials are taken: the first that is there, in the order that docs/access.md tells. */
import { access } from "node:fs/promises";
import { join } from "node:path";
import { ImagemetaError } from "../record/errors.ts";
import type { Credential } from "./credential.ts";
import { openCredentialFile } from "./credential-file.ts";
import { impersonating, tokenAddress } from "./impersonation.ts";
import { loginCredential } from "./login-file.ts";
import { openMetadataServer } from "./metadata-server.ts";
import type { CredentialOptions } from "./options.ts";

/** How `--credentials` says that there are to be none. */
const NONE = "none";

/** Undefined where there are none: requests go anonymously. @throws ImagemetaError UNAUTHENTICATED where what is named cannot be used */
export async function findCredential(options: CredentialOptions): Promise<Credential | undefined> {
  const found = options.file === NONE ? undefined : await first(options);
  const { impersonate } = options;
  if (impersonate === undefined) return found;
  if (found === undefined)
    throw new ImagemetaError(
      "UNAUTHENTICATED",
      `there are no credentials by which to act as ${impersonate}: run imagemeta login --allow impersonation, or give --credentials FILE`,
      {
        reason: "NOT_LOGGED_IN",
      },
    );
  const chain = impersonate.split(",").map((email) => email.trim());
  const principal = chain.at(-1) ?? "";
  const { project } = found;
  return {
    kind: `impersonation by ${found.principal ?? found.kind}`,
    from: `--impersonate-service-account, and ${found.from}`,
    principal,
    ...(project === undefined ? {} : { project }),
    client: impersonating(found, tokenAddress(principal, options.iamEndpoint), chain.slice(0, -1)),
  };
}

async function first(options: CredentialOptions): Promise<Credential | undefined> {
  const { file, environmentFile, gcloudFolder, loginFile } = options;
  if (file !== undefined) return openCredentialFile(file, "--credentials");
  if (environmentFile !== undefined) return openCredentialFile(environmentFile, "GOOGLE_APPLICATION_CREDENTIALS");
  const gcloudFile = gcloudFolder === undefined ? undefined : join(gcloudFolder, "application_default_credentials.json");
  if (gcloudFile !== undefined && (await isThere(gcloudFile)))
    return openCredentialFile(gcloudFile, "gcloud auth application-default login");
  return (await openMetadataServer(options)) ?? (loginFile === undefined ? undefined : loginCredential(loginFile));
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
