/** deploy/compute-engine: what create.sh asks of gcloud, and the command of the unit that it gives to machines. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { openForEachTest } from "../pipeline/for-each-test.ts";
import { openPipeline } from "../pipeline/worker/pipeline.ts";
import { hasPubsubEmulator, startPubsub } from "../pubsub-emulator.ts";
import { argument, type Container, manifest } from "./manifests.ts";
import { expectWorks } from "./worker-run.ts";

const script = new URL("../../deploy/compute-engine/create.sh", import.meta.url).pathname;
const given = {
  PROJECT: "my-project",
  REGION: "europe-west1",
  IMAGE: "europe-west1-docker.pkg.dev/my-project/images/imagemeta:0.1.0",
  SUBSCRIPTION: "images-workers",
  STORE: "postgres://me@10.0.0.3/IMAGE&PROJECT",
};
let folder: string;
let unit: ReadonlyMap<string, string>;
let userData: { readonly runcmd: readonly string[]; readonly write_files: readonly { readonly path: string; readonly content: string }[] };
let calls: string[][];
/** Where the group is there already. */
let updating: string[][];

/** Runs the script with a gcloud of ours, that notes its words and keeps the user data. @returns the words of each call */
function create(hasGroup: boolean): string[][] {
  const noted = () => readdirSync(folder).filter((name) => name.startsWith("call-"));
  for (const name of noted()) rmSync(join(folder, name));
  execFileSync(script, { env: { PATH: `${folder}:${process.env.PATH}`, HAS_GROUP: hasGroup ? "0" : "1", ...given } });
  return noted()
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8").trimEnd().split("\n"));
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "imagemeta-compute-"));
  const gcloud = `#!/bin/sh
printf '%s\\n' "$@" > "${folder}/call-$(date +%s%N)"
for word; do case "$word" in --metadata-from-file=user-data=*) cp "\${word#--metadata-from-file=user-data=}" "${folder}/user-data";; describe) exit "$HAS_GROUP";; esac; done
`;
  writeFileSync(join(folder, "gcloud"), gcloud);
  chmodSync(join(folder, "gcloud"), 0o755);
  updating = create(true);
  calls = create(false);
  userData = parse(readFileSync(join(folder, "user-data"), "utf8"));
  const [file] = userData.write_files;
  unit = new Map(
    (file?.content ?? "").split("\n").flatMap((line) => {
      const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What docker run is told to run. */
function container(): Container {
  const words = unit.get("ExecStart")?.split(" ") ?? [];
  const at = words.indexOf(given.IMAGE);
  expect(words.slice(0, 2)).toEqual(["/usr/bin/docker", "run"]);
  return { image: given.IMAGE, args: words.slice(at + 1) };
}

test("fills in what was given, and that only", () => {
  expect(container().args).toEqual([
    "worker",
    "--subscription=projects/my-project/subscriptions/images-workers",
    `--to=${given.STORE}`,
    "--project=my-project",
    "--grace=20",
    "--host=0.0.0.0",
    "--port=8080",
  ]);
  expect(unit.get("ExecStartPre")).toBe("/usr/bin/docker-credential-gcr configure-docker --registries=europe-west1-docker.pkg.dev");
  expect(userData.runcmd.at(-1)).toContain(userData.write_files[0]?.path.split("/").at(-1));
});

test("each has time to leave: the worker, the container, the unit, a Spot machine", () => {
  const stop = Number(/--time=(\d+)/.exec(unit.get("ExecStop") ?? "")?.[1]);
  const times = [Number(argument(container(), "grace")) + 4, stop, Number(unit.get("TimeoutStopSec")), 30];
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test("the container runs without rights, and what it writes is gone with it", () => {
  const words = unit.get("ExecStart")?.split(" ") ?? [];
  expect(words).toEqual(expect.arrayContaining(["--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--user=1000:1000"]));
});

test("run again, it makes a new template and rolls it out, and nothing else", () => {
  const [made = [], , rolled = [], ...more] = updating;
  expect(made.slice(0, 3)).toEqual(["compute", "instance-templates", "create"]);
  expect(rolled).toEqual(expect.arrayContaining(["rolling-action", "start-update", `--version=template=${made[3]}`]));
  expect(more).toEqual([]);
});

test("scales as Kubernetes does", () => {
  const scaling = calls.find((words) => words.includes("set-autoscaling")) ?? [];
  const { spec } = manifest("kubernetes/hpa/horizontal-pod-autoscaler.yaml");
  const [{ external }] = spec.metrics;
  expect(scaling).toContain(`--stackdriver-metric-single-instance-assignment=${external.target.averageValue}`);
  expect(scaling).toContain(`--update-stackdriver-metric=${external.metric.name.replaceAll("|", "/")}`);
  expect(scaling).toContain(`--max-num-replicas=${spec.maxReplicas}`);
});

describe.skipIf(!hasPubsubEmulator())("with Google's own tools", { timeout: 180_000 }, () => {
  const pipeline = openForEachTest(openPipeline, startPubsub);

  test("gcloud knows every command and option of the script", () => {
    expect(calls).toHaveLength(6);
    for (const words of [...calls, ...updating.slice(-1)]) {
      const told = words.map((word) => word.replace(/^(--metadata-from-file=user-data=).*/, `$1${folder}/user-data`));
      expect([words.join(" "), said(told)]).toEqual([
        words.join(" "),
        expect.not.stringMatching(/unrecognized|Invalid (choice|value)|argument --/),
      ]);
    }
  });

  test("the unit's command takes events, answers the health check and leaves", async () => {
    const check = calls.find((words) => words.includes("health-checks")) ?? [];
    const path = check.find((word) => word.startsWith("--request-path="))?.slice("--request-path=".length) ?? "";
    await expectWorks(container(), pipeline, { paths: [path] });
  });
});

/** What gcloud says where nobody is signed in: words that it does not know come first. */
function said(words: readonly string[]): string {
  try {
    execFileSync("gcloud", [...words, "--quiet"], {
      stdio: "pipe",
      env: { PATH: process.env.PATH ?? "", HOME: folder, CLOUDSDK_CONFIG: `${folder}/config`, CLOUDSDK_CORE_CHECK_GCE_METADATA: "false" },
    });
    throw new Error("gcloud did it, without an account");
  } catch (thrown) {
    return String((thrown as { stderr?: Buffer }).stderr ?? thrown);
  }
}
