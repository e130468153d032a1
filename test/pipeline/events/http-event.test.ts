import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arrivalOf, arrivalOfCloudEvent, type Headers } from "../../../src/pipeline/events/http-event.ts";
import { eventOfMessage } from "../../../src/pipeline/events/notification.ts";
import type { ObjectEvent } from "../../../src/pipeline/events/object-event.ts";
import { ImagemetaError } from "../../../src/record/errors.ts";
import {
  binaryCloudEvent,
  type Change,
  messagePublished,
  pulled,
  type Request,
  structuredCloudEvent,
  unwrappedPush,
  wrappedPush,
} from "./forms.ts";

const text = (least: number, most: number) =>
  fc.oneof(
    fc.string({ unit: "grapheme", minLength: least, maxLength: most }),
    fc.stringMatching(new RegExp(`^[a-zA-Z/%ü€𝄞 .+?#&=]{${least},${most}}$`)),
  );
/** Names as Cloud Storage allows them: UTF-8 of 1 to 1024 bytes, and no line break, which a header could not carry. */
const name = text(1, 200).filter((n) => n.isWellFormed() && Buffer.byteLength(n) <= 1024 && !/[\0\r\n]/.test(n));
const generation = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String);
const change: fc.Arbitrary<Change> = fc.record({
  type: fc.constantFrom("OBJECT_FINALIZE", "OBJECT_METADATA_UPDATE", "OBJECT_DELETE", "OBJECT_ARCHIVE"),
  resource: fc.record(
    {
      bucket: fc.stringMatching(/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/),
      name,
      generation,
      metageneration: fc.integer({ min: 1, max: 1000 }).map(String),
      size: fc.integer({ min: 0 }).map(String),
      contentType: fc.constantFrom("image/jpeg", "text/plain"),
      md5Hash: fc.base64String(),
      updated: fc.constant("2026-05-01T12:00:00.000Z"),
      metadata: fc.dictionary(text(1, 20), text(0, 20)),
    },
    { requiredKeys: ["bucket", "name", "generation"] },
  ),
});

const REQUESTS: readonly ((change: Change) => Request)[] = [
  wrappedPush,
  unwrappedPush,
  binaryCloudEvent,
  structuredCloudEvent,
  messagePublished,
];

function eventOf({ headers, body }: Request): ObjectEvent {
  return arrivalOf(headers, Buffer.from(body)).event();
}

describe("the forms of an event", () => {
  test("all say the same of a change", () => {
    fc.assert(
      fc.property(change, (given) => {
        const event = eventOfMessage(pulled(given));
        const { bucket, name, generation } = given.resource;
        expect(event).toMatchObject({ uri: `gs://${bucket}/${name}`, isDescribed: true, info: { bucket, name, generation } });
        for (const form of REQUESTS) expect(eventOf(form(given)), form.name).toEqual(event);
        const { info, ...rest } = eventOfMessage(pulled(given, "NONE"));
        expect({ ...rest, info }).toEqual({ ...event, isDescribed: false, info: { bucket, name, generation } });
      }),
      { numRuns: 500 },
    );
  });

  test("each is a message that says the same again when it is pulled, as from the dead letters", () => {
    fc.assert(
      fc.property(change, fc.constantFrom(...REQUESTS), (given, form) => {
        const { headers, body } = form(given);
        const { message } = arrivalOf(headers, Buffer.from(body));
        expect(eventOfMessage(message)).toEqual(eventOfMessage(pulled(given)));
      }),
    );
  });

  test("they say their number, delivery, time and trace", () => {
    const given: Change = { type: "OBJECT_FINALIZE", resource: { bucket: "photos", name: "a.jpg", generation: "1" } };
    for (const form of REQUESTS) {
      const { headers, body } = form(given);
      const arrival = arrivalOf({ ...headers, traceparent: "00-4bf9-00f0-01" }, Buffer.from(body));
      expect(arrival.id, form.name).toBe("2070443601311540");
      expect(arrival.publishTime, form.name).toBeTypeOf("number");
    }
    expect(arrivalOf({}, Buffer.from(wrappedPush(given).body)).attempt).toBe(1);
  });

  test("a generation of 2^63 is none, nor is a name of 1025 bytes", () => {
    for (const resource of [
      { bucket: "photos", name: "a.jpg", generation: "9223372036854775808" },
      { bucket: "photos", name: "a.jpg", generation: "0" },
      { bucket: "photos", name: "x".repeat(1025), generation: "1" },
      { bucket: "photos", name: "\ud800", generation: "1" },
    ]) {
      for (const form of [wrappedPush, binaryCloudEvent, structuredCloudEvent])
        expect(() => eventOf(form({ type: "OBJECT_FINALIZE", resource })), form.name).toThrow(ImagemetaError);
    }
  });
});

