/**
 * The floor of a worker: takes messages, reads the first 64 KiB of the object that each names with undici alone, acknowledges.
 *
 *   node bench/bare-worker.ts SUBSCRIPTION URL IN_FLIGHT COUNT
 *
 * prints the milliseconds from the first message to the last acknowledgement.
 */
import { PubSub } from "@google-cloud/pubsub";
import { Pool } from "undici";

const [name = "", url = "", inFlight = "64", count = "1"] = process.argv.slice(2);
const pool = new Pool(url, { connections: Number(inFlight), pipelining: 1 });
const client = new PubSub({ projectId: "demo" });
const subscription = client.subscription(name, { flowControl: { maxMessages: 1000 }, streamingOptions: { maxStreams: 1 } });
let [done, first] = [0, 0];
await new Promise<void>((resolve, reject) => {
  subscription.on("error", reject);
  subscription.on("message", async (message) => {
    first ||= performance.now();
    const { bucketId, objectId = "", objectGeneration } = message.attributes;
    const path = `/storage/v1/b/${bucketId}/o/${encodeURIComponent(objectId)}?alt=media&generation=${objectGeneration}`;
    const { body } = await pool.request({ method: "GET", path, headers: { range: "bytes=0-65535" } });
    await body.arrayBuffer();
    message.ack();
    if (++done === Number(count)) resolve();
  });
});
process.stdout.write(`${performance.now() - first}\n`);
process.exit();
