/**
 * The floor: lists a bucket and reads the first 64 KiB of each object with undici alone, so many in flight, and drops the bytes.
 *
 *   node bench/bare-loop.ts URL BUCKET IN_FLIGHT
 */
import { Pool } from "undici";

const [url = "", bucket = "", inFlight = "32"] = process.argv.slice(2);
const pool = new Pool(url, { connections: Number(inFlight), pipelining: 1 });
const list = `/storage/v1/b/${bucket}/o?maxResults=5000&fields=nextPageToken,items(name,generation,size)`;

interface Page {
  nextPageToken?: string;
  items: { name: string; generation: string }[];
}

async function* names() {
  let token: string | undefined;
  do {
    const { body } = await pool.request({
      method: "GET",
      path: token === undefined ? list : `${list}&pageToken=${encodeURIComponent(token)}`,
    });
    const page = (await body.json()) as Page;
    yield* page.items;
    token = page.nextPageToken;
  } while (token !== undefined);
}

const objects = names();
let read = 0;
async function worker(): Promise<void> {
  for (;;) {
    const { value, done } = await objects.next();
    if (done || value === undefined) return;
    const path = `/storage/v1/b/${bucket}/o/${encodeURIComponent(value.name)}?alt=media&generation=${value.generation}`;
    const { body } = await pool.request({ method: "GET", path, headers: { range: "bytes=0-65535" } });
    read += (await body.arrayBuffer()).byteLength > 0 ? 1 : 0;
  }
}
await Promise.all(Array.from({ length: Number(inFlight) }, worker));
await pool.close();
process.stdout.write(`${read}\n`);