describe("hostile input", () => {
  /** Any JSON where a text is expected, also objects that only look like something. */
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom({ toString: 1 }, { toString: 1, valueOf: 1 }, { __proto__: null }, [[]], "", "\ud800", 1e308, -1),
  );
  const resource = fc.dictionary(
    fc.constantFrom("kind", "bucket", "name", "generation", "metageneration", "size", "metadata", "md5Hash", "contentType"),
    fc.oneof(anything, fc.constantFrom("storage#object", "photos", "a.jpg", "1")),
  );
  const attributes = fc.dictionary(
    fc.constantFrom("eventType", "bucketId", "objectId", "objectGeneration", "payloadFormat", "eventTime", "__proto__"),
    fc.oneof(anything, fc.constantFrom("OBJECT_FINALIZE", "JSON_API_V1", "photos", "a.jpg", "1")),
  );
  const bytes = fc.oneof(
    fc.uint8Array().map((b) => Buffer.from(b)),
    resource.map((r) => Buffer.from(JSON.stringify(r))),
    anything.map((a) => Buffer.from(JSON.stringify(a))),
  );
  const envelope = fc.record(
    {
      message: fc.oneof(
        anything,
        fc.record(
          {
            attributes: fc.oneof(anything, attributes),
            data: fc.oneof(
              anything,
              bytes.map((b) => b.toString("base64")),
            ),
            messageId: anything,
          },
          { requiredKeys: [] },
        ),
      ),
      deliveryAttempt: anything,
      specversion: anything,
      type: fc.oneof(
        anything,
        fc.constant("google.cloud.storage.object.v1.finalized"),
        fc.constant("google.cloud.pubsub.topic.v1.messagePublished"),
      ),
      time: anything,
      data: fc.oneof(anything, resource),
      data_base64: anything,
    },
    { requiredKeys: [] },
  );
  const headers: fc.Arbitrary<Headers> = fc.dictionary(
    fc.constantFrom(
      "content-type",
      "ce-specversion",
      "ce-type",
      "ce-id",
      "eventtype",
      "bucketid",
      "objectid",
      "objectgeneration",
      "payloadformat",
      "x-goog-pubsub-message-id",
    ),
    fc.oneof(
      fc.string(),
      fc.array(fc.string()),
      fc.constantFrom(
        "application/cloudevents+json",
        "application/json",
        "OBJECT_FINALIZE",
        "JSON_API_V1",
        "google.cloud.pubsub.topic.v1.messagePublished",
      ),
    ),
  );

  test("gives an event or MALFORMED, and never another failure", () => {
    fc.assert(
      fc.property(
        headers,
        fc.oneof(
          bytes,
          envelope.map((e) => Buffer.from(JSON.stringify(e))),
        ),
        (given, body) => {
          const arrival = arrivalOf(given, body);
          expect(Object.values(arrival.message.attributes).every((value) => typeof value === "string")).toBe(true);
          isEventOrMalformed(() => arrival.event());
        },
      ),
      { numRuns: 5000 },
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("eventType", "bucketId", "payloadFormat", "objectId", "objectGeneration"), fc.string()),
        bytes,
        (said, data) => {
          isEventOrMalformed(() => eventOfMessage({ attributes: said, data }));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("nested deeper than any stack is MALFORMED", () => {
    const deep = `${'{"a":'.repeat(200_000)}1${"}".repeat(200_000)}`;
    const data = Buffer.from(`{"kind":"storage#object","bucket":${deep},"name":${deep},"generation":${deep}}`);
    for (const [given, body] of [
      [{}, data],
      [{}, Buffer.from(`{"message":{"attributes":${deep},"data":""}}`)],
      [
        { "content-type": "application/cloudevents+json" },
        Buffer.from(`{"type":"google.cloud.storage.object.v1.finalized","data":${data}}`),
      ],
      [{ "ce-specversion": "1.0", "ce-type": "google.cloud.storage.object.v1.finalized" }, data],
    ] as const)
      expect(() => arrivalOf(given, body).event()).toThrow(expect.objectContaining({ code: "MALFORMED" }));
  });
});

test("a CloudEvent that was parsed already is the event of its request; what is none says so", () => {
  const change = { type: "OBJECT_FINALIZE", resource: { bucket: "photos", name: "ä.jpg", generation: "7", metageneration: "1" } } as const;
  const { headers, body } = structuredCloudEvent(change);
  expect(arrivalOfCloudEvent(JSON.parse(String(body))).event()).toEqual(arrivalOf(headers, Buffer.from(body)).event());
  const circle: Record<string, unknown> = { type: "google.cloud.storage.object.v1.finalized" };
  circle.data = circle;
  for (const given of [null, undefined, "text", 7, [], {}, { data: "text" }, circle]) {
    const arrival = arrivalOfCloudEvent(given);
    expect(() => arrival.event()).toThrow(expect.objectContaining({ code: "MALFORMED" }));
  }
});

function isEventOrMalformed(read: () => ObjectEvent): void {
  try {
    const { uri, info } = read();
    expect(uri).toBe(`gs://${info.bucket}/${info.name}`);
  } catch (thrown) {
    if (!(thrown instanceof ImagemetaError)) throw thrown;
    expect(thrown.code).toBe("MALFORMED");
  }
}
