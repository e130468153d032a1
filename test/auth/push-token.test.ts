import { createHmac, createPublicKey, generateKeyPairSync, type JsonWebKey, sign } from "node:crypto";
import { OAuth2Server } from "oauth2-mock-server";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { pushCheck } from "../../src/auth/push-token.ts";
import { EventHandler } from "../../src/pipeline/worker/event-handler.ts";
import { PushReceiver } from "../../src/pipeline/worker/push-receiver.ts";
import { createApp, listen } from "../../src/server/app.ts";
import { addPush } from "../../src/server/push.ts";
import { imagemeta, start } from "../cli/running.ts";
import { serve as serveWeb } from "../storage/web-server.ts";

const AUDIENCE = "https://images.example.com/events";
const EMAIL = "pusher@p.iam.gserviceaccount.com";

let issuer: OAuth2Server;
let issuerUrl: string;
let keyId: string;
let publicKey: JsonWebKey;
let check: ReturnType<typeof pushCheck>;

beforeAll(async () => {
  issuer = new OAuth2Server();
  ({ kid: keyId } = await issuer.issuer.keys.generate("RS256"));
  await issuer.start(0, "127.0.0.1");
  issuerUrl = String(issuer.issuer.url);
  const { keys } = (await (await fetch(`${issuerUrl}/jwks`)).json()) as { keys: JsonWebKey[] };
  publicKey = keys[0] ?? {};
});
afterAll(() => issuer.stop());
beforeEach(() => {
  check = pushCheck({ audiences: [AUDIENCE], emails: [EMAIL], issuers: [issuerUrl], keysAddress: `${issuerUrl}/jwks` });
});

type Fields = Record<string, unknown>;
const now = () => Math.floor(Date.now() / 1000);

/** What Google would sign; `undefined` leaves a claim out. */
const claimsWith = (claims: Fields = {}): Fields => ({ aud: AUDIENCE, email: EMAIL, email_verified: true, sub: "1", ...claims });

/** Signed by the issuer. */
function tokenOf(claims: Fields = {}, header: Fields = {}): Promise<string> {
  return issuer.issuer.buildToken({
    kid: keyId,
    scopesOrTransform: (head, payload) => {
      Object.assign(payload, claimsWith(claims));
      Object.assign(head, header);
      for (const [name, value] of Object.entries(payload)) if (value === undefined) delete payload[name];
    },
  });
}

const part = (fields: unknown) => Buffer.from(JSON.stringify(fields)).toString("base64url");
const wholeClaims = (claims: Fields = {}) => ({ iss: issuerUrl, iat: now(), exp: now() + 3600, ...claimsWith(claims) });
/** Signed by whoever wants to. */
const forged = (header: Fields, signature: (signed: string) => Buffer, claims: Fields = {}): string => {
  const signed = `${part({ typ: "JWT", kid: keyId, ...header })}.${part(wholeClaims(claims))}`;
  return `${signed}.${signature(signed).toString("base64url")}`;
};
const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 });
const byStranger = (signed: string) => sign("RSA-SHA256", Buffer.from(signed), stranger.privateKey);

