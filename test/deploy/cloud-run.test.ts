import { existsSync, readFileSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openForEachTest } from "../pipeline/for-each-test.ts";
import { image } from "../pipeline/scan/scanning.ts";
import { openPipeline } from "../pipeline/worker/pipeline.ts";
import { hasPubsubEmulator, startPubsub } from "../pubsub-emulator.ts";
import { faultsOf } from "./kubernetes-schema.ts";
import { argument, filesBelow, manifest, withArguments } from "./manifests.ts";
import { expectWorks } from "./worker-run.ts";

const deploy = new URL("../../deploy/", import.meta.url);
const pool = () => manifest("cloud-run/worker-pool.yaml");
const push = () => manifest("cloud-run/push-service.yaml");
const crema = () => manifest("cloud-run/crema.yaml");

describe("Cloud Run's autoscaler of worker pools", () => {
  const { spec } = crema();
  const [scaled] = spec.scaledObjects;

  test("its objects are KEDA's, and valid by the published schemas", () => {
    const faults = (kind: string, object: object) => faultsOf({ apiVersion: "keda.sh/v1alpha1", kind, metadata: {}, ...object });
    for (const object of spec.scaledObjects) expect(faults("ScaledObject", object)).toEqual([]);
    for (const object of spec.triggerAuthentications) expect(faults("TriggerAuthentication", object)).toEqual([]);
  });

  test("it scales the pool, as Kubernetes scales the Deployment", () => {
    expect(crema()).toMatchObject({ apiVersion: "crema/v1", kind: "CremaConfig" });
    expect(scaled.spec.scaleTargetRef.name).toBe(`projects/PROJECT/locations/REGION/workerpools/${pool().metadata.name}`);
    const keda = manifest("kubernetes/keda/scaled-object.yaml").spec;
    const [{ metadata, metricType, type, authenticationRef }] = scaled.spec.triggers;
    expect(keda.triggers).toEqual([expect.objectContaining({ metadata, metricType, type })]);
    expect([scaled.spec.minReplicaCount, scaled.spec.maxReplicaCount]).toEqual([keda.minReplicaCount, keda.maxReplicaCount]);
    expect(scaled.spec.advanced).toEqual(keda.advanced);
    expect(authenticationRef.name).toBe(spec.triggerAuthentications[0].metadata.name);
    const [container] = pool().spec.template.spec.containers;
    expect(metadata.query).toContain(`subscription_id="${argument(container, "subscription")?.split("/").at(-1)}"`);
  });
});

test("all run as the same account", () => {
  const accounts = ["worker-pool.yaml", "push-service.yaml"].map(
    (path) => manifest(`cloud-run/${path}`).spec.template.spec.serviceAccountName,
  );
  accounts.push(manifest("cloud-run/scan-job.yaml").spec.template.spec.template.spec.serviceAccountName);
  expect(new Set(accounts)).toEqual(new Set(["imagemeta-worker@PROJECT.iam.gserviceaccount.com"]));
});

test("gcloud learns the pool's region from the file: `replace` has no option for it", () => {
  expect(pool().metadata.labels).toEqual({ "cloud.googleapis.com/location": "REGION" });
});

test("the pages that files name are there", () => {
  const files = ["cloud-run", "compute-engine", "function", "kubernetes", "terraform"].flatMap((folder) => filesBelow(folder, ""));
  const texts = files.filter((path) => statSync(new URL(path, deploy)).isFile()).map((path) => readFileSync(new URL(path, deploy), "utf8"));
  const named = texts.flatMap((text) => text.match(/docs\/[\w-]+\.md/g) ?? []);
  expect(named.length).toBeGreaterThan(0);
  for (const page of named) expect(existsSync(new URL(`../${page}`, deploy)), page).toBe(true);
});

test("both leave within the ten seconds of Cloud Run", () => {
  for (const { spec } of [pool(), push()]) expect(Number(argument(spec.template.spec.containers[0], "grace"))).toBeLessThan(10);
});

test("an instance of the push service holds what Cloud Run sends it", () => {
  const { containerConcurrency, timeoutSeconds, containers } = push().spec.template.spec;
  expect(argument(containers[0], "max-messages")).toBe(String(containerConcurrency));
  // As long as the subscription waits for an answer.
  expect(timeoutSeconds).toBe(60);
});

describe.skipIf(!hasPubsubEmulator())("the commands of Cloud Run's manifests", { timeout: 120_000 }, () => {
  const pipeline = openForEachTest(openPipeline, startPubsub);

  test("the worker pool takes events, answers its probes and leaves", async () => {
    const [container] = pool().spec.template.spec.containers;
    await expectWorks(container, pipeline, { paths: [container.startupProbe.httpGet.path, container.livenessProbe.httpGet.path] });
  });

  test("the service takes what is pushed, and answers its probes", async () => {
    const [container] = push().spec.template.spec.containers;
    const { catalogue, deadTopic } = pipeline;
    const args = withArguments(container, { to: catalogue, project: "demo", host: "127.0.0.1", "dead-letter": deadTopic.name });
    const service = pipeline.process([...args, "--port=0", "--log-level=debug"]);
    const { url } = await service.said(({ message }) => message === "taking requests");
    await pipeline.subscription.modifyPushConfig({ pushEndpoint: String(url) });
    await pipeline.bucket.put("a.jpg", image(0));
    await pipeline.publish("OBJECT_FINALIZE", "a.jpg");
    await service.said(({ outcome }) => outcome === "recorded");
    for (const { httpGet } of [container.startupProbe, container.livenessProbe])
      expect((await fetch(`${url}${httpGet.path}`)).status).toBe(200);
    expect((await pipeline.held()).size).toBe(1);
  });
});
