import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { compareNames } from "../../../src/record/name-order.ts";
import type { Location, Storage } from "../../../src/storage/contract.ts";
import { gcs } from "../../../src/storage/gcs/storage.ts";
import { resolveOptions } from "../../../src/storage/options.ts";
import { rejection } from "../../conformance/storage.ts";
import { openBucket } from "../bucket.ts";
import { type NameServer, type NameServerOptions, serveNames } from "../name-server.ts";
import { namesOf, SHAPES } from "../name-shapes.ts";

const never = new AbortController().signal;
const everything: Location = { root: "gs://names" };
const toClose: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const open of toClose.splice(0).reverse()) await open.close();
});

async function bucketOf(
  names: readonly string[],
  options: Partial<NameServerOptions> = {},
): Promise<{ storage: Storage; server: NameServer }> {
  const server = await serveNames({ names: () => names, pageLimit: 100, ...options });
  const storage = gcs(resolveOptions({ emulatorHost: server.url, backoff: 1, stall: 2000 }));
  toClose.push(server, storage);
  return { storage, server };
}

function pagesOf(storage: Storage, where: Location = everything, signal = never, workers = 8) {
  if (storage.listParallel === undefined) throw new Error("no parallel list");
  return storage.listParallel(where, signal, workers);
}

async function listed(storage: Storage, where?: Location, workers?: number): Promise<string[]> {
  const names: string[] = [];
  for await (const page of pagesOf(storage, where, never, workers)) names.push(...page.map(({ info }) => info.name ?? ""));
  return names.sort(compareNames);
}

describe.each(SHAPES)("%s", (shape) => {
  const names = namesOf(shape, 6000);

  test("each once, in requests not many more than pages", async () => {
    const { storage, server } = await bucketOf(names);
    expect(await listed(storage)).toEqual(names);
    expect(server.lists.count).toBeLessThan(60 + 200);
    expect(server.lists.mostInFlight).toBeLessThanOrEqual(8);
  });

  test("each once while requests fail", async () => {
    const asked = new Set<string | undefined>();
    const { storage } = await bucketOf(names, {
      intercept: ({ url }, response) => {
        if (asked.has(url)) return false;
        asked.add(url);
        if (asked.size % 4 === 0) response.writeHead(503).end();
        else if (asked.size % 4 === 1) response.destroy();
        else if (asked.size % 4 === 2)
          response.writeHead(200, { "content-length": 1000 }).write('{"items":[{"na', () => response.destroy());
        return asked.size % 4 < 3;
      },
    });
    expect(await listed(storage)).toEqual(names);
  });
});

test("any names, any page size, any prefix, any number of workers: each once", async () => {
  const letter = fc.oneof(
    fc.constantFrom("a", "b", "/", "0", "9", "~", "\uffee", "😀", "\u{10ffff}", "\ud7ff", "\t"),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  );
  const name = fc.oneof(
    fc.array(letter, { minLength: 1, maxLength: 6 }).map((letters) => letters.join("")),
    fc.tuple(fc.constantFrom("x".repeat(1000), "p/", "p/q/r/"), fc.nat(2000)).map(([prefix, number]) => `${prefix}${number}`),
  );
  const isName = (text: string) => text.isWellFormed() && !/[\r\n]/.test(text);
  const bucket = fc.uniqueArray(name.filter(isName), { maxLength: 300 }).map((names) => names.sort(compareNames));
  await fc.assert(
    fc.asyncProperty(
      bucket,
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom("", "p/", "x", "\u{10ffff}"),
      async (names, pageLimit, workers, prefix) => {
        const { storage } = await bucketOf(names, { pageLimit });
        expect(await listed(storage, { ...everything, prefix }, workers)).toEqual(names.filter((each) => each.startsWith(prefix)));
        await storage.close();
      },
    ),
    { numRuns: 60 },
  );
});

describe("folders", () => {
  const isOfFolders = ({ url }: { readonly url?: string | undefined }) => url?.includes("delimiter=") ?? false;

  test("spare requests where they are small, whatever their names", async () => {
    const names = Array.from({ length: 150 }, (_, folder) => namesOf("hashes", 40).map((name) => `${"b".repeat(folder)}/${name}`)).flat();
    const all = names.sort(compareNames);
    const { storage, server } = await bucketOf(all);
    expect(await listed(storage)).toEqual(all);
    expect(server.lists.count).toBeLessThan(60 * 2);
  });

  test.each([400, 403, 503])("that cannot be had do no harm: %i", async (status) => {
    const names = namesOf("dates", 3000);
    const { storage } = await bucketOf(names, {
      intercept: (request, response) => {
        if (isOfFolders(request)) response.writeHead(status).end();
        return isOfFolders(request);
      },
    });
    expect(await listed(storage)).toEqual(names);
  });

  test("are not waited for when all names have come", async () => {
    const names = namesOf("dates", 250);
    const { storage } = await bucketOf(names, { intercept: isOfFolders });
    const started = performance.now();
    expect(await listed(storage)).toEqual(names);
    expect(performance.now() - started).toBeLessThan(900);
  });
});

