import { afterEach, expect, test } from "vitest";
import { sharedToken } from "../../../src/auth/shared-token.ts";
import { gcs } from "../../../src/storage/gcs/storage.ts";
import { resolveOptions } from "../../../src/storage/options.ts";
import { type NameServer, serveNames } from "../name-server.ts";

const names = Array.from({ length: 3000 }, (_, i) => `${String(i).padStart(4, "0")}.jpg`);
const never = new AbortController().signal;
let server: NameServer;

afterEach(() => server.close());

/** A bucket whose server takes the first token for so many requests, and from then on only newer ones. */
async function listAll(accepted: number, everAfter: string, how: "list" | "listParallel") {
  let requests = 0;
  let refusals = 0;
  server = await serveNames({
    names: () => names,
    pageLimit: 100,
    intercept(request, response) {
      const isTaken = requests++ < accepted || request.headers.authorization === `Bearer ${everAfter}`;
      if (isTaken) return false;
      refusals++;
      response.writeHead(401, { "content-type": "application/json" }).end('{"error":{"code":401,"message":"Invalid Credentials"}}');
      return true;
    },
  });
  let fetched = 0;
  const tokens = sharedToken(async () => ({ token: `token-${++fetched}`, expires: undefined }));
  const storage = gcs(resolveOptions({ emulatorHost: server.url, backoff: 1 }), tokens);
  const listed: (string | undefined)[] = [];
  try {
    const where = { root: "gs://photos" };
    const pages = how === "list" ? storage.list(where, never) : storage.listParallel?.(where, never, 8);
    for await (const page of pages ?? []) listed.push(...page.map(({ info }) => info.name));
  } finally {
    await storage.close();
  }
  return { listed: listed.sort(), fetched, refusals };
}

test.each(["list", "listParallel"] as const)(
  "%s: a token that is refused amid it is renewed once for all, and nothing is missing or twice",
  async (how) => {
    const { listed, fetched, refusals } = await listAll(5, "token-2", how);
    expect(listed).toEqual(names);
    expect(fetched).toBe(2);
    expect(refusals).toBeGreaterThan(0);
  },
);

test.each(["list", "listParallel"] as const)("%s: where the new token is refused too, it ends and says so", async (how) => {
  await expect(listAll(5, "no token ever", how)).rejects.toMatchObject({ code: "UNAUTHENTICATED", reason: "CREDENTIALS_REFUSED" });
});
