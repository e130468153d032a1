import { expect, test } from "vitest";
import type { ReadRecord } from "../../../src/record/types.ts";
import { MOST_BYTES, recordMessage, removalMessage } from "../../../src/stores/sinks/message.ts";
import { type Event, expected, record } from "../../conformance/sink.ts";
import { expectRecord } from "../../schema.ts";
import { columns, expectRow, latestRows } from "../bigquery.ts";

const time = "2026-01-02T03:04:05.000006Z";

const full: ReadRecord = {
  schema: 1,
  engine: "0.1.0",
  values: "numeric",
  uri: "gs://photos/a.jpg",
  object: {
    bucket: "photos",
    name: "a.jpg",
    generation: "1555372964219642",
    metageneration: "3",
    size: 91121,
    contentType: "image/jpeg",
    storageClass: "STANDARD",
    timeCreated: "2019-04-16T00:02:44.219Z",
    updated: "2019-04-16T00:02:44.219Z",
    metadata: { owner: "me" },
  },
  format: "JPEG",
  mimeType: "image/jpeg",
  width: 960,
  height: 640,
  orientation: 6,
  summary: {
    takenAt: "2019-03",
    takenAtUtc: "2019-03-13T15:04:13Z",
    modifiedAt: "2019-03-13T11:04:13",
    make: "Apple",
    model: "iPhone X",
    serialNumber: "1",
    lens: "back camera",
    lensSerialNumber: "2",
    software: "12.1.4",
    exposureTime: 0.000353982,
    fNumber: 1.8,
    iso: 20,
    focalLength: 4,
    focalLength35mm: 28,
    exposureBias: -0.5,
    flashFired: false,
    latitude: 40.7,
    longitude: -73.9,
    altitude: 3,
    direction: 12.5,
    title: "t",
    description: "d",
    credit: "c",
    copyright: "©",
    city: "Αθήνα",
    state: "s",
    country: "Greece",
    creators: ["a", "b"],
    keywords: ["sea"],
    rating: 4.5,
    colorSpace: "sRGB",
    colorProfile: "Display P3",
    bitsPerSample: 8,
    channels: 3,
    hasAlpha: false,
    animated: false,
    frames: 1,
    digitalSourceType: "trainedAlgorithmicMedia",
    aiGenerated: true,
    contentCredentials: { claimGenerator: "g", actions: ["c2pa.created"] },
  },
  tags: { IFD0: { Make: "Apple", XResolution: 72 }, "XMP-dc": { Subject: ["sea"] } },
  thumbnail: { offset: 100, length: 2000, mimeType: "image/jpeg" },
  warnings: [{ code: "MALFORMED", message: "odd", offset: 7 }],
  read: { requests: 1, bytes: 65536 },
};

test("a message has a field for each column of the table, and no other", () => {
  expectRecord(full);
  const row = expectRow(recordMessage(full, time).data);
  const { errorCode, errorMessage } = expectRow(recordMessage(record("b.jpg", { error: true }), time).data);
  expect([errorCode, errorMessage]).toEqual(["TRUNCATED", "it ends: version 0 of b.jpg"]);
  expect([...Object.keys(row), "errorCode", "errorMessage"].sort()).toEqual(columns.map(({ name }) => name).sort());
  expect(row).toMatchObject({
    uri: full.uri,
    deleted: false,
    publishedAt: time,
    generation: "1555372964219642",
    width: 960,
    iso: 20,
    keywords: ["sea"],
  });
  expect(JSON.parse(row.tags as string)).toEqual(full.tags);
  expect(JSON.parse(row.object as string)).toEqual(full.object);
  expect(JSON.parse(row.warnings as string)).toEqual(full.warnings);
});

test("a removal is a row that says deleted", () => {
  const { data, attributes } = removalMessage({ uri: "gs://photos/a.jpg", generation: "7" }, time);
  expect(expectRow(data)).toEqual({ uri: "gs://photos/a.jpg", deleted: true, publishedAt: time, generation: "7" });
  expect(attributes).toEqual({ uri: "gs://photos/a.jpg", generation: "7" });
});

test("attributes leave out what is absent or longer than Pub/Sub takes", () => {
  expect(recordMessage(record("a.jpg"), time).attributes).toEqual({ uri: "gs://photos/a.jpg" });
  expect(recordMessage(record("é".repeat(510), { generation: "5" }), time).attributes).toEqual({ generation: "5" });
});

test("tags of a message that is too large are left out, with a warning", () => {
  const large: ReadRecord = { ...full, tags: { IFD0: { ImageDescription: "x".repeat(MOST_BYTES) } } };
  const { data } = recordMessage(large, time);
  const row = expectRow(data);
  expect(row).not.toHaveProperty("tags");
  expect(JSON.parse(row.warnings as string)).toEqual([
    { code: "LIMIT_EXCEEDED", message: expect.stringContaining("tags were left out") },
    ...full.warnings,
  ]);
  expect(row).toMatchObject({ make: "Apple" });
});

test("a record that is too large without its tags is refused", () => {
  const larger: ReadRecord = { ...full, summary: { description: "x".repeat(MOST_BYTES) } };
  expect(() => recordMessage(larger, time)).toThrow(expect.objectContaining({ code: "LIMIT_EXCEEDED" }));
});

test("the view shows what a catalogue would hold, whatever the order of the rows in the table", () => {
  const put = (name: string, versions: Parameters<typeof record>[1]): Event => ({ put: record(name, versions) });
  const histories: readonly (readonly Event[])[] = [
    // As numbers, 10 is newer than 9; as doubles the two large ones are the same.
    [put("a.jpg", { generation: "10" }), put("a.jpg", { generation: "9" })],
    [put("a.jpg", { generation: "9007199254740993" }), put("a.jpg", { generation: "9007199254740992" })],
    [put("a.jpg", { generation: "5" }), put("a.jpg", { generation: "5", metageneration: "2", error: true })],
    [put("a.jpg", { generation: "5" }), { remove: { uri: "gs://photos/a.jpg", generation: "5" } }, put("a.jpg", { generation: "5" })],
    [{ remove: { uri: "gs://photos/a.jpg", generation: "5" } }, put("a.jpg", { generation: "6" })],
    // Without versions the later counts.
    [put("a.jpg", { version: 1 }), put("a.jpg", { version: 2, error: true })],
    [put("a.jpg", {}), { remove: { uri: "gs://photos/a.jpg" } }],
    [{ remove: { uri: "gs://photos/a.jpg" } }, put("a.jpg", {}), put("b.jpg", {})],
  ];
  for (const history of histories) {
    const messages = history.map((event, i) => {
      const at = `2026-01-02T03:04:05.${String(i).padStart(6, "0")}Z`;
      return "put" in event ? recordMessage(event.put, at) : removalMessage(event.remove, at);
    });
    const rows = messages.map(({ data }) => expectRow(data));
    for (const stored of [rows, rows.toReversed()]) {
      const latest = latestRows(stored).map(({ uri, generation, title, errorCode }) => [uri, generation, title, errorCode]);
      const held = expected(history).map(({ uri, generation = null, title = null, error = null }) => [uri, generation, title, error]);
      expect(latest).toEqual(held);
    }
  }
});
