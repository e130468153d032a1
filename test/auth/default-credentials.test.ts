import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { defaultCredentials } from "../../src/auth/default-credentials.ts";
import { serve, type WebServer } from "../storage/web-server.ts";

let folder: string;
let server: WebServer;
let answer: { status: number; body: object };
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "imagemeta-auth-"));
  server = await serve((_request, response) => {
    response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
  });
  // No other credentials of this machine.
  vi.stubEnv("HOME", folder);
  vi.stubEnv("CLOUDSDK_CONFIG", folder);
  vi.stubEnv("METADATA_SERVER_DETECTION", "none");
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Workload identity, whose token server can be any. */
function federate(): void {
  const path = join(folder, "identity.json");
  writeFileSync(join(folder, "subject"), "subject token");
  writeFileSync(
    path,
    JSON.stringify({
      type: "external_account",
      audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/provider",
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      token_url: `${server.url}/token`,
      credential_source: { file: join(folder, "subject") },
    }),
  );
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", path);
}

test("without credentials: anonymous", async () => {
  expect(await defaultCredentials().token()).toBeUndefined();
});

test("credentials give a token, which is fetched once", async () => {
  federate();
  answer = { status: 200, body: { access_token: "abc", expires_in: 3600, token_type: "Bearer", issued_token_type: "x" } };
  const source = defaultCredentials();
  expect(await source.token()).toBe("abc");
  expect(source.token()).toBe("abc");
  expect(server.requests.length).toBe(1);
  answer.body = { ...answer.body, access_token: "def" };
  await source.refused("abc");
  expect(source.token()).toBe("def");
});

test("credentials that the server refuses are UNAUTHENTICATED", async () => {
  federate();
  answer = { status: 400, body: { error: "invalid_grant", error_description: "it has been revoked" } };
  await expect(defaultCredentials().token()).rejects.toMatchObject({ code: "UNAUTHENTICATED", message: /invalid_grant/ });
});

test("a token server that is not reached is UNAVAILABLE", async () => {
  federate();
  await server.close();
  await expect(defaultCredentials().token()).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test("a key file that is none says what to do", async () => {
  const path = join(folder, "key.json");
  writeFileSync(path, "{}");
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", path);
  await expect(defaultCredentials().token()).rejects.toMatchObject({
    code: "UNAUTHENTICATED",
    message: /gcloud auth application-default login/,
  });
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", join(folder, "absent.json"));
  await expect(defaultCredentials().token()).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
});
