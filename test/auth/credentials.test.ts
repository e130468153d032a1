import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { googleClient, newTokens, tokensFor } from "../../src/auth/credentials.ts";
import { findCredential } from "../../src/auth/find.ts";
import { writeLogin } from "../../src/auth/login-file.ts";
import { type CredentialOptions, environmentCredentials } from "../../src/auth/options.ts";
import { projectOf } from "../../src/auth/project.ts";
import { FIRESTORE, PUBSUB, READ } from "../../src/auth/scopes.ts";
import { serve, type WebServer } from "../storage/web-server.ts";

/** A token server, the IAM API and a metadata server in one. */
let server: WebServer;
let folder: string;
let answer: { status: number; body: object };
let asked: { url: string; authorization: string; body: string }[];
/** Is this the metadata server of a machine of Google's? */
let isMachine: boolean;

const granted = (token: string) => ({ access_token: token, expires_in: 3600, token_type: "Bearer", issued_token_type: "x" });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "imagemeta-auth-"));
  asked = [];
  isMachine = false;
  answer = { status: 200, body: granted("abc") };
  server = await serve(async (request: IncomingMessage, response) => {
    const { url = "", headers } = request;
    asked.push({ url, authorization: headers.authorization ?? "", body: await text(request) });
    const json = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (url.startsWith("/computeMetadata")) {
      response.writeHead(isMachine ? 200 : 404, isMachine ? { "metadata-flavor": "Google" } : {}).end("{}");
    } else if (url.includes(":generateAccessToken")) {
      json(200, { accessToken: "impersonated", expireTime: new Date(Date.now() + 3_600_000).toISOString() });
    } else json(answer.status, answer.body);
  });
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

function file(name: string, content: object | string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

/** Workload identity, whose token server can be any. */
function federation(name: string): string {
  return file(name, {
    type: "external_account",
    audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/provider",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: `${server.url}/token`,
    credential_source: { file: file("subject", "subject token") },
  });
}

const key = (email: string) => ({
  type: "service_account",
  project_id: "p-of-the-key",
  client_email: email,
  private_key: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }),
});
const gcloudLogin = {
  type: "authorized_user",
  client_id: "id",
  client_secret: "secret-of-gcloud",
  refresh_token: "refresh-of-gcloud",
  quota_project_id: "quota",
};

async function login(scopes: readonly string[] = [READ]): Promise<string> {
  const path = join(folder, "config", "login.json");
  const client = { id: "id", secret: "secret", authAddress: server.url, tokenAddress: `${server.url}/token`, revokeAddress: server.url };
  await writeLogin(path, { client, refreshToken: "refresh-of-the-login", scopes, email: "me@example.com" });
  return path;
}

const host = () => new URL(server.url).host;

