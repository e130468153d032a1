import { describe, expect, test } from "vitest";
import { openForEachTest } from "../pipeline/for-each-test.ts";
import { openPipeline } from "../pipeline/worker/pipeline.ts";
import { hasPubsubEmulator, startPubsub } from "../pubsub-emulator.ts";
import { faultsOf } from "./kubernetes-schema.ts";
import { argument, documents, filesBelow, type Manifest, manifest } from "./manifests.ts";
import { expectWorks } from "./worker-run.ts";

/** All that `kubectl apply -k` of a folder applies, by kind. */
function applied(folder: string): Map<string, Manifest> {
  const found = new Map<string, Manifest>();
  for (const resource of manifest(`kubernetes/${folder}/kustomization.yaml`).resources) {
    const below = resource.startsWith("../") ? applied(resource.slice(3)) : new Map(read(`kubernetes/${folder}/${resource}`));
    for (const [kind, object] of below) {
      expect(found).not.toContain(kind);
      found.set(kind, object);
    }
  }
  return found;
}

const read = (path: string) => documents(path).map((object): [string, Manifest] => [object.kind, object]);
const files = filesBelow("kubernetes", ".yaml").filter((path) => !path.endsWith("kustomization.yaml"));

test.each(files)("%s is valid by the published schemas", (path) => {
  for (const object of documents(path)) expect(faultsOf(object)).toEqual([]);
});

test("the schemas refuse what Kubernetes and KEDA would refuse", () => {
  const deployment = manifest("kubernetes/worker/deployment.yaml");
  const [container] = deployment.spec.template.spec.containers;
  container.livenesProbe = container.livenessProbe;
  deployment.spec.replicas = "3";
  delete deployment.spec.selector;
  expect(faultsOf(deployment)).toHaveLength(3);
  const scaled = manifest("kubernetes/keda/scaled-object.yaml");
  scaled.spec.triggers[0].metadata.threshold = 40_000;
  expect(faultsOf(scaled)).toHaveLength(1);
});

test.each(["worker", "keda", "hpa"])("%s: what belongs together has the same names", (folder) => {
  const { Deployment, ServiceAccount, ...others } = Object.fromEntries(applied(folder));
  const { spec, metadata } = Deployment.spec.template;
  const { name } = Deployment.metadata;
  const [container] = spec.containers;
  expect(spec.serviceAccountName).toBe(ServiceAccount.metadata.name);
  const selectors = [Deployment.spec.selector, spec.topologySpreadConstraints[0].labelSelector];
  selectors.push(others.PodDisruptionBudget.spec.selector, others.PodMonitoring.spec.selector, others.NetworkPolicy.spec.podSelector);
  for (const selector of selectors) expect(metadata.labels).toMatchObject(selector.matchLabels);
  const [{ name: port, containerPort }] = container.ports;
  expect(argument(container, "port")).toBe(String(containerPort));
  for (const probe of [container.startupProbe, container.livenessProbe, container.readinessProbe]) expect(probe.httpGet.port).toBe(port);
  expect(others.PodMonitoring.spec.endpoints[0].port).toBe(port);
  expect(others.NetworkPolicy.spec.ingress[0].ports[0].port).toBe(port);
  const subscription = argument(container, "subscription")?.split("/").at(-1) ?? "";
  for (const scaler of [others.ScaledObject, others.HorizontalPodAutoscaler].filter((found) => found !== undefined)) {
    expect(scaler.spec.scaleTargetRef).toMatchObject({ kind: "Deployment", name });
    expect(JSON.stringify(scaler.spec)).toContain(subscription);
    expect(Deployment.spec).not.toHaveProperty("replicas");
  }
  if (others.ScaledObject)
    expect(others.ScaledObject.spec.triggers[0].authenticationRef.name).toBe(others.TriggerAuthentication.metadata.name);
});

test("both autoscalers ask for the same", () => {
  const keda = manifest("kubernetes/keda/scaled-object.yaml").spec;
  const hpa = manifest("kubernetes/hpa/horizontal-pod-autoscaler.yaml").spec;
  const [trigger] = keda.triggers;
  const [{ external }] = hpa.metrics;
  expect([keda.minReplicaCount, keda.maxReplicaCount]).toEqual([hpa.minReplicas, hpa.maxReplicas]);
  expect([trigger.metricType, trigger.metadata.threshold]).toEqual([external.target.type, external.target.averageValue]);
  expect(keda.advanced.horizontalPodAutoscalerConfig.behavior).toEqual(hpa.behavior);
});

test.each(["worker/deployment.yaml", "scan-job.yaml"])("%s: the pod is of the restricted standard, and acts as the worker", (path) => {
  const { spec } = manifest(`kubernetes/${path}`).spec.template;
  const [container] = spec.containers;
  expect(spec.serviceAccountName).toBe(manifest("kubernetes/worker/service-account.yaml").metadata.name);
  expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
  expect(spec.securityContext.runAsUser).toBeGreaterThan(0);
  expect(container.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  expect(spec.automountServiceAccountToken).toBe(false);
  expect(container.volumeMounts).toEqual([{ name: spec.volumes[0].name, mountPath: "/tmp" }]);
});

test("the worker has time to leave", () => {
  const { spec } = manifest("kubernetes/worker/deployment.yaml").spec.template;
  const [container] = spec.containers;
  expect(spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(Number(argument(container, "grace")) + 5);
  expect(container.livenessProbe.httpGet.path).toBe("/healthz");
});

describe.skipIf(!hasPubsubEmulator())("the Deployment's command", { timeout: 120_000 }, () => {
  const pipeline = openForEachTest(openPipeline, startPubsub);

  test("takes events, answers its probes and leaves", async () => {
    const [container] = manifest("kubernetes/worker/deployment.yaml").spec.template.spec.containers;
    const { startupProbe, livenessProbe, readinessProbe } = container;
    const { endpoints } = manifest("kubernetes/worker/pod-monitoring.yaml").spec;
    const paths = [startupProbe.httpGet.path, livenessProbe.httpGet.path, readinessProbe.httpGet.path, endpoints[0].path];
    await expectWorks(container, pipeline, { paths });
  });
});
