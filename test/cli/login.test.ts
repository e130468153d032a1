import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { chromium } from "playwright-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CLIENT, EMAIL, type OAuthServer, startOAuthServer } from "../auth/oauth-server.ts";
import { requireProgram } from "../requirements.ts";
import { serveNames } from "../storage/name-server.ts";
import { imagemeta, type Ran, start } from "./running.ts";

let server: OAuthServer;
let folder: string;
let environment: Readonly<Record<string, string>>;
beforeEach(async () => {
  server = await startOAuthServer();
  folder = mkdtempSync(join(tmpdir(), "imagemeta-login-"));
  writeFileSync(join(folder, "client_secret.json"), JSON.stringify(server.clientSecret));
  environment = { XDG_CONFIG_HOME: folder, METADATA_SERVER_DETECTION: "none" };
});
afterEach(async () => {
  await server.close().catch(() => {});
  rmSync(folder, { recursive: true });
});

const loginFile = () => join(folder, "imagemeta", "login.json");
const clientSecret = () => ["--client-secret", join(folder, "client_secret.json")];

/** Runs `login`; `visit` is given the address that is printed, and gives what is pasted. */
async function login(
  args: readonly string[],
  visit: (address: string) => Promise<string | undefined>,
  more: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const child = start(["login", "--browser", "print", ...args], { ...environment, ...more });
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error("no pipes");
  const out = text(stdout);
  let err = "";
  let visiting: Promise<void> | undefined;
  stderr.on("data", (chunk) => {
    err += chunk;
    const [address] = /^ {2}(http\S+)\n/m.exec(err)?.slice(1) ?? [];
    if (address === undefined || visiting !== undefined) return;
    visiting = visit(address).then((pasted) => void (pasted !== undefined && stdin.write(`${pasted}\n`)));
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  await visiting;
  return { code, stdout: await out, stderr: err };
}

const browse = async (address: string) => {
  await fetch(address);
  return undefined;
};
const back = async (address: string) => (await fetch(address, { redirect: "manual" })).headers.get("location") ?? "";

test("login, whoami, logout", async () => {
  expect(await login(clientSecret(), browse)).toMatchObject({ code: 0, stdout: `signed in as ${EMAIL}; kept in ${loginFile()}\n` });
  expect(statSync(loginFile()).mode & 0o777).toBe(0o600);
  const who = await imagemeta(["whoami"], environment);
  expect(who.code).toBe(0);
  expect(who.stdout).toMatch(/^credentials +user, signed in with imagemeta login\nfrom +\S+login\.json\nprincipal +me@example\.com\n/);
  expect(JSON.parse((await imagemeta(["whoami", "--format", "json"], environment)).stdout)).toEqual({
    credentials: "user, signed in with imagemeta login",
    from: loginFile(),
    principal: EMAIL,
    scopes: ["openid", "email", "https://www.googleapis.com/auth/devstorage.read_only"],
    until: expect.stringMatching(/^\d{4}-/),
  });
  // Another login takes the client of the last one.
  expect((await login([], back)).code).toBe(0);
  expect(await imagemeta(["logout"], environment)).toMatchObject({ code: 0, stdout: `signed out: ${EMAIL}\n` });
  expect(server.revoked.length).toBe(1);
  expect(await imagemeta(["logout"], environment)).toMatchObject({ code: 0, stdout: expect.stringContaining("nobody is signed in") });
  expect(await imagemeta(["whoami"], environment)).toMatchObject({
    code: 1,
    stdout: "credentials             none: requests go anonymously\n",
  });
  expect(await imagemeta(["login"], environment)).toMatchObject({ code: 2, stderr: expect.stringContaining("--client-secret") });
});

test("the client may come from the environment; more is allowed by name", async () => {
  const more = { IMAGEMETA_CLIENT_SECRET: JSON.stringify(server.clientSecret), IMAGEMETA_ALLOW: "read,pubsub" };
  expect((await login([], browse, more)).code).toBe(0);
  expect(JSON.parse(readFileSync(loginFile(), "utf8")).scopes).toContain("https://www.googleapis.com/auth/pubsub");
});

test.each([
  ["LOGIN_DENIED", { error: "access_denied" }, browse],
  ["LOGIN_STATE_MISMATCH", { state: "other" }, back],
  ["LOGIN_CODE_REFUSED", { code: "used" }, browse],
])("refused with %s, and nothing is kept", async (reason, manners, visit) => {
  Object.assign(server.manners, manners);
  expect(await login(clientSecret(), visit)).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining(`UNAUTHENTICATED: ${reason}: `),
  });
  expect(() => statSync(loginFile())).toThrow(/ENOENT/);
});

