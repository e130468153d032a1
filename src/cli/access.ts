/** With which credentials a command works: its options, and what the environment says. */
import { type CredentialOptions, environmentCredentials } from "../auth/options.ts";
import { environmentOptions, type StorageOptions } from "../storage/options.ts";

export interface AccessOptions {
  readonly credentials?: string;
  readonly impersonateServiceAccount?: string;
}

export function credentialsOf({ credentials, impersonateServiceAccount }: AccessOptions): CredentialOptions {
  return {
    ...environmentCredentials(process.env),
    ...(credentials === undefined ? {} : { file: credentials }),
    ...(impersonateServiceAccount === undefined ? {} : { impersonate: impersonateServiceAccount }),
  };
}

/** What a command says of all storages. */
export function storageOptionsOf(options: AccessOptions & { readonly userProject?: string }): StorageOptions {
  const { userProject } = options;
  return { ...environmentOptions(process.env), credentials: credentialsOf(options), ...(userProject === undefined ? {} : { userProject }) };
}
