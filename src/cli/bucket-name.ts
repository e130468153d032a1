/** A bucket as people name it: `my-bucket` or `gs://my-bucket`. */
import { ImagemetaError } from "../record/errors.ts";
import { bucketLocation } from "../storage/source.ts";
import { UsageError } from "./outcome.ts";

/** @throws UsageError */
export function bucketName(word: string): string {
  try {
    return bucketLocation(word).root.slice("gs://".length);
  } catch (thrown) {
    throw thrown instanceof ImagemetaError ? new UsageError(thrown.message) : thrown;
  }
}