test("a code that was pasted before is refused, a login that nobody answers ends", async () => {
  let code = "";
  const once = async (address: string) => {
    code = new URL(await back(address)).searchParams.get("code") ?? "";
    return code;
  };
  expect((await login(clientSecret(), once)).code).toBe(0);
  expect(await login([], async () => code)).toMatchObject({ code: 1, stderr: expect.stringContaining("LOGIN_CODE_REFUSED") });
  expect(await login(["--timeout", "1"], async () => undefined)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("LOGIN_TIMED_OUT"),
  });
});

test("a bucket is read with the login; one that was revoked says so, and what to do", async () => {
  const asked = new Set<string | undefined>();
  const bucket = await serveNames({
    names: () => ["a.jpg"],
    intercept(request) {
      asked.add(request.headers.authorization);
      return false;
    },
  });
  try {
    await login(clientSecret(), browse);
    // An emulator is sent no token.
    await imagemeta(["gs://photos"], { ...environment, STORAGE_EMULATOR_HOST: bucket.url });
    expect([...asked]).toEqual([undefined]);
    server.manners.refreshing = "revoked";
    expect(await imagemeta(["whoami"], environment)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("UNAUTHENTICATED: LOGIN_REVOKED: "),
    });
    const read = await imagemeta(["gs://photos/a.jpg"], environment);
    expect(read).toMatchObject({ code: 1, stderr: expect.stringContaining("LOGIN_REVOKED") });
    expect(read.stderr).toContain("imagemeta login");
  } finally {
    await bucket.close();
  }
});

test("the browser of the machine is opened where there is one", async () => {
  const browser = join(folder, "browser");
  writeFileSync(browser, `#!/bin/sh\nexec "${process.execPath}" -e 'fetch(process.argv[1])' "$1"\n`);
  chmodSync(browser, 0o755);
  const ran = await imagemeta(["login", "--browser", "open", ...clientSecret()], { ...environment, BROWSER: browser });
  expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining(EMAIL) });
  expect(ran.stderr).toContain("Sign in in the browser that opens");
});

test("whoami says what is allowed on a bucket", async () => {
  const { openBucket } = await import("../storage/bucket.ts");
  const bucket = await openBucket();
  try {
    const { stdout } = await imagemeta(["whoami", "gs://photos", "--format", "json"], {
      ...environment,
      STORAGE_EMULATOR_HOST: bucket.emulator.url,
    });
    expect(JSON.parse(stdout)).toMatchObject({
      bucket: "photos",
      permissions: { "storage.objects.get": true, "storage.objects.list": true },
    });
    const absent = await imagemeta(["whoami", "absent"], { ...environment, STORAGE_EMULATOR_HOST: bucket.emulator.url });
    expect(absent.stdout).toMatch(/^permissions +NOT_FOUND: /m);
  } finally {
    await bucket.close();
  }
});

test("nothing that is printed has a token, a code or the client's secret in it", async () => {
  const printed: string[] = [];
  const keep = async (running: Promise<Ran>) => {
    const { stdout, stderr } = await running;
    printed.push(stdout, stderr);
  };
  await keep(login(clientSecret(), browse));
  await keep(imagemeta(["whoami", "--format", "json"], environment));
  server.manners.refreshing = "revoked";
  await keep(imagemeta(["gs://photos/a.jpg"], environment));
  await keep(imagemeta(["whoami"], environment));
  await keep(login([], back));
  server.manners.isDown = true;
  await keep(imagemeta(["logout"], environment));
  expect(server.secrets.length).toBeGreaterThanOrEqual(6);
  for (const secret of [...server.secrets, CLIENT.secret]) expect(printed.join("\n")).not.toContain(secret);
});

const hasChromium = requireProgram("chromium", "apt-get install chromium");
describe.skipIf(!hasChromium)("with a real browser", () => {
  test("signs in, shows so, and leaves", { timeout: 60_000 }, async () => {
    const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
    try {
      const page = await browser.newPage();
      const shown: (string | null)[] = [];
      const ran = await login(clientSecret(), async (address) => {
        await page.goto(address);
        shown.push(await page.textContent("body"));
        return undefined;
      });
      expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining(EMAIL) });
      expect(shown.join()).toContain(`You are signed in as ${EMAIL}`);
      server.manners.error = "access_denied";
      const refused = await login(clientSecret(), async (address) => {
        await page.goto(address);
        shown.push(await page.textContent("body"));
        return undefined;
      });
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("LOGIN_DENIED") });
      expect(shown.at(-1)).toContain("You are not signed in. LOGIN_DENIED");
    } finally {
      await browser.close();
    }
  });
});