/** Each attack: the code that it is refused with, and the header that is sent. */
const ATTACKS: readonly (readonly [what: string, code: string, authorization: () => Promise<string | undefined> | string | undefined])[] = [
  ["no token", "PUSH_TOKEN_MISSING", () => undefined],
  ["an empty header", "PUSH_TOKEN_MISSING", () => ""],
  ["another scheme", "PUSH_TOKEN_MISSING", () => "Basic cHVzaGVyOnNlY3JldA=="],
  ["no JSON Web Token", "PUSH_TOKEN_MALFORMED", () => "Bearer abc"],
  ["parts that are no JSON", "PUSH_TOKEN_MALFORMED", () => "Bearer YWJj.YWJj.YWJj"],
  ["four parts", "PUSH_TOKEN_MALFORMED", async () => `Bearer ${await tokenOf()}.more`],
  ["claims that are a list", "PUSH_TOKEN_MALFORMED", () => `Bearer ${part({ alg: "RS256" })}.${part([])}.AAAA`],
  ["an endless token", "PUSH_TOKEN_MALFORMED", async () => `Bearer ${await tokenOf({ sub: "x".repeat(10_000) })}`],
  ["alg: none, no signature", "PUSH_TOKEN_UNSIGNED", () => `Bearer ${forged({ alg: "none" }, () => Buffer.alloc(0))}`],
  ["alg: NONE, the signature of a good token", "PUSH_TOKEN_UNSIGNED", () => `Bearer ${forged({ alg: "NONE" }, byStranger)}`],
  [
    "key confusion: HS256 with the public key in PEM",
    "PUSH_TOKEN_ALGORITHM",
    () => {
      const pem = createPublicKey({ key: publicKey, format: "jwk" }).export({ type: "spki", format: "pem" });
      return `Bearer ${forged({ alg: "HS256" }, (signed) => createHmac("sha256", pem).update(signed).digest())}`;
    },
  ],
  [
    "key confusion under the name of RS256",
    "PUSH_TOKEN_SIGNATURE",
    () => {
      const pem = createPublicKey({ key: publicKey, format: "jwk" }).export({ type: "spki", format: "pem" });
      return `Bearer ${forged({ alg: "RS256" }, (signed) => createHmac("sha256", pem).update(signed).digest())}`;
    },
  ],
  ["no algorithm", "PUSH_TOKEN_ALGORITHM", () => `Bearer ${forged({}, byStranger)}`],
  [
    "signed by another key under the issuer's name for its own",
    "PUSH_TOKEN_SIGNATURE",
    () => `Bearer ${forged({ alg: "RS256" }, byStranger)}`,
  ],
  [
    "signed by another key that the token brings along",
    "PUSH_TOKEN_SIGNATURE",
    () =>
      `Bearer ${forged({ alg: "RS256", jwk: stranger.publicKey.export({ format: "jwk" }), jku: "https://evil.example/jwks" }, byStranger)}`,
  ],
  ["a key that the issuer does not have", "PUSH_TOKEN_KEY_UNKNOWN", () => `Bearer ${forged({ alg: "RS256", kid: "mine" }, byStranger)}`],
  ["a key by the name of a property", "PUSH_TOKEN_KEY_UNKNOWN", () => `Bearer ${forged({ alg: "RS256", kid: "__proto__" }, byStranger)}`],
  [
    "claims that were changed after signing",
    "PUSH_TOKEN_SIGNATURE",
    async () => {
      const [header, , signature] = (await tokenOf({ email: "evil@example.com" })).split(".");
      return `Bearer ${header}.${part(wholeClaims())}.${signature}`;
    },
  ],
  ["expired", "PUSH_TOKEN_EXPIRED", async () => `Bearer ${await tokenOf({ iat: now() - 7200, exp: now() - 3600, nbf: undefined })}`],
  [
    "made in the future",
    "PUSH_TOKEN_TOO_EARLY",
    async () => `Bearer ${await tokenOf({ iat: now() + 3600, exp: now() + 7200, nbf: undefined })}`,
  ],
  ["not valid yet", "PUSH_TOKEN_TOO_EARLY", async () => `Bearer ${await tokenOf({ nbf: now() + 3600 })}`],
  ["valid for ever", "PUSH_TOKEN_LIFETIME", async () => `Bearer ${await tokenOf({ exp: now() + 10 * 86_400 })}`],
  ["without an end", "PUSH_TOKEN_LIFETIME", async () => `Bearer ${await tokenOf({ exp: undefined })}`],
  ["of another issuer", "PUSH_TOKEN_ISSUER", async () => `Bearer ${await tokenOf({ iss: "https://evil.example" })}`],
  ["for another audience", "PUSH_TOKEN_AUDIENCE", async () => `Bearer ${await tokenOf({ aud: "https://other.example.com/" })}`],
  [
    "for several audiences",
    "PUSH_TOKEN_AUDIENCE",
    async () => `Bearer ${await tokenOf({ aud: [AUDIENCE, "https://other.example.com/"] })}`,
  ],
  ["without an audience", "PUSH_TOKEN_AUDIENCE", async () => `Bearer ${await tokenOf({ aud: undefined })}`],
  ["of another account", "PUSH_TOKEN_EMAIL", async () => `Bearer ${await tokenOf({ email: "evil@evil.iam.gserviceaccount.com" })}`],
  ["without an account", "PUSH_TOKEN_EMAIL", async () => `Bearer ${await tokenOf({ email: undefined })}`],
  ["of an account that is not verified", "PUSH_TOKEN_EMAIL_UNVERIFIED", async () => `Bearer ${await tokenOf({ email_verified: false })}`],
  ["verified in a word only", "PUSH_TOKEN_EMAIL_UNVERIFIED", async () => `Bearer ${await tokenOf({ email_verified: "true" })}`],
];

