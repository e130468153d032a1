/**
 * A file of credentials, by its `type` (google.aip.dev/auth/4110): a service account's key, a user's login by gcloud, workload or
 * workforce identity federation, impersonation. Each has its client in google-auth-library.
 */
import { readFile } from "node:fs/promises";
import type { AuthClient } from "google-auth-library";
import { ImagemetaError } from "../record/errors.ts";
import { keepSecret } from "../record/secrets.ts";
import type { Credential } from "./credential.ts";
import { impersonating, targetOf } from "./impersonation.ts";

type Fields = Readonly<Record<string, unknown>>;
type Library = typeof import("google-auth-library");
type Opened = Pick<Credential, "kind" | "principal" | "project" | "client">;

/** @param from where the file's name comes from. @throws ImagemetaError UNAUTHENTICATED where it is no file of credentials */
export async function openCredentialFile(path: string, from: string): Promise<Credential> {
  const advice = "write one with `gcloud auth application-default login`, or take a service account's key";
  let fields: Fields;
  try {
    fields = JSON.parse(await readFile(path, "utf8")) as Fields;
  } catch (thrown) {
    // A parser's message may quote the file.
    const why = thrown instanceof SyntaxError ? "it is no JSON" : (thrown as Error).message;
    throw new ImagemetaError("UNAUTHENTICATED", `${from}: ${path} cannot be read (${why}); ${advice}`, {
      reason: "CREDENTIALS_UNREADABLE",
    });
  }
  try {
    return { ...openFields(fields ?? {}), from: `${path} (${from})` };
  } catch (thrown) {
    throw new ImagemetaError(
      "UNAUTHENTICATED",
      `${from}: ${path} holds no credentials that are known: ${(thrown as Error).message}; ${advice}`,
      {
        reason: "CREDENTIALS_UNREADABLE",
      },
    );
  }
}

function openFields(fields: Fields): Opened {
  for (const secret of ["private_key", "refresh_token", "client_secret"]) keepSecret(textIn(fields, secret));
  const open = OPENERS[String(fields.type)];
  if (open === undefined)
    throw new Error(
      `its type is ${fields.type === undefined ? "missing" : String(fields.type)}, known are ${Object.keys(OPENERS).join(", ")}`,
    );
  const project = textIn(fields, "project_id") ?? textIn(fields, "quota_project_id");
  return { ...open(fields), ...(project === undefined ? {} : { project }) };
}

const OPENERS: Readonly<Record<string, (fields: Fields) => Opened>> = {
  service_account: (fields) => ({
    kind: "service account key",
    principal: needed(fields, "client_email"),
    client: withLibrary(
      { email: needed(fields, "client_email"), key: needed(fields, "private_key") },
      ({ JWT }, { email, key }, scopes) => new JWT({ email, key, scopes: [...scopes] }),
    ),
  }),
  authorized_user: (fields) => ({
    kind: "user, signed in with gcloud",
    client: withLibrary(
      {
        clientId: needed(fields, "client_id"),
        clientSecret: needed(fields, "client_secret"),
        refreshToken: needed(fields, "refresh_token"),
      },
      ({ UserRefreshClient }, options) => new UserRefreshClient(options),
    ),
  }),
  external_account: (fields) => {
    const { environment_id: environment, executable } = (fields.credential_source ?? {}) as Fields;
    needed(fields, "audience");
    return {
      kind: "workload identity federation",
      principal: targetOf(textIn(fields, "service_account_impersonation_url")) ?? needed(fields, "audience"),
      client: withLibrary(fields, ({ AwsClient, PluggableAuthClient, IdentityPoolClient }, options, scopes) => {
        const Client = environment !== undefined ? AwsClient : executable !== undefined ? PluggableAuthClient : IdentityPoolClient;
        return new Client({ ...options, scopes: [...scopes] } as never);
      }),
    };
  },
  external_account_authorized_user: (fields) => ({
    kind: "workforce identity federation",
    principal: needed(fields, "audience"),
    client: withLibrary(
      fields,
      ({ ExternalAccountAuthorizedUserClient }, options) => new ExternalAccountAuthorizedUserClient(options as never),
    ),
  }),
  impersonated_service_account: (fields) => {
    const url = needed(fields, "service_account_impersonation_url");
    const source = openFields((fields.source_credentials ?? {}) as Fields);
    const principal = targetOf(url);
    if (principal === undefined) throw new Error("its service_account_impersonation_url names no service account");
    return {
      kind: `impersonation by ${source.principal ?? source.kind}`,
      principal,
      client: impersonating(source, url, Array.isArray(fields.delegates) ? fields.delegates.map(String) : []),
    };
  },
};

/** The library is loaded when a token is wanted. */
function withLibrary<Options>(options: Options, open: (library: Library, options: Options, scopes: readonly string[]) => AuthClient) {
  return async (scopes: readonly string[]) => open(await import("google-auth-library"), options, scopes);
}

function textIn(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function needed(fields: Fields, name: string): string {
  const value = textIn(fields, name);
  if (value === undefined) throw new Error(`it has no ${name}`);
  return value;
}
