import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readClientSecret } from "../../src/auth/client-secret.ts";
import { newTokens } from "../../src/auth/credentials.ts";
import { login } from "../../src/auth/login.ts";
import { readLogin, writeLogin } from "../../src/auth/login-file.ts";
import { logout } from "../../src/auth/logout.ts";
import { PUBSUB, READ } from "../../src/auth/scopes.ts";
import { EMAIL, type OAuthServer, startOAuthServer } from "./oauth-server.ts";

let server: OAuthServer;
let folder: string;
let path: string;
beforeEach(async () => {
  server = await startOAuthServer();
  folder = mkdtempSync(join(tmpdir(), "imagemeta-login-"));
  path = join(folder, "config", "imagemeta", "login.json");
});
afterEach(async () => {
  await server.close().catch(() => {});
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

/** A browser: goes where it is sent, and comes back. */
interface Visit {
  readonly page: string;
  readonly status: number;
  readonly address: URL;
}
let visited: Promise<Visit> | undefined;
const browse = (address: string): Promise<undefined> => {
  visited = fetch(address).then(async (answer) => ({ page: await answer.text(), status: answer.status, address: new URL(answer.url) }));
  return Promise.resolve(undefined);
};
/** Where the browser would be sent back to, without going there. */
async function back(address: string): Promise<string> {
  const answer = await fetch(address, { redirect: "manual" });
  return answer.headers.get("location") ?? "";
}

const client = () => readClientSecret(JSON.stringify(server.clientSecret));
const signIn = async (visit: (address: string) => Promise<string | undefined> = browse, patience = 20_000) =>
  login({ client: await client(), scopes: [READ], visit, patience });

describe("login", () => {
  test("success: by PKCE with S256 and a state, offline, for no more than is asked", async () => {
    let address: URL | undefined;
    const given = await signIn(async (shown) => {
      address = new URL(shown);
      return browse(shown);
    });
    expect(given).toMatchObject({ email: EMAIL, scopes: ["openid", "email", READ], refreshToken: expect.any(String) });
    expect(Object.fromEntries(address?.searchParams ?? [])).toMatchObject({
      response_type: "code",
      access_type: "offline",
      code_challenge_method: "S256",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
      scope: `openid email ${READ}`,
    });
    expect(await visited).toMatchObject({ status: 200, page: expect.stringContaining(`signed in as ${EMAIL}`) });
  });

  test.each([
    ["denied", "LOGIN_DENIED", () => ({ error: "access_denied" })],
    ["another failure", "LOGIN_FAILED", () => ({ error: "temporarily_unavailable" })],
    ["a code of someone else's", "LOGIN_CODE_REFUSED", () => ({ code: "made up" })],
    ["no refresh token", "LOGIN_FAILED", () => ({ withoutRefreshToken: true })],
  ])("%s: %s", async (_what, reason, manners) => {
    Object.assign(server.manners, manners());
    await expect(signIn()).rejects.toMatchObject({ code: "UNAUTHENTICATED", reason });
    expect(await visited).toMatchObject({ status: 400, page: expect.stringContaining(reason) });
  });

  test("a code that comes again: LOGIN_CODE_REFUSED, and the code is not in the message", async () => {
    let code = "";
    await signIn(async (address) => {
      const returning = await back(address);
      code = new URL(returning).searchParams.get("code") ?? "";
      return returning;
    });
    expect(code).not.toBe("");
    const again = signIn(async () => code);
    await expect(again).rejects.toMatchObject({ reason: "LOGIN_CODE_REFUSED" });
    await expect(again).rejects.not.toMatchObject({ message: expect.stringContaining(code) });
  });

  test("the code of one login is none for another: PKCE binds it", async () => {
    let stolen = "";
    await expect(
      signIn(async (address) => {
        stolen = new URL(await back(address)).searchParams.get("code") ?? "";
        return undefined;
      }, 100),
    ).rejects.toMatchObject({ reason: "LOGIN_TIMED_OUT" });
    await expect(signIn(async () => stolen)).rejects.toMatchObject({ reason: "LOGIN_CODE_REFUSED" });
  });

  test("nobody signs in: LOGIN_TIMED_OUT, and the port is free again", async () => {
    let port = "";
    const late = signIn(async (address) => {
      port = new URL(new URL(address).searchParams.get("redirect_uri") ?? "").port;
      return undefined;
    }, 50);
    await expect(late).rejects.toMatchObject({ reason: "LOGIN_TIMED_OUT" });
    await expect(fetch(`http://127.0.0.1:${port}/?code=a`)).rejects.toThrow();
  });

  test("the address that the browser came back to may be pasted; its state counts too", async () => {
    expect(await signIn(back)).toMatchObject({ email: EMAIL });
    const other = async (address: string) => (await back(address)).replace(/state=[^&]+/, "state=other");
    await expect(signIn(other)).rejects.toMatchObject({ reason: "LOGIN_STATE_MISMATCH" });
    await expect(signIn(async () => "http://127.0.0.1:1/")).rejects.toMatchObject({ reason: "LOGIN_STATE_MISMATCH" });
  });

  test("the code alone may be pasted", async () => {
    const code = async (address: string) => new URL(await back(address)).searchParams.get("code") ?? undefined;
    expect(await signIn(code)).toMatchObject({ email: EMAIL });
  });

  test.each([
    ["the state of another login", { state: "x".repeat(43) }],
    ["no state", { state: "" }],
    ["access_denied and the state of another login", { error: "access_denied", state: "other" }],
  ])("is not ended by an answer with %s", async (_what, manners) => {
    Object.assign(server.manners, manners);
    const given = signIn(async (address) => {
      await browse(address);
      expect(await visited).toMatchObject({ status: 400, page: expect.stringContaining("No login waits for this.") });
      for (const name of Object.keys(manners)) delete server.manners[name as keyof typeof manners];
      return browse(address);
    });
    expect(await given).toMatchObject({ email: EMAIL });
  });

  test("ends in time if the token server is silent, and lets go of it", async () => {
    const silent = createServer(() => {});
    await new Promise<void>((listening) => silent.listen(0, "127.0.0.1", listening));
    const tokenAddress = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/token`;
    try {
      const given = login({ client: { ...(await client()), tokenAddress }, scopes: [READ], visit: browse, patience: 500 });
      await expect(given).rejects.toMatchObject({ reason: "LOGIN_TIMED_OUT" });
      expect(await visited).toMatchObject({ status: 400, page: expect.stringContaining("LOGIN_TIMED_OUT") });
      await new Promise<void>((closed) => silent.close(() => closed()));
    } finally {
      silent.closeAllConnections();
    }
  });

  test("the token server is away: UNAVAILABLE", async () => {
    const given = signIn(async (address) => {
      const returning = await back(address);
      await server.close();
      return returning;
    });
    await expect(given).rejects.toMatchObject({ code: "UNAVAILABLE", reason: "LOGIN_FAILED" });
  });

  test("what was not ticked in the browser is not taken for granted", async () => {
    server.manners.scope = "openid email";
    await writeLogin(path, await signIn());
    await expect(newTokens({ metadata: "never", loginFile: path }, [READ]).token()).rejects.toMatchObject({ reason: "SCOPE_NOT_GRANTED" });
  });
});

describe("the login that is kept", () => {
  test("may be read by its user alone, and is replaced in one step", async () => {
    await writeLogin(path, await signIn());
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "config", "imagemeta")).mode & 0o777).toBe(0o700);
    const before = await readLogin(path);
    chmodSync(path, 0o644);
    const reading = Array.from({ length: 50 }, async (_, i) => {
      await new Promise((resolve) => setTimeout(resolve, i % 7));
      return readLogin(path);
    });
    for (let i = 0; i < 20; i++) await writeLogin(path, { ...(await signIn()), email: `${i}@example.com` });
    for (const login of await Promise.all(reading)) expect(login?.refreshToken).toEqual(expect.any(String));
    expect((await readLogin(path))?.refreshToken).not.toBe(before?.refreshToken);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, "config", "imagemeta"))).toEqual(["login.json"]);
  });

  test.each(["", "{", "null", '{"version":99}', '{"version":1,"refreshToken":"x"}'])("damaged (%s) it is no login", async (text) => {
    mkdirSync(join(folder, "config", "imagemeta"), { recursive: true });
    writeFileSync(path, text);
    await expect(readLogin(path)).rejects.toMatchObject({ code: "UNAUTHENTICATED", reason: "LOGIN_UNREADABLE" });
  });

  test("where it cannot be kept, it says so, and leaves nothing", async () => {
    writeFileSync(join(folder, "config"), "a file where the folder would be");
    await expect(writeLogin(path, await signIn())).rejects.toMatchObject({ reason: "LOGIN_NOT_KEPT" });
    expect(readdirSync(folder)).toEqual(["config"]);
  });

  test("gives tokens until it is expired or revoked", async () => {
    await writeLogin(path, await signIn());
    const options = { metadata: "never", loginFile: path } as const;
    expect(await newTokens(options, [READ]).token()).toEqual(expect.any(String));
    server.manners.refreshing = "expired";
    await expect(newTokens(options, [READ]).token()).rejects.toMatchObject({ reason: "LOGIN_EXPIRED" });
    server.manners.refreshing = "revoked";
    await expect(newTokens(options, [READ]).token()).rejects.toMatchObject({ reason: "LOGIN_REVOKED" });
  });

  test("logout revokes and removes it; a copy of it is worth nothing", async () => {
    await writeLogin(path, await signIn());
    const copy = readFileSync(path);
    const kept = await readLogin(path);
    expect(await logout(path)).toEqual({ login: kept });
    expect(existsSync(path)).toBe(false);
    await expect.poll(() => server.revoked).toEqual([kept?.refreshToken]);
    writeFileSync(path, copy);
    await expect(newTokens({ metadata: "never", loginFile: path }, [READ]).token()).rejects.toMatchObject({ reason: "LOGIN_REVOKED" });
    rmSync(path);
    expect(await logout(path)).toBeUndefined();
  });

  test("where the server is away, it is removed all the same, and that is said", async () => {
    await writeLogin(path, await signIn());
    server.manners.isDown = true;
    expect((await logout(path))?.unrevoked).toContain("503");
    expect(existsSync(path)).toBe(false);
  });
});

describe("the client", () => {
  test("comes from Google's file, or from its JSON", async () => {
    const file = join(folder, "client.json");
    writeFileSync(file, JSON.stringify({ installed: { client_id: "id", client_secret: "secret-of-it" } }));
    expect(await readClientSecret(file)).toMatchObject({
      id: "id",
      authAddress: "https://accounts.google.com/o/oauth2/v2/auth",
      tokenAddress: "https://oauth2.googleapis.com/token",
      revokeAddress: "https://oauth2.googleapis.com/revoke",
    });
    expect(await client()).toMatchObject({ tokenAddress: `${server.url}/token` });
  });

  test.each([
    ["of a web app", { web: { client_id: "a", client_secret: "b" } }],
    ["empty", {}],
    ["without a secret", { installed: { client_id: "a" } }],
    ["that would send tokens in the clear", { installed: { client_id: "a", client_secret: "b", token_uri: "http://tokens.example.com/" } }],
    ["with a token server that is none", { installed: { client_id: "a", client_secret: "b", token_uri: "file:///etc/passwd" } }],
  ])("%s is refused", async (_what, fields) => {
    await expect(readClientSecret(JSON.stringify(fields))).rejects.toMatchObject({ reason: "CLIENT_SECRET_UNREADABLE" });
  });
});

test("other scopes are asked for by name", async () => {
  const given = await login({ client: await client(), scopes: [READ, PUBSUB], visit: browse, patience: 20_000 });
  expect(given.scopes).toContain(PUBSUB);
});
