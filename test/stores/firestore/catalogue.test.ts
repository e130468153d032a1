import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ImagemetaError } from "../../../src/record/errors.ts";
import type { ImageRecord, ReadRecord } from "../../../src/record/types.ts";
import type { Catalogue } from "../../../src/stores/contract.ts";
import { openFirestore } from "../../../src/stores/firestore/catalogue.ts";
import { noise } from "../../builders/noise.ts";
import { catalogueConformance } from "../../conformance/catalogue.ts";
import { objectAt, recordOf } from "../../conformance/catalogue-model.ts";
import { type FirestoreEmulator, hasFirestoreEmulator, startFirestore } from "../firestore-emulator.ts";

describe.runIf(hasFirestoreEmulator())("Firestore", () => {
  let emulator: FirestoreEmulator;
  let collections = 0;
  beforeAll(async () => {
    emulator = await startFirestore();
    vi.stubEnv("FIRESTORE_EMULATOR_HOST", emulator.host);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await emulator?.stop();
  });

  catalogueConformance(
    "firestore",
    async () => {
      const address = `conformance/(default)/images-${++collections}`;
      // The emulator takes what comes.
      const options = { throttling: false };
      let catalogue: Catalogue = await openFirestore(address, options);
      return {
        catalogue,
        async reopen(values) {
          await catalogue.close();
          catalogue = await openFirestore(address, { ...options, ...(values && { values }) });
          return catalogue;
        },
        close: () => catalogue.close(),
      };
    },
    { runs: 15 },
  );

  test("a record larger than a document is held whole, replaced whole, and found by its summary", async () => {
    const catalogue = await openFirestore("limits/(default)/images", { throttling: false });
    const uri = "gs://b/large.jpg";
    const large = (generation: string, texts: number): ImageRecord => ({
      ...(recordOf(uri, objectAt(generation, "1")) as ReadRecord),
      tags: { X: Object.fromEntries(Array.from({ length: texts }, (_, i) => [`T${i}`, noise(100_000, i)])) },
    });
    for (const record of [large("5", 30), large("6", 20), recordOf(uri, objectAt("7", "1")), large("8", 25)]) {
      expect(await catalogue.put([record])).toEqual([{ uri, result: "written" }]);
      expect(await catalogue.get(uri)).toEqual(record);
      const where = { kind: "compare", field: ["summary", "make"], comparison: "=", value: "Apple" } as const;
      const found: ImageRecord[] = [];
      for await (const each of catalogue.iterate({ where })) found.push(each);
      expect(found).toEqual([record]);
    }
    // The object alone: the parts stay as they are.
    const [updated] = await catalogue.update([{ uri, object: objectAt("8", "2") }]);
    expect([updated?.result, await catalogue.get(uri)]).toEqual(["written", { ...large("8", 25), object: objectAt("8", "2") }]);
    await catalogue.remove([{ uri, generation: "8" }]);
    expect(await catalogue.get(uri)).toBeUndefined();
    await catalogue.close();
  });

  test("says that an address is none", async () => {
    for (const address of ["", "project", "project/(default)", "project/(default)/a/b"]) {
      await expect(openFirestore(address)).rejects.toThrow(ImagemetaError);
    }
  });
});
