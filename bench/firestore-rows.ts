/** Firestore for bench/stores.ts: one emulator, a collection for each round, and the documents of a BulkWriter alone. Neither keeps to 500/50/5. */
import type { UpdateData } from "@google-cloud/firestore";
import { openFirestore } from "../src/stores/firestore/catalogue.ts";
import { contentFields, idOf, rootOf } from "../src/stores/firestore/document.ts";
import { contentRank } from "../src/stores/merge.ts";
import { type FirestoreEmulator, startFirestore } from "../test/stores/firestore-emulator.ts";
import type { Place } from "./store-place.ts";

/** It is warm after the first round, and ends with the process. */
let emulator: Promise<FirestoreEmulator> | undefined;
let rounds = 0;

export async function firestore(): Promise<Place> {
  emulator ??= startFirestore();
  process.env.FIRESTORE_EMULATOR_HOST = (await emulator).host;
  const name = `images-${++rounds}`;
  const catalogue = await openFirestore(`bench/(default)/${name}`, { throttling: false });
  const { Firestore } = await import("@google-cloud/firestore");
  const driver = new Firestore({ projectId: "bench", databaseId: "(default)" });
  const collection = driver.collection(name);
  return {
    catalogue,
    bulk(batches) {
      const rows = batches.map((batch) =>
        batch.map((record) => {
          const { generation, metageneration } = record.object;
          const state = { generation, metageneration, rank: contentRank(record) };
          const fields = { uri: record.uri, root: rootOf(record.uri), state, object: record.object, ...contentFields(record).fields };
          return { reference: collection.doc(idOf(record.uri)), fields: fields as UpdateData<unknown> };
        }),
      );
      return async () => {
        const writer = driver.bulkWriter({ throttling: false });
        for (const batch of rows) {
          const written = batch.map(({ reference, fields }) => writer.set(reference, fields));
          await Promise.all([...written, writer.flush()]);
        }
        await writer.close();
      };
    },
    async close() {
      await catalogue.close();
      await driver.terminate();
    },
  };
}
