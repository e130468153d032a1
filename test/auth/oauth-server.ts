/** A Google that signs in: oauth2-mock-server, made as strict as Google is about codes and refresh tokens, and told what to refuse. */
import type { IncomingMessage } from "node:http";
import { OAuth2Server } from "oauth2-mock-server";

export interface OAuthServer {
  readonly url: string;
  /** The JSON that Google's console would give for it. */
  readonly clientSecret: { readonly installed: Readonly<Record<string, unknown>> };
  /** Access tokens, refresh tokens and codes that were given out. */
  readonly secrets: string[];
  /** Refresh tokens that were revoked. */
  readonly revoked: string[];
  /** What the next answers do. */
  readonly manners: {
    /** What the user is sent back with in place of a code. */
    error?: string;
    state?: string;
    code?: string;
    /** What the token server says of refresh tokens. */
    refreshing?: "expired" | "revoked";
    /** Scopes that are given, of those asked for. */
    scope?: string;
    withoutRefreshToken?: boolean;
    isDown?: boolean;
  };
  close(): Promise<void>;
}

interface TokenRequest extends IncomingMessage {
  readonly body: Readonly<Record<string, string>>;
}

export const CLIENT = { id: "the-client.apps.googleusercontent.com", secret: "GOCSPX-secret-of-the-client" };
export const EMAIL = "me@example.com";

export async function startOAuthServer(): Promise<OAuthServer> {
  const server = new OAuth2Server();
  await server.issuer.keys.generate("RS256");
  await server.start(0, "127.0.0.1");
  const url = String(server.issuer.url);
  const manners: OAuthServer["manners"] = {};
  const secrets: string[] = [];
  const revoked: string[] = [];
  const used = new Set<string>();
  let asked = "";
  server.service.on("beforeAuthorizeRedirect", ({ url: back }, request) => {
    const { searchParams } = new URL(request.url ?? "", url);
    asked = searchParams.get("scope") ?? "";
    if (manners.error !== undefined) {
      back.searchParams.delete("code");
      back.searchParams.set("error", manners.error);
    }
    if (manners.state !== undefined) back.searchParams.set("state", manners.state);
    if (manners.code !== undefined) back.searchParams.set("code", manners.code);
    secrets.push(back.searchParams.get("code") ?? "");
  });
  server.service.on("beforeTokenSigning", ({ payload }) => {
    payload.email = EMAIL;
  });
  server.service.on("beforeResponse", (answer, request) => {
    const { body } = request as TokenRequest;
    const refuse = (description: string, status = 400) => {
      answer.statusCode = status;
      answer.body = { error: "invalid_grant", error_description: description };
    };
    if (manners.isDown) return refuse("away", 503);
    if (body.client_id !== CLIENT.id || body.client_secret !== CLIENT.secret) return refuse("no such client", 401);
    if (body.grant_type === "authorization_code") {
      if (used.has(String(body.code))) return refuse(`the code ${body.code} was used before`);
      used.add(String(body.code));
    } else {
      if (revoked.includes(String(body.refresh_token)) || manners.refreshing === "revoked") return refuse("Token has been revoked.");
      if (manners.refreshing === "expired") return refuse("Token has expired.");
    }
    const given = answer.body as Record<string, unknown>;
    given.scope = manners.scope ?? asked;
    if (manners.withoutRefreshToken) delete given.refresh_token;
    secrets.push(...[given.access_token, given.refresh_token, given.id_token].filter((secret) => secret !== undefined).map(String));
  });
  server.service.on("beforeRevoke", (answer, request) => {
    if (manners.isDown) {
      answer.statusCode = 503;
      return;
    }
    const chunks: Buffer[] = [];
    request
      .on("data", (chunk: Buffer) => chunks.push(chunk))
      .on("end", () => {
        revoked.push(new URLSearchParams(Buffer.concat(chunks).toString()).get("token") ?? "");
      });
  });
  const { id: client_id, secret: client_secret } = CLIENT;
  return {
    url,
    clientSecret: {
      installed: { client_id, client_secret, auth_uri: `${url}/authorize`, token_uri: `${url}/token`, revoke_uri: `${url}/revoke` },
    },
    secrets,
    revoked,
    manners,
    close: () => server.stop(),
  };
}
