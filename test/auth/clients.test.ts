/** Google's clients with the credentials that are given to them: what is refused before a connection is made. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { writeLogin } from "../../src/auth/login-file.ts";
import type { CredentialOptions } from "../../src/auth/options.ts";
import { READ } from "../../src/auth/scopes.ts";
import { openMonitoring } from "../../src/queue/pubsub/monitoring.ts";
import { PubsubQueue } from "../../src/queue/pubsub/queue.ts";
import { BucketControl } from "../../src/storage/gcs/bucket-control.ts";
import { openFirestore } from "../../src/stores/firestore/catalogue.ts";
import { openPubsubSink } from "../../src/stores/sinks/pubsub.ts";

let folder: string;
let loginFile: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "imagemeta-clients-"));
  loginFile = join(folder, "login.json");
  const client = { id: "id", secret: "the-secret", authAddress: "https://x", tokenAddress: "https://x", revokeAddress: "https://x" };
  await writeLogin(loginFile, { client, refreshToken: "the-refresh-token", scopes: [READ] });
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  for (const name of ["PUBSUB_EMULATOR_HOST", "FIRESTORE_EMULATOR_HOST", "STORAGE_EMULATOR_HOST"]) vi.stubEnv(name, undefined);
});

const clients: readonly (readonly [string, string, (credentials: CredentialOptions) => Promise<unknown>])[] = [
  [
    "Pub/Sub",
    "pubsub",
    async (credentials) => {
      const queue = await PubsubQueue.open("p", credentials);
      await queue.signIn().finally(() => queue.close());
    },
  ],
  ["a sink of Pub/Sub's", "pubsub", (credentials) => openPubsubSink("pubsub://p/records", { values: "numeric", credentials })],
  ["Firestore", "firestore", (credentials) => openFirestore("p/(default)/images", { credentials })],
  [
    "the bucket's control plane",
    "setup",
    async (credentials) => (await BucketControl.open("b", { project: "p", credentials })).configurations(),
  ],
  [
    "Cloud Monitoring",
    "monitoring",
    (credentials) => openMonitoring(credentials).newest("projects/p/subscriptions/s", "num_undelivered_messages"),
  ],
];

describe("Google's clients", () => {
  test.each(clients)("%s without credentials says how to sign in", async (_name, _word, use) => {
    await expect(use({ metadata: "never" })).rejects.toMatchObject({
      code: "UNAUTHENTICATED",
      message: expect.stringMatching(/NOT_LOGGED_IN: [^;]*imagemeta login/),
    });
  });

  test.each(clients)("%s with a login that does not allow it names what does: --allow %s", async (_name, word, use) => {
    await expect(use({ metadata: "never", loginFile })).rejects.toMatchObject({
      code: "UNAUTHENTICATED",
      message: expect.stringMatching(new RegExp(`SCOPE_NOT_GRANTED: .*--allow read,${word}`)),
    });
  });
});
