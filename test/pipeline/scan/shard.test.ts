import { expect, test } from "vitest";
import { environmentShard, isInShard, parseShard } from "../../../src/pipeline/scan/shard.ts";

test("each address falls to one shard, and all shards get about as many", () => {
  const counts = [0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < 7000; i++) {
    const shards = counts.map((_, index) => isInShard({ index, count: 7 }, `gs://b/2024/${i}.jpg`));
    expect(shards.filter(Boolean)).toHaveLength(1);
    counts[shards.indexOf(true)] = (counts[shards.indexOf(true)] ?? 0) + 1;
  }
  for (const count of counts) expect(count).toBeGreaterThan(800);
});

test("I/N, from 0", () => {
  expect(parseShard("0/4")).toEqual({ index: 0, count: 4 });
  for (const wrong of ["4/4", "-1/4", "1", "a/b", "0/0", "1.5/4", ""]) expect(parseShard(wrong)).toBeUndefined();
});

test("Cloud Run jobs and Kubernetes indexed jobs say it", () => {
  expect(environmentShard({ CLOUD_RUN_TASK_INDEX: "3", CLOUD_RUN_TASK_COUNT: "10" })).toEqual({ index: 3, count: 10 });
  expect(environmentShard({ JOB_COMPLETION_INDEX: "1", IMAGEMETA_SHARDS: "2" })).toEqual({ index: 1, count: 2 });
  expect(environmentShard({ JOB_COMPLETION_INDEX: "1" })).toBeUndefined();
  expect(environmentShard({})).toBeUndefined();
});
