/**
 * What never reaches a log, a record or an error: tokens, keys and signatures. Errors, records and logs are passed through here as
 * they are made. A secret is known by its form (below), or because the code that has it calls `keepSecret`.
 */
import { isSecretName } from "./secret-names.ts";

const HIDDEN = "…";
/** Only the newest secrets of a process are kept. */
const MAX_KEPT = 256;
/** Characters. Shorter ones would hide parts of other words. */
const MIN_LENGTH = 8;
const kept = new Set<string>();
let keptPattern: RegExp | undefined;

/** A secret that this process holds, whatever its form: it is hidden from now on. */
export function keepSecret(secret: string | null | undefined): void {
  if (!secret || secret.length < MIN_LENGTH || kept.has(secret)) return;
  kept.add(secret);
  const [oldest] = kept;
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  keptPattern = undefined;
}

/** Values that names stand before: what the name looks like, and the value up to its end. */
const NAMED_VALUES: readonly (readonly [head: RegExp, value: RegExp])[] = [
  // `name=value` in addresses, in connection strings of PostgreSQL (libpq, "Connection Strings"), and in texts.
  [/(?<=^|[?&;#\s"'(,{:=|])([\w.%[\]-]+)\s*=\s*/g, /'(?:[^'"\\]|\\[^"])*'?|(?:[^&#\s"'<>\\]|\\[^"'\s])+/y],
  // `"name": "value"`, also within another JSON text.
  [/(?<=["'])([\w.%[\]-]+)\\?["']\s*:\s*\\?["']/g, /(?:[^"'\\]|\\[^"'])+/y],
];
/** Names that never stand before anything but a secret, as in a header: without quotes too. */
const IN_HEADER =
  /(\b(?:access_token|id_token|refresh_token|client_secret|private_key|code_verifier|(?:x-)?api[-_]?key)["']?\s*:\s*["']?)[^\s"'\\,&}]+/gi;
const FORMS: readonly (readonly [pattern: RegExp, hidden: string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^"]*?(?:-----END [A-Z ]*PRIVATE KEY-----|(?=")|$)/g, HIDDEN],
  // Google's access tokens, refresh tokens, client secrets and API keys.
  [/\bya29\.[\w.-]+/g, HIDDEN],
  [/\b1\/\/0[\w-]{10,}/g, HIDDEN],
  [/\bGOCSPX-[\w-]+/g, HIDDEN],
  [/\bAIza[\w-]{30,}/g, HIDDEN],
  [/\b(Bearer\s+|authorization["']?\s*[:=]\s*["']?\w+\s+)[\w.~+/=-]{8,}/gi, `$1${HIDDEN}`],
  [IN_HEADER, `$1${HIDDEN}`],
  // The password of an address goes up to the last @ of its authority.
  [/(:\/\/[^/\s:@"']*:)[^/\s"']+@/g, `$1${HIDDEN}@`],
];

/** The text with every secret in it hidden. Secrets of a known form come first: a kept one may be part of them. */
export function redacted(text: string): string {
  let shown = text.includes(".eyJ") ? withoutWebTokens(text) : text;
  for (const [pattern, hidden] of FORMS) shown = shown.replace(pattern, hidden);
  for (const [head, value] of NAMED_VALUES) shown = withoutNamedValues(shown, head, value);
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

/** A backslash before a quote ends a value too, so that JSON in which one is hidden stays JSON. */
function withoutNamedValues(text: string, head: RegExp, value: RegExp): string {
  let shown = "";
  let from = 0;
  for (const { 0: whole, 1: name = "", index } of text.matchAll(head)) {
    value.lastIndex = index + whole.length;
    if (index < from || !isSecretName(name) || !value.test(text)) continue;
    shown += `${text.slice(from, index)}${whole}${HIDDEN}`;
    from = value.lastIndex;
  }
  return shown + text.slice(from);
}

/** JSON Web Tokens (RFC 7519): two parts that begin with `{"` in base64, and a signature, which may be empty. */
function withoutWebTokens(text: string): string {
  return text.replace(/[\w.-]+/g, (run) => {
    const [head, body] = [run.indexOf("eyJ"), run.indexOf(".eyJ")];
    return head < body && run.includes(".", body + 1) ? `${run.slice(0, head)}${HIDDEN}` : run;
  });
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
