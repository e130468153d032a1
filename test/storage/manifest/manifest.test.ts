import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { ObjectInfo } from "../../../src/record/types.ts";
import type { Location, StorageObject } from "../../../src/storage/contract.ts";
import { listManifests } from "../../../src/storage/manifest/manifest.ts";
import { Storages } from "../../../src/storage/table.ts";
import { rejection } from "../../conformance/storage.ts";
import { openBucket } from "../bucket.ts";

const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), "imagemeta-manifest-"));
const photos: Location = { root: "gs://photos" };
let storages = new Storages();

afterEach(async () => {
  await storages.close();
  storages = new Storages();
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return pathToFileURL(join(folder, name)).href;
}

interface Outcome {
  readonly objects: Required<StorageObject>[];
  readonly bad: [number, string][];
}

async function listed(uris: readonly string[], where?: Location): Promise<Outcome> {
  const outcome: Outcome = { objects: [], bad: [] };
  const open = async (object: StorageObject, signal: AbortSignal) => (await storages.for(object.uri)).open(object, signal);
  const onBad = (_uri: string, line: number, why: string) => outcome.bad.push([line, why]);
  for await (const page of listManifests(uris, { open, onBad, ...(where === undefined ? {} : { where }) }, never))
    outcome.objects.push(...page);
  return outcome;
}

const names = ({ objects }: Outcome) => objects.map(({ info }) => info.name);

describe("names, one a line", () => {
  test("of the bucket that is scanned, or with their own", async () => {
    const { objects, bad } = await listed(
      [file("names.txt", '\ufeffa.jpg\r\n\nb/ü 😀.jpg\ngs://other/c.jpg\ngs://photos/d,e"f.jpg')],
      photos,
    );
    expect(objects).toEqual([
      { uri: "gs://photos/a.jpg", info: { bucket: "photos", name: "a.jpg" } },
      { uri: "gs://photos/b/ü 😀.jpg", info: { bucket: "photos", name: "b/ü 😀.jpg" } },
      { uri: 'gs://photos/d,e"f.jpg', info: { bucket: "photos", name: 'd,e"f.jpg' } },
    ]);
    expect(bad).toEqual([]);
  });

  test("ended by NUL", async () => {
    expect(names(await listed([file("names.nul", "a.jpg\0b\tc.jpg\0gs://photos/d.jpg\0")], photos))).toEqual([
      "a.jpg",
      "b\tc.jpg",
      "d.jpg",
    ]);
  });

  test("what names no object is told with its line, and skipped", async () => {
    const lines = [
      "gs://photos/a.jpg",
      "b.jpg",
      "gs://photos",
      "",
      `gs://photos/${"x".repeat(1025)}`,
      "y".repeat(1 << 20),
      "gs://photos/z.jpg",
    ];
    const uri = file("bad.txt", Buffer.concat([Buffer.from(`${lines.join("\n")}\ngs://photos/`), Buffer.of(0xff, 0x0a)]));
    const outcome = await listed([uri]);
    expect(names(outcome)).toEqual(["a.jpg", "z.jpg"]);
    expect(outcome.bad).toEqual([
      [2, expect.stringContaining("gs://bucket/name")],
      [3, expect.stringContaining("names no object")],
      [5, expect.stringContaining("longer")],
      [6, expect.stringContaining("too long")],
      [8, expect.stringContaining("UTF-8")],
    ]);
  });

  test("prefix and globs narrow them", async () => {
    const uri = file("narrow.txt", "a/1.jpg\na/2.png\nb/3.jpg\n");
    expect(names(await listed([uri], { ...photos, prefix: "a/", exclude: ["*.png"] }))).toEqual(["a/1.jpg"]);
  });

  test("hundreds of thousands come in pages", async () => {
    const all = Array.from({ length: 300_000 }, (_, index) => `folder ${index % 97}/image-${index}.jpg`);
    expect(names(await listed([file("many.txt", all.join("\n"))], photos))).toEqual(all);
  });
});

const HEADER =
  "project,bucket,name,size,generation,metageneration,contentType,storageClass,timeCreated,updated,timeDeleted,md5Hash,crc32c,etag,metadata";
const ROW =
  '12,photos,"a ""b"", c.jpg",123,1715937164000000,2,image/jpeg,NEARLINE,2024-05-17T09:12:44.318Z,2024-05-18 09:12:44.318 UTC,,1B2M2Y8AsgTpgAmY7PhCfg==,gsoKKQ==,CKih16GjycICEAE=,"{""camera"":""X100""}"';
const INFO: ObjectInfo = {
  bucket: "photos",
  name: 'a "b", c.jpg',
  size: 123,
  generation: "1715937164000000",
  metageneration: "2",
  contentType: "image/jpeg",
  storageClass: "NEARLINE",
  timeCreated: "2024-05-17T09:12:44.318Z",
  updated: "2024-05-18T09:12:44.318Z",
  md5: "1B2M2Y8AsgTpgAmY7PhCfg==",
  crc32c: "gsoKKQ==",
  etag: "CKih16GjycICEAE=",
  metadata: { camera: "X100" },
};

describe("inventory reports in CSV", () => {
  test("give all that they say of an object", async () => {
    const { objects, bad } = await listed([file("report.csv", `${HEADER}\r\n${ROW}\r\n`)]);
    expect(objects).toEqual([{ uri: 'gs://photos/a "b", c.jpg', info: INFO }]);
    expect(bad).toEqual([]);
  });

  test("whatever the delimiter and the order of the columns", async () => {
    const uri = file("tabs.csv", '"size"|"name"|"crc32c"\n7|"x|y\nz.jpg"|2194278953\n8|plain.jpg|');
    const { objects } = await listed([uri], photos);
    expect(objects.map(({ info }) => info)).toEqual([
      { bucket: "photos", name: "x|y\nz.jpg", size: 7, crc32c: "gsoKKQ==" },
      { bucket: "photos", name: "plain.jpg", size: 8 },
    ]);
  });

  test("versions that were deleted are left out", async () => {
    const uri = file("deleted.csv", "bucket,name,timeDeleted\nphotos,a.jpg,2024-05-17T09:12:44Z\nphotos,a.jpg,\n");
    expect(names(await listed([uri]))).toEqual(["a.jpg"]);
  });

  test("bad lines are told with their number, and the others kept", async () => {
    const lines = [
      "bucket,name,size",
      "photos,a.jpg,1",
      "photos,b.jpg",
      "photos,,3",
      'photos,"c.jpg,4',
      "photos,d.jpg,5",
      "photos,e.jpg,six",
      'photos,f"g.jpg,7',
      'photos,"h\ni.jpg",8',
      "photos,j.jpg,x",
      "photos,k.jpg,9",
    ];
    const outcome = await listed([file("bad.csv", lines.join("\n"))]);
    expect(names(outcome)).toEqual(["a.jpg", "d.jpg", "h\ni.jpg", "k.jpg"]);
    expect(outcome.bad.map(([line]) => line)).toEqual([3, 4, 5, 7, 8, 11]);
  });

  test("a quote that is never closed costs one line", async () => {
    const rest = Array.from({ length: 50_000 }, (_, index) => `photos,${index}.jpg`);
    const outcome = await listed([file("quote.csv", `bucket,name\nphotos,"a.jpg\n${rest.join("\n")}\n`)]);
    expect(outcome.objects).toHaveLength(50_000);
    expect(outcome.bad).toEqual([[2, expect.stringContaining("never closed")]]);
  });

  test("any fields, quoted, come back", async () => {
    const field = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", " ", "é", "😀"), minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(field, { maxLength: 20 }), async (all) => {
        const uri = file("any.csv", `bucket,name\n${all.map((name) => `photos,"${name.replaceAll('"', '""')}"`).join("\r\n")}`);
        const outcome = await listed([uri]);
        expect(names(outcome)).toEqual(all);
        expect(outcome.bad).toEqual([]);
      }),
    );
  });
});