describe("a push token", () => {
  test("that the issuer signed for this audience and account is taken, also a minute late", async () => {
    expect(await check(`Bearer ${await tokenOf()}`)).toBeUndefined();
    expect(await check(`bearer  ${await tokenOf({ iat: now() - 3700, exp: now() - 60, nbf: undefined })}`)).toBeUndefined();
  });

  test.each(ATTACKS)("%s: %s", async (_what, code, authorization) => {
    const header = await authorization();
    const refusal = await check(header);
    expect(refusal?.code).toBe(code);
    expect(refusal?.status).toBe(code.startsWith("PUSH_TOKEN_EMAIL") ? 403 : 401);
    for (const text of (header ?? "").split(/[ .]/).filter((text) => text.length > 8)) expect(refusal?.why).not.toContain(text);
  });

  test("keys are asked for once, however many tokens name keys that nobody has", async () => {
    let asked = 0;
    const counting = await serveWeb(async (_request, response) => {
      asked++;
      response.writeHead(200, { "content-type": "application/json" }).end(await (await fetch(`${issuerUrl}/jwks`)).text());
    });
    try {
      const counted = pushCheck({ audiences: [AUDIENCE], emails: [EMAIL], issuers: [issuerUrl], keysAddress: `${counting.url}/` });
      for (let i = 0; i < 5; i++) await counted(`Bearer ${await tokenOf()}`);
      expect(asked).toBe(1);
      for (let i = 0; i < 20; i++) await counted(`Bearer ${forged({ alg: "RS256", kid: `made-up-${i}` }, byStranger)}`);
      expect(asked).toBe(1);
    } finally {
      await counting.close();
    }
  });

  test("where the keys cannot be had it is to be sent again: PUSH_KEYS_UNAVAILABLE", async () => {
    const blind = pushCheck({ audiences: [AUDIENCE], emails: [EMAIL], issuers: [issuerUrl], keysAddress: "http://127.0.0.1:1/jwks" });
    expect(await blind(`Bearer ${await tokenOf()}`)).toMatchObject({ code: "PUSH_KEYS_UNAVAILABLE", status: 503 });
  });
});

