/**
 * The metadata server of Compute Engine, Cloud Run, GKE and the like (cloud.google.com/compute/docs/metadata): the service account
 * that this machine runs as. It is looked for here, because google-auth-library warns on stderr where there is none.
 */
import type { Credential } from "./credential.ts";
import type { CredentialOptions } from "./options.ts";

const HOSTS = ["metadata.google.internal", "169.254.169.254"];
/** Milliseconds in which it answers where it is. */
const PATIENCE = 3000;
const FLAVOR = ["metadata-flavor", "Google"] as const;

/** Undefined where there is none. */
export async function openMetadataServer({ metadata = "look", metadataHost }: CredentialOptions): Promise<Credential | undefined> {
  if (metadata === "never") return undefined;
  const library = await import("google-auth-library");
  const { gcpMetadata, Compute } = library;
  const isThere =
    metadata === "assume" || gcpMetadata.getGCPResidency() || (await answers(metadataHost === undefined ? HOSTS : [metadataHost]));
  if (!isThere) return undefined;
  const [principal, project] = await Promise.all(
    [gcpMetadata.instance("service-accounts/default/email"), gcpMetadata.project("project-id")].map((asked) =>
      asked.then(String).catch(() => undefined),
    ),
  );
  return {
    kind: "service account of this machine",
    from: "the metadata server",
    ...(principal === undefined ? {} : { principal }),
    ...(project === undefined ? {} : { project }),
    client: async (scopes) => new Compute({ scopes: [...scopes] }),
  };
}

async function answers(hosts: readonly string[]): Promise<boolean> {
  const signal = AbortSignal.timeout(PATIENCE);
  const ask = async (host: string) => {
    const { headers } = await fetch(`http://${host}/computeMetadata/v1/instance`, { headers: [[...FLAVOR]], signal, redirect: "error" });
    if (headers.get(FLAVOR[0]) !== FLAVOR[1]) throw new Error(`${host} is no metadata server`);
  };
  return Promise.any(hosts.map(ask)).then(
    () => true,
    () => false,
  );
}
