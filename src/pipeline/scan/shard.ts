/** One scan spread over machines: each takes the objects whose address falls to it, so that together they take each once. */
import { crc32 } from "node:zlib";

export interface Shard {
  /** From 0. */
  readonly index: number;
  readonly count: number;
}

/** `I/N`, I from 0 to N − 1; undefined where it is none. */
export function parseShard(text: string): Shard | undefined {
  const [, index, count] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  return shardOf(Number(index), Number(count));
}

/**
 * What the environment says: a Cloud Run job gives CLOUD_RUN_TASK_INDEX and CLOUD_RUN_TASK_COUNT, a Kubernetes indexed job
 * gives JOB_COMPLETION_INDEX and leaves the count to IMAGEMETA_SHARDS.
 */
export function environmentShard(environment: Readonly<Record<string, string | undefined>>): Shard | undefined {
  const { CLOUD_RUN_TASK_INDEX, CLOUD_RUN_TASK_COUNT, JOB_COMPLETION_INDEX, IMAGEMETA_SHARDS } = environment;
  if (CLOUD_RUN_TASK_INDEX && CLOUD_RUN_TASK_COUNT) return shardOf(Number(CLOUD_RUN_TASK_INDEX), Number(CLOUD_RUN_TASK_COUNT));
  if (JOB_COMPLETION_INDEX && IMAGEMETA_SHARDS) return shardOf(Number(JOB_COMPLETION_INDEX), Number(IMAGEMETA_SHARDS));
  return undefined;
}

function shardOf(index: number, count: number): Shard | undefined {
  return Number.isInteger(index) && Number.isInteger(count) && index >= 0 && index < count ? { index, count } : undefined;
}

/** Does an address fall to this shard? */
export function isInShard({ index, count }: Shard, uri: string): boolean {
  return count === 1 || crc32(uri) % count === index;
}
