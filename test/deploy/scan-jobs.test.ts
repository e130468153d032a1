/** The manifests of deploy/ as the platforms run them: their arguments and variables, over the emulator and a store of this machine. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { type Emulator, startEmulator } from "../../src/emulator/server.ts";
import { environmentShard, isInShard } from "../../src/pipeline/scan/shard.ts";
import { openCatalogue } from "../../src/stores/open.ts";
import { imagemeta } from "../cli/running.ts";
import { contentOf } from "../pipeline/scan/scanning.ts";

interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  /** Machines, as the platform counts them. */
  readonly count: number;
  readonly container: Container;
  /** What the platform sets for one of them. */
  variables(index: number): Record<string, string>;
}

const read = (path: string) => parse(readFileSync(new URL(`../../deploy/${path}`, import.meta.url), "utf8"));

function kubernetes(): Manifest {
  const { apiVersion, kind, spec } = read("kubernetes/scan-job.yaml");
  expect([spec.completionMode, spec.parallelism, spec.template.spec.restartPolicy]).toEqual(["Indexed", spec.completions, "Never"]);
  const variables = (index: number) => ({ JOB_COMPLETION_INDEX: String(index) });
  return { apiVersion, kind, count: spec.completions, container: spec.template.spec.containers[0], variables };
}

function cloudRun(): Manifest {
  const { apiVersion, kind, spec } = read("cloud-run/scan-job.yaml");
  const { taskCount: count, template } = spec.template.spec;
  const variables = (index: number) => ({ CLOUD_RUN_TASK_INDEX: String(index), CLOUD_RUN_TASK_COUNT: String(count) });
  return { apiVersion, kind, count, container: template.spec.containers[0], variables };
}

const platforms: readonly [name: string, apiVersion: string, load: () => Manifest][] = [
  ["Kubernetes", "batch/v1", kubernetes],
  ["Cloud Run", "run.googleapis.com/v1", cloudRun],
];

const photo = new URL("../../samples/sample-bucket/2024/athens.jpg", import.meta.url).pathname;
let folder: string;
let emulator: Emulator;

beforeEach(async () => {
  folder = mkdtempSync(`${tmpdir()}/imagemeta-deploy-`);
  mkdirSync(`${folder}/buckets/my-bucket`, { recursive: true });
  emulator = await startEmulator({ folder: `${folder}/buckets`, port: 0 });
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

function environmentOf({ container, variables }: Manifest, index: number): Record<string, string> {
  const set = container.env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]));
  return { ...Object.fromEntries(set), ...variables(index), STORAGE_EMULATOR_HOST: emulator.url };
}

test.each(platforms)("%s: the shares of all indexes take each name once", (_, apiVersion, load) => {
  const manifest = load();
  expect([manifest.apiVersion, manifest.kind]).toEqual([apiVersion, "Job"]);
  const shards = Array.from({ length: manifest.count }, (__, index) => environmentShard(environmentOf(manifest, index)));
  for (let i = 0; i < 2000; i++) {
    const uri = `gs://my-bucket/${i}.jpg`;
    expect(shards.filter((shard) => shard !== undefined && isInShard(shard, uri))).toHaveLength(1);
  }
});

test.each(platforms)(
  "%s: its commands scan the bucket, each image once",
  async (_, __, load) => {
    const manifest = load();
    const images = manifest.count * 2;
    for (let i = 0; i < images; i++) copyFileSync(photo, `${folder}/buckets/my-bucket/${i}.jpg`);
    const store = `${folder}/catalog.db`;
    const args = manifest.container.args.map((word) => (word.startsWith("postgres://") ? store : word));
    expect(args).toContain(store);
    const taken: number[] = [];
    for (let index = 0; index < manifest.count; index++) {
      const { code, stderr } = await imagemeta(args, environmentOf(manifest, index));
      expect([code, stderr]).toEqual([0, expect.stringMatching(/\d+ read, 0 unchanged/)]);
      taken.push(Number(/(\d+) read/.exec(stderr)?.[1]));
    }
    expect(taken.reduce((sum, count) => sum + count)).toBe(images);
    const catalogue = await openCatalogue(store);
    expect((await contentOf(catalogue)).size).toBe(images);
    await catalogue.close();
  },
  120_000,
);
