/**
 * The user's own login: OAuth 2.0 for native apps (RFC 8252), the code bound to this process by PKCE (RFC 7636, S256) and the answer
 * bound to the request by `state` (RFC 6749 section 10.12).
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { OAuth2Client } from "google-auth-library";
import { ImagemetaError } from "../record/errors.ts";
import { keepSecret } from "../record/secrets.ts";
import type { OAuthClient } from "./client-secret.ts";
import type { Login } from "./login-file.ts";
import { openLoopback, type Returned } from "./loopback.ts";
import { failureText, isTransient } from "./refusal.ts";
import { IDENTITY } from "./scopes.ts";

export interface LoginOptions {
  readonly client: OAuthClient;
  readonly scopes: readonly string[];
  /** Sends the user there. Resolves with what the user pasted, if anything: the address that the browser came back to, or the code. */
  readonly visit: (address: string) => Promise<string | undefined>;
  /** Milliseconds that all of it may take. */
  readonly patience: number;
}

/** @throws ImagemetaError with a `reason` that begins with `LOGIN_` */
export async function login({ client, scopes, visit, patience }: LoginOptions): Promise<Login> {
  const { OAuth2Client, CodeChallengeMethod } = await import("google-auth-library");
  const state = randomBytes(32).toString("base64url");
  const loopback = await openLoopback((parameters) => isAnswer(parameters, state));
  const timeout = new AbortController();
  const oauth = new OAuth2Client({
    clientId: client.id,
    clientSecret: client.secret,
    redirectUri: loopback.address,
    endpoints: { oauth2AuthBaseUrl: client.authAddress, oauth2TokenUrl: client.tokenAddress },
    transporterOptions: { signal: timeout.signal },
  });
  const { codeVerifier, codeChallenge } = await oauth.generateCodeVerifierAsync();
  keepSecret(codeVerifier);
  const address = oauth.generateAuthUrl({
    access_type: "offline",
    // Without it Google gives no refresh token to one who has consented before.
    prompt: "consent",
    scope: [...IDENTITY, ...scopes],
    state,
    code_challenge: String(codeChallenge),
    code_challenge_method: CodeChallengeMethod.S256,
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(refused("LOGIN_TIMED_OUT", `nobody signed in within ${patience / 1000} s: run imagemeta login again`));
      timeout.abort();
    }, patience);
  });
  try {
    const returned = await Promise.race([loopback.returned, pastedTo(visit(address)), late]);
    try {
      const code = codeIn(returned, state);
      const login = await Promise.race([exchange(oauth, client, { code, codeVerifier, redirect_uri: loopback.address }, scopes), late]);
      await returned.show?.(true, `You are signed in${login.email === undefined ? "" : ` as ${login.email}`}. You may close this page.`);
      return login;
    } catch (thrown) {
      await returned.show?.(false, `You are not signed in. ${(thrown as Error).message}`);
      throw thrown;
    }
  } finally {
    clearTimeout(timer);
    await loopback.close();
  }
}

/** What the user pasted; the code alone comes without its state, and is bound by PKCE all the same. */
type Pasted = Partial<Returned> & { readonly code?: string; readonly parameters?: URLSearchParams };

/** Where nothing is pasted, the browser is waited for. */
async function pastedTo(visiting: Promise<string | undefined>): Promise<Pasted> {
  const text = (await visiting)?.trim();
  if (text === undefined) return new Promise(() => {});
  return URL.canParse(text) ? { parameters: new URL(text).searchParams } : { code: text };
}

/** The server's answer to this login. Its parameters come once each (RFC 6749 section 3.1). */
function isAnswer(parameters: URLSearchParams, state: string): boolean {
  const [states = [], codes = [], errors = []] = ["state", "code", "error"].map((name) => parameters.getAll(name));
  const [given] = states;
  return given !== undefined && states.length === 1 && isSame(given, state) && codes.length + errors.length === 1;
}

function codeIn({ parameters, code: alone }: Pasted, state: string): string {
  if (parameters === undefined) return secret(alone);
  if (!isSame(parameters.get("state") ?? "", state))
    throw refused("LOGIN_STATE_MISMATCH", "the address belongs to another login, or someone else made it: run imagemeta login again");
  const error = parameters.get("error");
  if (error === "access_denied") throw refused("LOGIN_DENIED", "access was denied in the browser; nothing was kept");
  if (error !== null)
    throw refused("LOGIN_FAILED", `the server answered ${error}: ${parameters.get("error_description") ?? "it does not say why"}`);
  return secret(parameters.get("code") ?? undefined);
}

function secret(code: string | undefined): string {
  if (!code) throw refused("LOGIN_FAILED", "the answer has no code in it: run imagemeta login again, and paste the whole address");
  keepSecret(code);
  return code;
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

async function exchange(
  oauth: OAuth2Client,
  client: OAuthClient,
  code: { readonly code: string; readonly codeVerifier: string; readonly redirect_uri: string },
  scopes: readonly string[],
): Promise<Login> {
  const { tokens } = await oauth.getToken({ ...code }).catch((thrown: unknown) => {
    const why = failureText(thrown);
    if (isTransient(thrown))
      throw new ImagemetaError("UNAVAILABLE", `the token server does not answer: ${why}. Try again later`, { reason: "LOGIN_FAILED" });
    throw refused(
      "LOGIN_CODE_REFUSED",
      `the server does not take the code, which may be used once and not for long: ${why}; run imagemeta login again`,
    );
  });
  for (const token of [tokens.access_token, tokens.refresh_token, tokens.id_token]) keepSecret(token);
  if (!tokens.refresh_token) throw refused("LOGIN_FAILED", "the server gave no refresh token, without which nothing can be kept");
  const email = emailIn(tokens.id_token);
  // What was left out is what was asked for (RFC 6749 section 5.1); people may untick a part.
  const granted = tokens.scope?.split(" ").filter((scope) => scope !== "") ?? scopes;
  return { client, refreshToken: tokens.refresh_token, scopes: granted, ...(email === undefined ? {} : { email }) };
}

/** It came from the token server itself, so that its signature says nothing more (OpenID Connect Core 1.0 section 3.1.3.7). */
function emailIn(idToken: string | null | undefined): string | undefined {
  try {
    const { email } = JSON.parse(Buffer.from(idToken?.split(".")[1] ?? "", "base64url").toString()) as { readonly email?: unknown };
    return typeof email === "string" ? email : undefined;
  } catch {
    return undefined;
  }
}

function refused(reason: string, message: string): ImagemetaError {
  return new ImagemetaError("UNAUTHENTICATED", message, { reason });
}
