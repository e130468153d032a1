/** Where credentials may be: resolved once from the environment and the command line, and plain enough to be sent to another process. */
import { homedir } from "node:os";
import { join } from "node:path";

export interface CredentialOptions {
  /** A file of credentials that comes before all others, or `none` for anonymous requests. */
  readonly file?: string;
  /** The service account to act as, with whatever credentials are found; before it, separated by commas, those that it goes through. */
  readonly impersonate?: string;
  /** What GOOGLE_APPLICATION_CREDENTIALS names. */
  readonly environmentFile?: string;
  /** What `gcloud auth application-default login` writes, and the folder of gcloud's settings. */
  readonly gcloudFolder?: string;
  /** How the metadata server is looked for. Default `look`. */
  readonly metadata?: "look" | "assume" | "never";
  /** `host:port` of the metadata server where it is another one. */
  readonly metadataHost?: string;
  /** The file of the user's own login. */
  readonly loginFile?: string;
  /** Another address of the IAM Service Account Credentials API, such as a private one. */
  readonly iamEndpoint?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment says, to Google's libraries and to imagemeta. */
export function environmentCredentials(environment: Environment): CredentialOptions {
  const { GOOGLE_APPLICATION_CREDENTIALS, METADATA_SERVER_DETECTION, GCE_METADATA_HOST, GCE_METADATA_IP } = environment;
  const gcloudFolder = gcloudFolderOf(environment);
  const loginFile = loginFileOf(environment);
  const metadataHost = GCE_METADATA_HOST || GCE_METADATA_IP;
  return {
    ...(GOOGLE_APPLICATION_CREDENTIALS ? { environmentFile: GOOGLE_APPLICATION_CREDENTIALS } : {}),
    ...(gcloudFolder === undefined ? {} : { gcloudFolder }),
    ...(metadataHost ? { metadataHost } : {}),
    metadata: DETECTION[METADATA_SERVER_DETECTION?.trim().toLowerCase() ?? ""] ?? "look",
    ...(loginFile === undefined ? {} : { loginFile }),
  };
}

/** The values that Google's libraries know of METADATA_SERVER_DETECTION. */
const DETECTION: Readonly<Record<string, NonNullable<CredentialOptions["metadata"]>>> = { none: "never", "assume-present": "assume" };

function gcloudFolderOf({ CLOUDSDK_CONFIG, APPDATA, HOME }: Environment): string | undefined {
  if (CLOUDSDK_CONFIG) return CLOUDSDK_CONFIG;
  if (process.platform === "win32") return APPDATA ? join(APPDATA, "gcloud") : undefined;
  return HOME ? join(HOME, ".config", "gcloud") : undefined;
}

/** The user's configuration folder: XDG_CONFIG_HOME (XDG Base Directory Specification), or the platform's. */
function loginFileOf({ XDG_CONFIG_HOME, APPDATA, HOME }: Environment): string | undefined {
  const folder = XDG_CONFIG_HOME || (process.platform === "win32" ? APPDATA : configurationIn(HOME || homeOfUser()));
  return folder ? join(folder, "imagemeta", "login.json") : undefined;
}

function configurationIn(home: string | undefined): string | undefined {
  if (home === undefined) return undefined;
  return process.platform === "darwin" ? join(home, "Library/Application Support") : join(home, ".config");
}

/** Undefined for a user without an entry in the system's list, as containers are run with. */
function homeOfUser(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}
