/** Sources without ranges (pipes, standard input, streams): read to the end, within a limit. */
import { ImagemetaError } from "../record/errors.ts";
import { untilAborted } from "./until-aborted.ts";

/** All bytes of a stream. @throws ImagemetaError LIMIT_EXCEEDED beyond `limit` bytes; the signal's reason */
export async function readWhole(stream: AsyncIterable<Uint8Array>, limit: number, name: string, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const iterator = stream[Symbol.asyncIterator]();
  try {
    await untilAborted(signal, async (stopped) => {
      for (;;) {
        const { done, value } = await Promise.race([iterator.next(), stopped]);
        if (done) break;
        length += value.length;
        if (length > limit) {
          throw new ImagemetaError("LIMIT_EXCEEDED", `${name} gives more than the ${limit} bytes that are read of a source without ranges`);
        }
        chunks.push(value);
      }
    });
  } catch (thrown) {
    // It may wait for a chunk that never comes, so nobody waits for it to end.
    iterator.return?.().catch(() => {});
    throw thrown;
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