describe("inventory reports in Parquet", () => {
  const parquet = (rows: readonly Record<string, unknown>[], rowGroupSize: number) => {
    const column = (name: string, type: string) => ({ name, type, data: rows.map((row) => row[name] ?? null), nullable: true }) as never;
    const columns = [
      ...["project", "bucket", "name", "contentType", "storageClass", "md5Hash", "crc32c", "etag", "metadata"].map((name) =>
        column(name, "STRING"),
      ),
      ...["size", "generation", "metageneration"].map((name) => column(name, "INT64")),
      ...["timeCreated", "updated", "timeDeleted"].map((name) => column(name, "TIMESTAMP")),
    ];
    return new Uint8Array(parquetWriteBuffer({ columnData: columns, rowGroupSize }));
  };
  const row = {
    ...INFO,
    size: 123n,
    generation: 1715937164000000n,
    metageneration: 2n,
    timeCreated: new Date("2024-05-17T09:12:44.318Z"),
    updated: new Date("2024-05-18T09:12:44.318Z"),
    md5Hash: INFO.md5,
    metadata: JSON.stringify(INFO.metadata),
  };

  test("give all that they say of an object", async () => {
    const { objects, bad } = await listed([file("report.parquet", parquet([row, { bucket: "photos", size: 1n }], 100))]);
    expect(objects).toEqual([{ uri: 'gs://photos/a "b", c.jpg', info: INFO }]);
    expect(bad).toEqual([[2, "it has no name"]]);
  });

  test("in several groups of rows, each row once", async () => {
    const rows = Array.from({ length: 45_000 }, (_, index) => ({ bucket: "photos", name: `${index}.jpg`, size: BigInt(index) }));
    const { objects } = await listed([file("groups.parquet", parquet(rows, 23_000))]);
    expect(objects.map(({ info }) => [info.name, info.size])).toEqual(rows.map(({ name, size }) => [name, Number(size)]));
  });

  test("damage is an error that names the file", async () => {
    const bytes = parquet([row], 100);
    const uri = file("cut.parquet", bytes.subarray(0, bytes.length - 20));
    expect(await rejection(listed([uri]))).toBe("MALFORMED");
  });
});

test("a report's manifest names its parts, in a bucket as in a folder", async () => {
  const bucket = await openBucket();
  await storages.close();
  storages = new Storages({ emulatorHost: bucket.emulator.url });
  try {
    const list = JSON.stringify({ snapshot_time: "2024-05-18T00:00:00Z", report_shards_file_names: ["r_0.csv", "r_1.csv"] });
    await bucket.put("reports/r_manifest.json", Buffer.from(list), {}, "application/json");
    await bucket.put("reports/r_0.csv", Buffer.from("bucket,name\nphotos,a.jpg\n"), {}, "text/csv");
    await bucket.put("reports/r_1.csv", Buffer.from("bucket,name\nphotos,b.jpg\n"), {}, "text/csv");
    expect(names(await listed(["gs://photos/reports/r_manifest.json"]))).toEqual(["a.jpg", "b.jpg"]);
    bucket.emulator.faults.add({ kinds: ["503", "truncate"], times: 3 });
    expect(names(await listed(["gs://photos/reports/r_1.csv"]))).toEqual(["b.jpg"]);
  } finally {
    await bucket.close();
  }
});

test("a file that is not there ends it", async () => {
  expect(await rejection(listed([pathToFileURL(join(folder, "none.csv")).href]))).toBe("NOT_FOUND");
});
