import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { inspect } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newTokens } from "../../src/auth/credentials.ts";
import { login } from "../../src/auth/login.ts";
import { writeLogin } from "../../src/auth/login-file.ts";
import { READ } from "../../src/auth/scopes.ts";
import { createReader } from "../../src/index.ts";
import { ImagemetaError } from "../../src/record/errors.ts";
import { isSigned, keepSecret, redacted, shownAddress } from "../../src/record/secrets.ts";
import { serve } from "../storage/web-server.ts";

const url64 = (least: number, most: number) => fc.stringMatching(new RegExp(`^[A-Za-z0-9_-]{${least},${most}}$`));
const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));

/** A secret, and the text in which it comes. */
const secrets = fc.oneof(
  url64(30, 60).map((secret) => ({ secret, said: `ya29.${secret}` })),
  fc.tuple(url64(20, 40), url64(20, 40), url64(20, 40)).map(([a, b, secret]) => ({ secret, said: `eyJ${a}.eyJ${b}.${secret}` })),
  url64(30, 50).map((secret) => ({ secret, said: `1//0${secret}` })),
  url64(20, 30).map((secret) => ({ secret, said: `GOCSPX-${secret}` })),
  url64(40, 80).map((secret) => ({ secret, said: `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----` })),
  url64(16, 40).map((secret) => ({ secret, said: `Authorization: Bearer ${secret}` })),
  url64(16, 40).map((secret) => ({ secret, said: `{"refresh_token":"${secret}"}` })),
  url64(16, 40).map((secret) => ({ secret, said: `client_secret=${secret}&grant_type=x` })),
  url64(8, 20).map((secret) => ({ secret, said: `postgres://me:${secret}@db/images` })),
  hex(512).map((secret) => ({
    secret,
    said: `https://storage.googleapis.com/b/o.jpg?X-Goog-Date=20260101T000000Z&X-Goog-Signature=${secret}`,
  })),
  hex(64).map((secret) => ({ secret, said: `https://b.s3.amazonaws.com/o.jpg?X-Amz-Signature=${secret}&x=1` })),
  url64(40, 60).map((secret) => ({ secret, said: `https://a.blob.core.windows.net/c/o.jpg?sv=2024-01-01&sig=${secret}` })),
  // Of no form at all: whoever has it says so.
  url64(12, 40).map((secret) => {
    keepSecret(secret);
    return { secret, said: secret };
  }),
);
const around = fc.stringMatching(/^[a-z (),:]{0,20}$/);
const leaking = fc.record({ before: around, after: around, leak: secrets });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "imagemeta-secrets-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("secrets", () => {
  test("no error has one in its message, wherever in it the secret stands", () => {
    fc.assert(
      fc.property(leaking, ({ before, leak, after }) => {
        const { message, stack } = new ImagemetaError("UNAVAILABLE", `${before} ${leak.said} ${after}`);
        expect(message).not.toContain(leak.secret);
        expect(stack).not.toContain(leak.secret);
        expect(message.startsWith(redacted(before))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("one that was told of does not break the form of another", () => {
    keepSecret("_propertyIsEaaaaaaaa");
    const token = "eyJA00-_0-_aa0-0a--A_-A.eyJ_propertyIsEaaaaaaaaaaaaaaaa.aaaaaAaAaaaaaaaaa_AA";
    expect(redacted(`refused: ${token}`)).toBe("refused: …");
  });

  test("no line of the log has one, and each is JSON still", async () => {
    const lines = fc.sample(leaking, 300);
    const script = `
      import { serviceLog } from "./src/cli/service-log.ts";
      import { keepSecret } from "./src/record/secrets.ts";
      import { json } from "node:stream/consumers";
      const log = serviceLog("debug", "p");
      for (const { before, leak, after } of await json(process.stdin)) {
        keepSecret(leak.secret);
        log.warn({ url: leak.said, error: before + " " + leak.said, to: "http://127.0.0.1:8080", mail: "a@b" }, leak.said + " " + after);
      }`;
    const root = new URL("../..", import.meta.url).pathname;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { cwd: root });
    child.stdin.end(JSON.stringify(lines));
    const log = (await text(child.stderr)).trim().split("\n");
    expect(log.length).toBe(lines.length);
    for (const [i, line] of log.entries()) {
      expect(line).not.toContain(lines[i]?.leak.secret);
      expect(JSON.parse(line)).toMatchObject({ severity: "WARNING", to: "http://127.0.0.1:8080", mail: "a@b" });
    }
  });

  test("no record has one: not in its address, and not in its error, whatever a server answers and redirects to", {
    timeout: 60_000,
  }, async () => {
    const [sample] = fc.sample(fc.array(secrets, { minLength: 40, maxLength: 40 }), 1);
    let said = "";
    const server = await serve((request, response) => {
      if (request.url?.startsWith("/moved"))
        response.writeHead(302, { location: `ftp://x/?X-Goog-Signature=${encodeURIComponent(said)}` }).end();
      else response.writeHead(403, { "content-type": "text/plain" }).end(said);
    });
    const reader = createReader();
    try {
      for (const leak of sample ?? []) {
        said = leak.said;
        for (const path of ["/refused.jpg", "/moved.jpg"]) {
          const record = await reader.readImage(`${server.url}${path}?X-Goog-Signature=${encodeURIComponent(leak.secret)}`);
          expect(record.error).toBeDefined();
          expect(JSON.stringify(record)).not.toContain(leak.secret);
        }
      }
    } finally {
      await reader.close();
      await server.close();
    }
  });

  test("no error of a token server's answer has one, looked at as deep as it goes", { timeout: 60_000 }, async () => {
    const loginSecrets = { refresh: "the-refresh-token-of-the-login", client: "the-secret-of-the-client", code: "the-code-of-the-login" };
    const server = await serve((_request, response) => {
      response
        .writeHead(400, { "content-type": "application/json" })
        .end(JSON.stringify({ error: "invalid_grant", error_description: `${loginSecrets.refresh} ${loginSecrets.client}` }));
    });
    const client = { id: "id", secret: loginSecrets.client, authAddress: server.url, tokenAddress: server.url, revokeAddress: server.url };
    keepSecret(loginSecrets.client);
    const loginFile = join(folder, "login.json");
    await writeLogin(loginFile, { client, refreshToken: loginSecrets.refresh, scopes: [READ] });
    try {
      const failures = [
        () => login({ client, scopes: [], visit: async () => loginSecrets.code, patience: 5000 }),
        () => newTokens({ loginFile, metadata: "never" }, [READ]).token(),
      ];
      for (const failure of failures) {
        const thrown = await Promise.resolve(failure()).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        expect(thrown).toBeInstanceOf(ImagemetaError);
        const shown = inspect(thrown, { depth: Number.POSITIVE_INFINITY, showHidden: true });
        for (const secret of Object.values(loginSecrets)) expect(shown).not.toContain(secret);
      }
    } finally {
      await server.close();
    }
  });

  test("what is no secret stays", () => {
    for (const plain of [
      "reading gs://photos/a.jpg: asked 6 times, the last time the server answered 503",
      "https://example.org/a.jpg?key=photo-1&code=42&size=large",
      "postgres://me@db/images",
      "http://127.0.0.1:8080/healthz",
      "a basic profile, the bearer of it",
    ])
      expect(redacted(plain)).toBe(plain);
  });
});

const NAMES = [
  ...["sslpassword", "password", "dbPassword", "passwd", "pwd", "PWD", "db_pwd", "pass", "passphrase"],
  ...["Api-Key", "api_key", "apikey", "apiKey", "APIKEY", "x-api-key", "X-Api-Key", "api%5Fkey", "subscription-key", "secretAccessKey"],
  ...["auth", "Auth", "x-auth", "authorization", "oauth", "auth_token", "authToken", "AUTHTOKEN", "auth-key"],
  ...["session", "Session", "sessionid", "sessionId", "session_id", "SESSIONID", "jsessionid", "PHPSESSID", "sessionToken"],
  ...["token", "access_token", "accesstoken", "id_token", "csrf-token", "x-amz-security-token", "user[token]"],
  ...["sig", "signature", "client_secret", "code_verifier", "assertion", "jwt", "X-Goog-Credential", "GoogleAccessId", "AWSAccessKeyId"],
];
const INNOCENT_NAMES = [
  ...["author", "authors", "authority", "authuser", "auth_type", "authenticated", "coauthor"],
  ...["session_type", "sessions", "obsession", "tokens", "max_tokens", "token_type", "page_token", "nextPageToken", "pagetoken"],
  ...[
    "key",
    "monkey",
    "public_key",
    "keyword",
    "sslkey",
    "sslmode",
    "code",
    "pwd_hint",
    "passage",
    "compass",
    "design",
    "sigma",
    "secretary",
  ],
];

/** Where a value stands, and what stays of it. */
const PLACES: readonly (readonly [place: string, text: (name: string, value: string) => string])[] = [
  ["the first parameter", (name, value) => `https://example.org/a.jpg?${name}=${value}&size=large`],
  ["another parameter", (name, value) => `https://example.org/a.jpg?size=large&${name}=${value}#part`],
  ["a parameter of an address in a parameter", (name, value) => `https://example.org/?to=https://b.example/?${name}=${value}`],
  ["a fragment", (name, value) => `https://example.org/#${name}=${value}`],
  ["a PostgreSQL address", (name, value) => `postgres://me@db/images?sslmode=require&${name}=${value}`],
  ["a PostgreSQL connection string", (name, value) => `host=db user=me ${name}=${value} sslmode=require`],
  ["one with spaces", (name, value) => `host = db ${name} = ${value} sslmode = require`],
  ["a quoted one", (name, value) => `host='db' ${name}='${value}' sslmode='require'`],
  ["a form in a message", (name, value) => `cannot read: ${name}=${value}, try again`],
  ["JSON", (name, value) => JSON.stringify({ size: "large", [name]: value, other: "x" })],
  ["JSON in JSON", (name, value) => JSON.stringify({ message: JSON.stringify({ [name]: value }), other: "x" })],
];

describe.each(PLACES)("in %s", (_place, text) => {
  const value = "s3cr3t-v4lue";

  test.each(NAMES)("hides the value of %s", (name) => {
    expect(redacted(text(name, value))).toBe(text(name, "…").replace("'…'", "…").replace("…,", "…"));
  });

  test.each(INNOCENT_NAMES)("leaves the value of %s", (name) => {
    expect(redacted(text(name, value))).toBe(text(name, value));
  });
});

test.each([
  ["postgres://me:p@ss@db/images", "postgres://me:…@db/images"],
  ["postgres://:pass@db/images", "postgres://:…@db/images"],
  ["password='with \\' and spaces' user=me", "password=… user=me"],
  ["password='never closed", "password=…"],
  ["x-api-key: abc", "x-api-key: …"],
  ["gs://b/date=2026/session=4/a.jpg", "gs://b/date=2026/session=4/a.jpg"],
])("%s is shown as %s", (text, shown) => {
  expect(redacted(text)).toBe(shown);
});

test("keeps JSON whole around a value that is hidden, whatever the value", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...`a'"\\ &=;?{}:,\n`) }), fc.constantFrom("token", "x", "password"), (text, name) => {
      for (const message of [`${name}=${text}`, `${name}='${text}'`, JSON.stringify({ [name]: text }), `${text} ${name} = ${text}`])
        expect(() => JSON.parse(redacted(JSON.stringify({ message, [name]: message })))).not.toThrow();
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ...[
    "a",
    "a.",
    "a-",
    "=",
    "a=",
    "a =",
    " ",
    "&",
    "&a",
    "?token",
    "token ",
    "password='",
    "password='\\\\'",
    '"',
    '"a',
    '"token":',
    "'token' : '",
  ],
  ...[
    "eyJ",
    "eyJ-",
    "eyJ.",
    "eyJa.eyJ",
    "://",
    "://a:",
    "://a:b",
    "@",
    "-----BEGIN ",
    "-----END ",
    "Bearer ",
    "authorization:",
    "ya29.",
    "%5F",
  ],
])("takes no longer than it should for a megabyte of %s", (pump) => {
  // At a cost that grew with the square of the length, none of these would end.
  expect(redacted(pump.repeat(1_000_000 / pump.length)).length).toBeGreaterThan(0);
});