describe("the endpoint with push tokens", () => {
  test("each attack is answered with its code before there is room for it, and nothing is read or written", async () => {
    const touched: string[] = [];
    const nothing = new Proxy({}, { get: (_target, name) => () => touched.push(String(name)) }) as never;
    const handler = new EventHandler({
      store: nothing,
      readers: nothing,
      askBucket: async () => undefined,
      findLive: async () => undefined,
      trust: { facts: true, removals: false },
      all: false,
      signal: new AbortController().signal,
      listener: { read() {}, stored() {}, waiting() {} },
    });
    let held = 0;
    const receiver = new PushReceiver({
      handler,
      traced: (_attributes, work) => work(),
      deadLetters: undefined,
      most: { requests: 1, bytes: 1e9 },
      listener: { held: () => held++, failed() {}, answered() {} },
    });
    const refused: string[] = [];
    const app = createApp();
    addPush(app, receiver, { check, refused: ({ code }) => refused.push(code) });
    const { url, close } = await listen(app, { host: "127.0.0.1", port: 0 });
    try {
      for (const [what, code, authorization] of ATTACKS) {
        const header = await authorization();
        const answer = await fetch(`${url}/events`, {
          method: "POST",
          body: "{}",
          headers: header === undefined ? {} : { authorization: header },
        });
        expect([answer.status, ((await answer.json()) as { code: string }).code], what).toEqual([
          code.startsWith("PUSH_TOKEN_EMAIL") ? 403 : 401,
          code,
        ]);
        expect(answer.headers.get("www-authenticate") !== null, what).toBe(answer.status === 401);
      }
      expect(refused).toEqual(ATTACKS.map(([, code]) => code));
      expect([held, touched]).toEqual([0, []]);
      const good = await fetch(`${url}/`, { method: "POST", body: "rubbish", headers: { authorization: `Bearer ${await tokenOf()}` } });
      expect(good.status).toBe(400);
    } finally {
      await close();
    }
  });

  const serve = async (args: readonly string[], until: RegExp, post?: (url: string) => Promise<unknown>) => {
    const child = start(["serve", "--to", "pubsub://demo/records", "--port", "0", "--project", "demo", ...args], {
      PUBSUB_EMULATOR_HOST: "127.0.0.1:1",
    });
    let log = "";
    child.stderr?.on("data", (chunk) => (log += chunk));
    const ended = new Promise((resolve) => child.once("close", resolve));
    try {
      await expect.poll(() => log, { timeout: 20_000 }).toMatch(/taking requests/);
      const [, url = ""] = /"url":"([^"]+)"/.exec(log) ?? [];
      await post?.(url);
      await expect.poll(() => log, { timeout: 20_000 }).toMatch(until);
      return log;
    } finally {
      child.kill("SIGTERM");
      await ended;
    }
  };

  test("log and metrics tell of a refusal by its code, and not of the token", async () => {
    const token = await tokenOf({ email: "evil@example.com" });
    const args = ["--push-audience", AUDIENCE, "--push-email", EMAIL, "--push-issuer", issuerUrl, "--push-keys", `${issuerUrl}/jwks`];
    let metrics = "";
    const log = await serve(args, /PUSH_TOKEN_EMAIL/, async (url) => {
      await fetch(url, { method: "POST", body: "{}", headers: { authorization: `Bearer ${token}` } });
      metrics = await (await fetch(`${url}/metrics`)).text();
    });
    expect(metrics).toMatch(/^imagemeta_pushes_refused_total\{code="PUSH_TOKEN_EMAIL"\} 1$/m);
    expect(log).not.toContain(token.split(".")[2]);
    expect(log).not.toContain("is not verified");
  });

  test("without a check it warns where others reach it, and only there", async () => {
    expect(await serve(["--host", "0.0.0.0"], /senders are not verified/)).toMatch(/"severity":"WARNING"/);
    expect(await serve([], /taking requests/)).not.toMatch(/not verified|trust-deletes/);
    expect(await serve(["--trust-deletes"], /taking requests/)).toMatch(/"severity":"WARNING".*--trust-deletes without --push-audience/);
  });

  test.each([
    [["--push-audience", AUDIENCE], "go together"],
    [["--push-email", EMAIL], "go together"],
    [["--push-audience", AUDIENCE, "--push-email", EMAIL, "--push-issuer", "https://x"], "go together"],
    [["--push-audience", AUDIENCE, "--push-email", EMAIL, "--push-issuer", "https://x", "--push-keys", "nowhere"], "no address"],
  ])("half a check is a wrong call: %j", async (args, why) => {
    const ran = await imagemeta(["serve", "--to", "pubsub://demo/records", ...args], { PUBSUB_EMULATOR_HOST: "127.0.0.1:1" });
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining(why) });
  });
});