describe("which credentials are taken", () => {
  test("each comes after those before it, and says what it is and whose", async () => {
    isMachine = true;
    const all: CredentialOptions = {
      file: file("explicit.json", key("explicit@p.iam.gserviceaccount.com")),
      environmentFile: federation("environment.json"),
      gcloudFolder: dirname(file("gcloud/application_default_credentials.json", gcloudLogin)),
      metadata: "look",
      metadataHost: host(),
      loginFile: await login(),
    };
    const { file: _file, ...environment } = all;
    const { environmentFile: _environment, ...gcloud } = environment;
    const { gcloudFolder: _gcloud, ...machine } = gcloud;
    const kinds: (string | undefined)[] = [];
    for (const options of [all, environment, gcloud, machine, { ...machine, metadata: "never" }, { metadata: "never" }] as const)
      kinds.push((await findCredential(options))?.kind);
    expect(kinds).toEqual([
      "service account key",
      "workload identity federation",
      "user, signed in with gcloud",
      "service account of this machine",
      "user, signed in with imagemeta login",
      undefined,
    ]);
    expect(await findCredential(all)).toMatchObject({
      principal: "explicit@p.iam.gserviceaccount.com",
      project: "p-of-the-key",
      from: expect.stringContaining("--credentials"),
    });
    expect(await findCredential({ ...machine, metadata: "never" })).toMatchObject({ principal: "me@example.com" });
    expect(await findCredential({ ...all, file: "none" })).toBeUndefined();
    expect(await projectOf(gcloud)).toBe("quota");
  });

  test("what is not there is looked for in silence", async () => {
    const warnings: unknown[] = [];
    const hear = (warning: Error) => warnings.push(warning.message);
    process.on("warning", hear);
    expect(await newTokens({ metadataHost: host() }, [READ]).token()).toBeUndefined();
    expect(await newTokens({ metadataHost: "127.0.0.1:1" }, [READ]).token()).toBeUndefined();
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", hear);
    expect(warnings).toEqual([]);
  });

  test("the environment says where each is", () => {
    expect(
      environmentCredentials({
        HOME: "/home/me",
        GOOGLE_APPLICATION_CREDENTIALS: "/key.json",
        METADATA_SERVER_DETECTION: "none",
        XDG_CONFIG_HOME: "/config",
      }),
    ).toMatchObject({
      environmentFile: "/key.json",
      gcloudFolder: "/home/me/.config/gcloud",
      metadata: "never",
      loginFile: "/config/imagemeta/login.json",
    });
    expect(environmentCredentials({ CLOUDSDK_CONFIG: "/sdk", HOME: "/home/me", GCE_METADATA_HOST: "m:80" })).toMatchObject({
      gcloudFolder: "/sdk",
      metadata: "look",
      metadataHost: "m:80",
    });
  });

  test.runIf(process.getuid?.() === 0)("a user that the system does not know has no login, and no failure", () => {
    chmodSync(folder, 0o755);
    cpSync(new URL("../../src/auth/options.ts", import.meta.url), join(folder, "options.mts"));
    const code = `import { environmentCredentials } from "${folder}/options.mts"; console.log(JSON.stringify(environmentCredentials({})))`;
    const ran = spawnSync(process.execPath, ["--input-type=module", "-e", code], { uid: 54321, gid: 54321, env: {}, encoding: "utf8" });
    expect([ran.stderr, ran.stdout]).toEqual(["", '{"metadata":"look"}\n']);
  });

  test("gcloud's configuration names the project where credentials do not", async () => {
    file("gcloud/active_config", "work");
    const gcloudFolder = dirname(
      file("gcloud/configurations/config_work", "[compute]\nproject = other\n[core]\naccount = me\nproject = mine\n"),
    );
    expect(await projectOf({ metadata: "never", gcloudFolder: dirname(gcloudFolder) })).toBe("mine");
    expect(await projectOf({ metadata: "never" })).toBeUndefined();
  });

  test.each([
    ["not there", undefined, /ENOENT/],
    ["no JSON", '{ "private_key": "very secret', /it is no JSON/],
    ["without a type", {}, /its type is missing/],
    ["of a type that nobody knows", { type: "x" }, /its type is x/],
    ["a key without a key", { type: "service_account", client_email: "a@b" }, /it has no private_key/],
  ])("a file that is %s is refused, and what follows is not taken", async (_what, content, why) => {
    const path = content === undefined ? join(folder, "absent.json") : file("given.json", content);
    const refused = newTokens({ file: path, loginFile: await login(), metadata: "never" }, [READ]).token();
    await expect(refused).rejects.toMatchObject({
      code: "UNAUTHENTICATED",
      reason: "CREDENTIALS_UNREADABLE",
      message: expect.stringMatching(why),
    });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringMatching(/very secret/) });
  });
});

