import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Storage } from "@google-cloud/storage";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Emulator, startEmulator } from "../../../src/emulator/server.ts";
import { signerOf } from "../../../src/emulator/signed-requests.ts";
import { createReader } from "../../../src/index.ts";
import { imagemeta } from "../../cli/running.ts";

const image = new URL("../../../samples/sample-bucket/press/harbour.jpg", import.meta.url);
const SIGNER = "signer@p.iam.gserviceaccount.com";
const key = (email: string) => ({
  type: "service_account",
  client_email: email,
  private_key: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
});
const [known, stranger] = [key(SIGNER), key(SIGNER)];
let folder: string;
let emulator: Emulator;

beforeAll(async () => {
  // Google's library warns of keys that are given to it.
  vi.spyOn(console, "warn").mockImplementation(() => {});
  folder = mkdtempSync(join(tmpdir(), "imagemeta-signed-"));
  mkdirSync(join(folder, "photos", "a b"), { recursive: true });
  writeFileSync(join(folder, "photos", "a b", "Zürich (1).jpg"), readFileSync(image));
  emulator = await startEmulator({ folder, port: 0, signers: new Map([signerOf(JSON.stringify(known))]) });
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

/** An address that Google's library signs. @param from seconds from now; it holds for a minute */
async function signed(credentials: typeof known = known, from = 0, queryParams: Record<string, string> = {}): Promise<string> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + from * 1000 });
  const storage = new Storage({ apiEndpoint: emulator.url, credentials, projectId: "p" });
  try {
    const file = storage.bucket("photos").file("a b/Zürich (1).jpg");
    const [url] = await file.getSignedUrl({ version: "v4", action: "read", expires: Date.now() + 60_000, queryParams });
    return url;
  } finally {
    vi.useRealTimers();
  }
}

const signatureIn = (url: string) => /X-Goog-Signature=(\w+)/.exec(url)?.[1] ?? "none";

async function read(url: string) {
  const reader = createReader();
  try {
    return await reader.readImage(url);
  } finally {
    await reader.close();
  }
}

describe("a signed address", () => {
  test("is read, and its record has the object's address alone", async () => {
    const url = await signed();
    const record = await read(url);
    expect(record).toMatchObject({ format: "JPEG", uri: url.split("?")[0] });
    expect(JSON.stringify(record)).not.toContain(signatureIn(url));
    expect((await read(await signed(known, -1))).uri).toBe(record.uri);
  });

  const ATTACKS: readonly (readonly [string, string, () => Promise<string> | string])[] = [
    ["that has expired", "SIGNED_URL_EXPIRED", () => signed(known, -120)],
    ["that is not valid yet", "SIGNED_URL_EXPIRED", () => signed(known, 3600)],
    ["for another object", "SIGNED_URL_SIGNATURE", async () => (await signed()).replace("Z%C3%BCrich", "Bern")],
    ["that was made to live longer", "SIGNED_URL_SIGNATURE", async () => (await signed(known, -120)).replace("Expires=60", "Expires=600")],
    ["with another parameter", "SIGNED_URL_SIGNATURE", async () => `${await signed()}&userProject=mine`],
    [
      "with a signature of zeros",
      "SIGNED_URL_SIGNATURE",
      async () => (await signed()).replace(/Signature=\w+/, `Signature=${"0".repeat(512)}`),
    ],
    ["signed by another key", "SIGNED_URL_SIGNATURE", () => signed(stranger)],
    ["signed by nobody that is known", "SIGNED_URL_FORBIDDEN", () => signed(key("evil@evil.iam.gserviceaccount.com"))],
    ["of which a part is missing", "SIGNED_URL_MALFORMED", async () => (await signed()).replace(/&X-Goog-Date=\w+/, "")],
    ["that would live for ever", "SIGNED_URL_MALFORMED", async () => (await signed()).replace("Expires=60", "Expires=99999999")],
    ["by another algorithm", "SIGNED_URL_MALFORMED", async () => (await signed()).replace("GOOG4-RSA-SHA256", "GOOG4-HMAC-SHA256")],
  ];
  test.each(ATTACKS)("%s is refused: %s", async (_what, reason, address) => {
    const url = await address();
    const record = await read(url);
    expect(record.error?.message).toMatch(new RegExp(`^${reason}: reading http`));
    expect(record.error?.code).toBe(reason === "SIGNED_URL_FORBIDDEN" ? "FORBIDDEN" : "UNAUTHENTICATED");
    expect(record.uri).not.toContain("X-Goog");
    expect(JSON.stringify(record)).not.toContain(signatureIn(url));
  });

  test("other storages tell of the same in their own words", async () => {
    const { serve } = await import("../web-server.ts");
    const answers: Readonly<Record<string, readonly [number, string]>> = {
      s3: [403, "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"],
      azure: [
        403,
        "<Error><Code>AuthenticationFailed</Code><AuthenticationErrorDetail>Signature did not match.</AuthenticationErrorDetail></Error>",
      ],
      plain: [403, "no"],
    };
    const server = await serve((request, response) => {
      const [status, body] = answers[request.url?.split(/[/?]/)[1] ?? ""] ?? [404, ""];
      response.writeHead(status).end(body);
    });
    try {
      const reasons: (string | undefined)[] = [];
      for (const name of Object.keys(answers))
        reasons.push((await read(`${server.url}/${name}?X-Amz-Signature=abcdef0123&sig=abcdef0123`)).error?.message.split(":")[0]);
      expect(reasons).toEqual(["SIGNED_URL_EXPIRED", "SIGNED_URL_SIGNATURE", "SIGNED_URL_FORBIDDEN"]);
    } finally {
      await server.close();
    }
  });

  test("nothing that the command line prints or keeps has the signature in it, whatever becomes of the request", {
    timeout: 120_000,
  }, async () => {
    const catalogue = join(folder, "catalog.db");
    const quiet = async (url: string, ...commands: readonly (readonly string[])[]) => {
      for (const command of commands) {
        const { stdout, stderr } = await imagemeta(command);
        expect(`${stdout}${stderr}`).not.toContain(signatureIn(url));
      }
    };
    for (const url of [await signed(), await signed(known, -120)])
      await quiet(url, [url], ["scan", url, "--to", catalogue], ["export", "--from", catalogue], ["audit", url]);
    const absent = (await signed()).replace("/photos/", "/absent/");
    const away = (await signed()).replace(emulator.url, "http://127.0.0.1:1");
    await quiet(absent, [absent], ["scan", absent, "--to", catalogue, "--processes", "2"]);
    await quiet(away, [away]);
    expect(readFileSync(catalogue).includes("X-Goog-Signature")).toBe(false);
  });
});

test("imagemeta emulate verifies signatures of the keys that it is given", async () => {
  writeFileSync(join(folder, "key.json"), "{}");
  expect(await imagemeta(["emulate", folder, "--port", "0", "--signer", join(folder, "key.json")])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("no key of a service account"),
  });
});
