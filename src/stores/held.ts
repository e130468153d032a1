/** `Held` as the stores make it of what they keep beside a record's content. */
import type { ErrorCode, ObjectInfo } from "../record/types.ts";
import type { Held } from "./contract.ts";

interface Content {
  readonly engine: string | null | undefined;
  /** The code of its error. */
  readonly error: string | null | undefined;
}

export function heldOf(uri: string, { generation, metageneration, size, updated, etag }: ObjectInfo, { engine, error }: Content): Held {
  return {
    uri,
    ...(generation !== undefined && { generation }),
    ...(metageneration !== undefined && { metageneration }),
    ...(size !== undefined && { size }),
    ...(updated !== undefined && { updated }),
    ...(etag !== undefined && { etag }),
    ...(engine != null && { engine }),
    ...(error != null && { error: error as ErrorCode }),
  };
}
