/**
 * What never reaches a log, a record or an error: tokens, keys and signatures. Errors, records and logs are passed through here as
 * they are made. A secret is known by its form (below), or because whoever had it has said so.
 */

const HIDDEN = "…";
/** Secrets that were told of: those of one process, the newest. */
const KEPT = 256;
const LEAST_LENGTH = 8;
const kept = new Set<string>();
let keptPattern: RegExp | undefined;

/** A secret that this process holds, whatever its form: it is hidden from now on. */
export function keepSecret(secret: string | null | undefined): void {
  if (!secret || secret.length < LEAST_LENGTH || kept.has(secret)) return;
  kept.add(secret);
  const [oldest] = kept;
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  keptPattern = undefined;
}

/** Parameters of addresses that sign or authorize a request: Google's V4 and V2, Amazon's, Azure's, OAuth 2 (RFC 6749, RFC 6750). */
const PARAMETERS =
  "x-(?:goog|amz)-(?:signature|credential|security-token)|x-goog-signature|signature|sig|googleaccessid|awsaccesskeyid|" +
  "access_?token|id_?token|refresh_?token|client_?secret|code_?verifier|assertion|api_?key|password|token";
const IN_ADDRESS = new RegExp(`([?&;](?:${PARAMETERS})=)[^&#\\s"'<>]+`, "gi");
const IN_FIELDS = /(["']?(?:access_token|id_token|refresh_token|client_secret|private_key|code_verifier)["']?\s*[:=]\s*["']?)[^\s"',&}]+/gi;
const FORMS: readonly (readonly [pattern: RegExp, hidden: string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^"]*?(?:-----END [A-Z ]*PRIVATE KEY-----|(?=")|$)/g, HIDDEN],
  // JSON Web Tokens (RFC 7519); one without a signature ends in a dot.
  [/\beyJ[\w-]+\.eyJ[\w-]+\.[\w-]*/g, HIDDEN],
  // Google's access tokens, refresh tokens, client secrets and API keys.
  [/\bya29\.[\w.-]+/g, HIDDEN],
  [/\b1\/\/0[\w-]{10,}/g, HIDDEN],
  [/\bGOCSPX-[\w-]+/g, HIDDEN],
  [/\bAIza[\w-]{30,}/g, HIDDEN],
  [/\b(Bearer\s+|authorization["']?\s*[:=]\s*["']?\w+\s+)[\w.~+/=-]{8,}/gi, `$1${HIDDEN}`],
  [IN_ADDRESS, `$1${HIDDEN}`],
  [IN_FIELDS, `$1${HIDDEN}`],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^/\s:@"']*:)[^/\s@"']+@/gi, `$1${HIDDEN}@`],
];

/** The text with every secret in it hidden. Those of a known form first: one that was told of may stand within one of them. */
export function redacted(text: string): string {
  let shown = text;
  for (const [pattern, hidden] of FORMS) shown = shown.replace(pattern, hidden);
  if (kept.size === 0) return shown;
  keptPattern ??= new RegExp(
    [...kept]
      .flatMap((secret) => [secret, encodeURIComponent(secret)])
      .map(escaped)
      .join("|"),
    "g",
  );
  return shown.replace(keptPattern, HIDDEN);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** What makes an address a signed one; the rest of its query is the object's. */
const SIGNING =
  /^(?:x-(?:goog|amz)-[\w-]+|signature|expires|googleaccessid|awsaccesskeyid|sig|se|sp|sv|sr|st|spr|skoid|sktid|skt|ske|sks|skv)$/i;
const SIGNATURE = /^(?:x-(?:goog|amz)-signature|signature|sig)$/i;

/** Is it a web address that carries its own permission? */
export function isSigned(uri: string): boolean {
  return /^https?:/i.test(uri) && parametersOf(uri).some((parameter) => SIGNATURE.test(nameOf(parameter)));
}

/**
 * An address as records have it: without a signature and all that belongs to it, so that the same object, signed anew, has the
 * same address; other secrets in it are hidden.
 */
export function shownAddress(uri: string): string {
  if (!/^https?:/i.test(uri)) return uri;
  if (!isSigned(uri)) return redacted(uri);
  const [address = ""] = uri.split(/[?#]/);
  const others = parametersOf(uri).filter((parameter) => !SIGNING.test(nameOf(parameter)));
  return redacted(others.length === 0 ? address : `${address}?${others.join("&")}`);
}

function parametersOf(uri: string): readonly string[] {
  const [, query = ""] = /^[^?#]*\?([^#]*)/.exec(uri) ?? [];
  return query.split("&").filter((parameter) => parameter !== "");
}

function nameOf(parameter: string): string {
  const [name = ""] = parameter.split("=");
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
