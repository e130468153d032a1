/** The OAuth client of a desktop app, as Google's console gives it: `client_secret_….json` with `installed` in it. */
import { readFile } from "node:fs/promises";
import { ImagemetaError } from "../record/errors.ts";
import { keepSecret } from "../record/secrets.ts";

export interface OAuthClient {
  readonly id: string;
  /** Of a desktop app it is no secret in the strict sense (RFC 8252 section 8.5), and is treated as one all the same. */
  readonly secret: string;
  readonly authAddress: string;
  readonly tokenAddress: string;
  readonly revokeAddress: string;
}

const GOOGLE = {
  auth: "https://accounts.google.com/o/oauth2/v2/auth",
  token: "https://oauth2.googleapis.com/token",
  revoke: "https://oauth2.googleapis.com/revoke",
};

const ADVICE =
  "make one in the Google Cloud console: APIs & Services, Credentials, Create OAuth client ID, Desktop app; and download its JSON";

/** @param given the path of the file, or its JSON. @throws ImagemetaError MALFORMED */
export async function readClientSecret(given: string): Promise<OAuthClient> {
  const refused = (why: string) =>
    new ImagemetaError("MALFORMED", `--client-secret: ${why}; ${ADVICE}`, { reason: "CLIENT_SECRET_UNREADABLE" });
  const isJson = given.trimStart().startsWith("{");
  let fields: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
  try {
    fields = JSON.parse(isJson ? given : await readFile(given, "utf8"));
  } catch (thrown) {
    throw refused(thrown instanceof SyntaxError ? "it is no JSON" : (thrown as Error).message);
  }
  const { installed, web } = fields;
  if (installed === undefined)
    throw refused(web === undefined ? "it has no client in it" : "it is the client of a web app, and a desktop app's is needed");
  const { client_id: id, client_secret: secret, auth_uri: auth, token_uri: token, revoke_uri: revoke } = installed;
  if (typeof id !== "string" || typeof secret !== "string") throw refused("it has no client_id or no client_secret");
  keepSecret(secret);
  return {
    id,
    secret,
    authAddress: address(auth, GOOGLE.auth, refused),
    tokenAddress: address(token, GOOGLE.token, refused),
    revokeAddress: address(revoke, GOOGLE.revoke, refused),
  };
}

/** Tokens are sent by https alone, but for a server on this machine. */
function address(given: unknown, usual: string, refused: (why: string) => Error): string {
  if (given === undefined) return usual;
  const url = URL.canParse(String(given)) ? new URL(String(given)) : undefined;
  const isLocal = url !== undefined && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (url === undefined || !(url.protocol === "https:" || (url.protocol === "http:" && isLocal)))
    throw refused(`${given} is no https address`);
  return url.href;
}
