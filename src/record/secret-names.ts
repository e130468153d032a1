/** Names of parameters and fields whose values are secrets: of OAuth 2 (RFC 6749, RFC 6750), signed addresses, databases and APIs. */

/** Whole words of a name, at its end: `x-api-key` and `db.pwd`, and not `author` or `auth_type`. */
const WORDS = [
  "auth",
  "oauth",
  "authorization",
  "session",
  "(?:j|php)?sess(?:ion)?-?(?:id|key)",
  "sig",
  "signature",
  "credentials?",
  "assertion",
  "jwt",
  "pass",
  "(?:api|access|secret|private|auth|account|subscription|shared|signing)-?key",
  "code-?verifier",
  "google-?access-?id",
  "aws-?access-?key-?id",
].join("|");
/** Ends of a name that say it whatever stands before them: `sslpassword`, `authtoken`. */
const ENDS = "password|passwd|passphrase|pwd|secret|token";
const SECRET = new RegExp(`(?:^|-)(?:${WORDS})$|(?:${ENDS})$`);
/** Tokens of listings, which say where to go on. */
const PLACE = /(?:page|next|sync|continuation)-?token$/;

/** @param name as it stands in an address or a text: percent-encoded or not, of any case and with any separators */
export function isSecretName(name: string): boolean {
  const words = decoded(name)
    .replace(/([a-z\d])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z\d]+/g, "-")
    .replace(/-$/, "");
  return SECRET.test(words) && !PLACE.test(words);
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
