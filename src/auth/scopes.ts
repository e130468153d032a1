/** OAuth 2.0 scopes (developers.google.com/identity/protocols/oauth2/scopes), the least that each kind of work takes. */
const GOOGLE = "https://www.googleapis.com/auth/";

export const READ = `${GOOGLE}devstorage.read_only`;
/** Notification configurations, markers, grants. */
export const CONTROL = `${GOOGLE}devstorage.full_control`;
export const PUBSUB = `${GOOGLE}pubsub`;
export const FIRESTORE = `${GOOGLE}datastore`;
export const MONITORING = `${GOOGLE}monitoring.read`;
/** What it takes to act as a service account. */
export const PLATFORM = `${GOOGLE}cloud-platform`;

/** What `imagemeta login --allow` takes, each by a word. */
export const ALLOWED: Readonly<Record<string, string>> = {
  read: READ,
  setup: CONTROL,
  pubsub: PUBSUB,
  firestore: FIRESTORE,
  monitoring: MONITORING,
  impersonation: PLATFORM,
};

/** Who the user is: in the answer to a login. */
export const IDENTITY: readonly string[] = ["openid", "email"];

const LARGER: Readonly<Record<string, readonly string[]>> = { [READ]: [`${GOOGLE}devstorage.read_write`, CONTROL] };

/** Does what was granted hold what is needed? */
export function isGranted(needed: string, granted: readonly string[]): boolean {
  return [needed, PLATFORM, ...(LARGER[needed] ?? [])].some((scope) => granted.includes(scope));
}

/** The words of `--allow` for scopes. */
export function allowedWords(scopes: readonly string[]): readonly string[] {
  return Object.keys(ALLOWED).filter((word) => scopes.includes(ALLOWED[word] ?? ""));
}