test("hides a secret in a record's address, whatever its name's case", () => {
  expect(shownAddress("https://s/o.jpg?v=2&Api-Key=abc&session=def")).toBe("https://s/o.jpg?v=2&Api-Key=…&session=…");
});

test.each([
  ["https://s/b/o.jpg?X-Goog-Algorithm=A&X-Goog-Signature=00ff", "https://s/b/o.jpg"],
  ["https://s/b/o.jpg?generation=7&x-goog-date=1&X-GOOG-SIGNATURE=00ff#part", "https://s/b/o.jpg?generation=7"],
  ["https://s/b/o.jpg?GoogleAccessId=a@b&Expires=1&Signature=ab%2Bc", "https://s/b/o.jpg"],
  ["https://s/b/o.jpg?X%2DGoog%2DSignature=00ff", "https://s/b/o.jpg"],
  ["https://s/o.jpg?a=1&b=%20x", "https://s/o.jpg?a=1&b=%20x"],
  ["https://s/o.jpg?alt=media&token=capability", "https://s/o.jpg?alt=media&token=…"],
  ["gs://b/o?X-Goog-Signature=1", "gs://b/o?X-Goog-Signature=1"],
])("the address %s is shown as %s", (uri, shown) => {
  expect(shownAddress(uri)).toBe(shown);
  expect(isSigned(shown)).toBe(shown.startsWith("gs:") ? isSigned(uri) : false);
});