test("an empty bucket has no pages", async () => {
  const { storage, server } = await bucketOf([]);
  expect(await listed(storage)).toEqual([]);
  expect(server.lists.count).toBeLessThanOrEqual(2);
});

test("globs narrow it as they narrow the list in order", async () => {
  const { storage } = await bucketOf(namesOf("folders of one object", 500));
  expect(await listed(storage, { ...everything, exclude: ["**/albums/*7/*"] })).toHaveLength(450);
});

test("what stays is listed once, whatever comes and goes meanwhile", async () => {
  const staying = namesOf("hashes", 5000);
  let all = staying;
  let request = 0;
  const { storage } = await bucketOf(staying, {
    names: () => all,
    intercept: () => {
      request++;
      const passing = Array.from(
        { length: 300 },
        (_, index) => `${((index * 37 + request * 11) % 4096).toString(16).padStart(3, "0")}-${request}`,
      );
      all = [...staying, ...passing].sort(compareNames);
      return false;
    },
  });
  const names = await listed(storage);
  expect(names.filter((each) => !each.includes("-"))).toEqual(staying);
  expect(new Set(names).size).toBe(names.length);
});

test("the object a range goes on from may be deleted", async () => {
  const staying = namesOf("one flat prefix", 3000);
  let all = staying;
  const { storage } = await bucketOf(staying, { names: () => all, pageLimit: 10 });
  const names: string[] = [];
  for await (const page of pagesOf(storage)) {
    names.push(...page.map(({ info }) => info.name ?? ""));
    const gone = new Set(names);
    all = staying.filter((each) => !gone.has(each));
  }
  expect(names.sort(compareNames)).toEqual(staying);
});

test("pages that nobody takes stop it", async () => {
  const { storage, server } = await bucketOf(namesOf("one flat prefix", 200_000), { pageLimit: 1000 });
  const pages = pagesOf(storage)[Symbol.asyncIterator]();
  await pages.next();
  let before = -1;
  while (server.lists.inFlight > 0 || server.lists.count !== before) {
    before = server.lists.count;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const stopped = server.lists.count;
  expect(stopped).toBeLessThan(50);
  let objects = 0;
  for (let page = await pages.next(); !page.done; page = await pages.next()) objects += page.value.length;
  expect(objects).toBeGreaterThanOrEqual(199_000);
  expect(server.lists.count).toBeGreaterThan(stopped);
});

test("an AbortSignal ends it, and so does leaving the loop", async () => {
  const { storage, server } = await bucketOf(namesOf("dates", 20_000), { latency: 5 });
  const stop = new AbortController();
  const reason = new Error("enough");
  const listing = (async () => {
    for await (const _ of pagesOf(storage, everything, stop.signal)) stop.abort(reason);
  })();
  expect(await rejection(listing)).toBe(reason);
  for await (const _ of pagesOf(storage)) break;
  const { count } = server.lists;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(server.lists.count).toBe(count);
});

test("a refusal ends it", async () => {
  const { storage } = await bucketOf(namesOf("dates", 5000), {
    intercept: (request, response) => {
      if (!request.url?.includes("startOffset")) return false;
      response.writeHead(403).end();
      return true;
    },
  });
  expect(await rejection(listed(storage))).toBe("FORBIDDEN");
});

test("lists what the emulator holds, through its faults", async () => {
  const bucket = await openBucket();
  const storage = gcs(resolveOptions({ emulatorHost: bucket.emulator.url, backoff: 1 }));
  toClose.push(bucket, storage);
  const names = SHAPES.flatMap((shape) => namesOf(shape, 12));
  for (const name of names) await bucket.put(name, Buffer.of(1));
  bucket.emulator.faults.add({ kinds: ["503", "reset", "truncate"], rate: 0.3, match: "^GET .*/o\\?" });
  expect(await listed(storage, { root: "gs://photos" })).toEqual(names.sort(compareNames));
});
