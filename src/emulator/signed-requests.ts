// Requests that carry their own permission: V4 signing by query parameters with an RSA key.
// Google Cloud Storage, "V4 signing process with your own program", "Canonical requests", "Signatures".
import { createHash, createPublicKey, verify } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { expiredSignature, malformedSignature, signatureMismatch, unknownSigner } from "./failures.ts";

/** Public keys in PEM by the address of the service account that signs with them. */
export type Signers = ReadonlyMap<string, string>;

const ALGORITHM = "GOOG4-RSA-SHA256";
const LONGEST = 7 * 86_400;
/** Milliseconds by which clocks may differ. */
const SKEW = 15 * 60_000;

/** The account and public key of a service account's key file. Throws where it is none. */
export function signerOf(keyFile: string): readonly [email: string, publicKey: string] {
  const { client_email, private_key } = JSON.parse(keyFile) as { readonly client_email?: unknown; readonly private_key?: unknown };
  if (typeof client_email !== "string" || typeof private_key !== "string") throw new Error("it is no key of a service account");
  return [client_email, createPublicKey(private_key).export({ type: "spki", format: "pem" }).toString()];
}

/** Throws a `Refusal` where a request is signed and the signature is not good. One that is not signed is let through. @param path as it was sent */
export function checkSignature(request: IncomingMessage, path: string, query: URLSearchParams, signers: Signers): void {
  const signature = query.get("X-Goog-Signature");
  if (signature === null) return;
  const [algorithm, credential, date, expires, signedHeaders] = ["Algorithm", "Credential", "Date", "Expires", "SignedHeaders"].map(
    (name) => query.get(`X-Goog-${name}`) ?? "",
  ) as [string, string, string, string, string];
  const [, email = "", scope = ""] = /^([^/]+)\/(\d{8}\/[\w-]+\/storage\/goog4_request)$/.exec(credential) ?? [];
  const from = timeOf(date);
  const seconds = /^\d{1,6}$/.test(expires) ? Number(expires) : LONGEST + 1;
  const headers = signedHeaders.split(";");
  const isWhole = algorithm === ALGORITHM && email !== "" && scope.startsWith(date.slice(0, 8)) && from !== undefined;
  if (!isWhole || !headers.includes("host") || seconds > LONGEST || !/^[0-9a-f]+$/.test(signature)) throw malformedSignature();
  const key = signers.get(email);
  if (key === undefined) throw unknownSigner(email);
  const isGood = hostsOf(request).some((host) => {
    const canonical = [
      request.method,
      path,
      canonicalQuery(query),
      ...headers.map((name) => `${name}:${name === "host" ? host : headerValue(request, name)}`),
      "",
      signedHeaders,
      request.headers["x-goog-content-sha256"] ?? "UNSIGNED-PAYLOAD",
    ].join("\n");
    const hash = createHash("sha256").update(canonical).digest("hex");
    return verify("RSA-SHA256", Buffer.from([algorithm, date, scope, hash].join("\n")), key, Buffer.from(signature, "hex"));
  });
  if (!isGood) throw signatureMismatch();
  const until = from + seconds * 1000;
  if (Date.now() > until || Date.now() < from - SKEW) throw expiredSignature(new Date(until).toISOString());
}

// Google's library signs the host without its port.
function hostsOf({ headers: { host = "" } }: IncomingMessage): string[] {
  return [host, host.replace(/:\d+$/, "")];
}

function headerValue({ headers }: IncomingMessage, name: string): string {
  return String(headers[name] ?? "")
    .trim()
    .replace(/\s+/g, " ");
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== "X-Goog-Signature")
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join("&");
}

const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** `20261124T180000Z` */
function timeOf(text: string): number | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}