describe("tokens", () => {
  test("without credentials: anonymous", async () => {
    expect(await newTokens({ metadata: "never" }, [READ]).token()).toBeUndefined();
  });

  test("workload identity federation: a token of the least scope, fetched once, renewed once where it was refused", async () => {
    const source = newTokens({ environmentFile: federation("identity.json") }, [READ]);
    expect(await source.token()).toBe("abc");
    expect(source.token()).toBe("abc");
    expect(asked.length).toBe(1);
    expect(new URLSearchParams(asked[0]?.body)).toSatisfy(
      (form: URLSearchParams) => form.get("scope") === READ && form.get("subject_token") === "subject token",
    );
    answer.body = granted("def");
    await Promise.all([source.refused("abc"), source.refused("abc")]);
    expect([source.token(), asked.length]).toEqual(["def", 2]);
  });

  test("all of a process that take the same credentials share one token; another scope has its own", async () => {
    const options = { environmentFile: federation("shared.json") };
    expect(tokensFor(options, [READ])).toBe(tokensFor({ ...options }, [READ]));
    expect(tokensFor(options, [PUBSUB])).not.toBe(tokensFor(options, [READ]));
    const client = await googleClient(options, [READ]);
    await tokensFor(options, [READ]).token();
    for (let i = 0; i < 3; i++) expect((await client.getRequestHeaders()).get("authorization")).toBe("Bearer abc");
    expect(asked.length).toBe(1);
  });

  test("Google's clients without credentials say how to sign in", async () => {
    const client = await googleClient({ metadata: "never" }, [PUBSUB]);
    await expect(client.getRequestHeaders()).rejects.toMatchObject({
      code: 16,
      message: expect.stringMatching(/^NOT_LOGGED_IN: .*imagemeta login/),
    });
  });

  test("impersonation: the source's token of the platform's scope buys one of the target's, of the scope that is needed", async () => {
    const options = {
      environmentFile: federation("source.json"),
      impersonate: "first@p.iam.gserviceaccount.com, target@p.iam.gserviceaccount.com",
      iamEndpoint: server.url,
    };
    expect(await newTokens(options, [READ]).token()).toBe("impersonated");
    const [bought, sold] = asked;
    expect(new URLSearchParams(bought?.body).get("scope")).toBe("https://www.googleapis.com/auth/cloud-platform");
    expect(sold).toMatchObject({
      url: "/v1/projects/-/serviceAccounts/target%40p.iam.gserviceaccount.com:generateAccessToken",
      authorization: "Bearer abc",
    });
    expect(JSON.parse(sold?.body ?? "")).toEqual({
      delegates: ["projects/-/serviceAccounts/first@p.iam.gserviceaccount.com"],
      scope: [READ],
      lifetime: "3600s",
    });
    expect(await findCredential(options)).toMatchObject({
      principal: "target@p.iam.gserviceaccount.com",
      kind: expect.stringContaining("impersonation by"),
    });
    await expect(newTokens({ metadata: "never", impersonate: "target@p" }, [READ]).token()).rejects.toMatchObject({
      reason: "NOT_LOGGED_IN",
    });
  });

  test("a file of impersonation does the same, and says nothing on the console", async () => {
    const path = file("impersonated.json", {
      type: "impersonated_service_account",
      service_account_impersonation_url: `${server.url}/v1/projects/-/serviceAccounts/target@p.iam.gserviceaccount.com:generateAccessToken`,
      source_credentials: JSON.parse(readFileSync(federation("inner.json"), "utf8")),
    });
    expect(await newTokens({ file: path }, [READ]).token()).toBe("impersonated");
    expect(await findCredential({ file: path })).toMatchObject({ principal: "target@p.iam.gserviceaccount.com" });
  });

  test("the user's own login gives what it was allowed, and names what it was not", async () => {
    const loginFile = await login();
    expect(await newTokens({ metadata: "never", loginFile }, [READ]).token()).toBe("abc");
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.body))).toEqual({
      grant_type: "refresh_token",
      refresh_token: "refresh-of-the-login",
      client_id: "id",
      client_secret: "secret",
    });
    await expect(newTokens({ metadata: "never", loginFile }, [FIRESTORE]).token()).rejects.toMatchObject({
      reason: "SCOPE_NOT_GRANTED",
      message: expect.stringMatching(/--allow read,firestore/),
    });
  });

  test.each([
    ["Token has been revoked.", "LOGIN_REVOKED"],
    ["Token has expired.", "LOGIN_EXPIRED"],
    ["Token has been expired or revoked.", "LOGIN_ENDED"],
  ])("a login of which Google says %s: %s", async (description, reason) => {
    answer = { status: 400, body: { error: "invalid_grant", error_description: description } };
    await expect(newTokens({ metadata: "never", loginFile: await login() }, [READ]).token()).rejects.toMatchObject({
      code: "UNAUTHENTICATED",
      reason,
    });
  });

  test("credentials that the server refuses are UNAUTHENTICATED", async () => {
    answer = { status: 401, body: { error: "invalid_client" } };
    await expect(newTokens({ environmentFile: federation("identity.json") }, [READ]).token()).rejects.toMatchObject({
      code: "UNAUTHENTICATED",
      reason: "CREDENTIALS_REFUSED",
      message: expect.stringMatching(/invalid_client/),
    });
  });

  test("a token server that is not reached is UNAVAILABLE", async () => {
    const environmentFile = federation("identity.json");
    await server.close();
    await expect(newTokens({ environmentFile }, [READ]).token()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });
});
