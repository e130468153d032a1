/** What an upload says before it is stored, from a stream and from bytes: `node examples/upload.ts < photo.jpg`. */
import { buffer } from "node:stream/consumers";
import { ImagemetaError, readMetadata, readMetadataSync } from "imagemeta";

const bytes = await buffer(process.stdin);
try {
  const metadata = await readMetadata(new Blob([new Uint8Array(bytes)]), { limits: { wholeBytes: 64 << 20 } });
  const { latitude, longitude } = metadata.summary;
  console.log(latitude === undefined ? "no place" : `taken at ${latitude.toFixed(2)}, ${longitude?.toFixed(2)}`);
  // What is in memory needs no promise.
  console.log(Object.keys(readMetadataSync(bytes).tags).length, "groups of tags");
} catch (thrown) {
  if (!(thrown instanceof ImagemetaError)) throw thrown;
  console.log(`refused: ${thrown.code}`);
}
