/** What one image says: `node examples/one-image.ts gs://my-bucket/photo.jpg`, or a path, or a web address. */
import { readImage } from "imagemeta";

const [uri = ""] = process.argv.slice(2);
const record = await readImage(uri);
if (record.error !== undefined) {
  console.error(`${record.error.code}: ${record.error.message}`);
  process.exitCode = 1;
} else {
  console.log(`${record.format}, ${record.width} × ${record.height}, taken ${record.summary.takenAt ?? "at an unknown time"}`);
  console.log(`${record.read.bytes} bytes read of ${record.object.size}, requests: ${record.read.requests}`);
}
