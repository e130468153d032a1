/** deploy/terraform, formatted, validated and planned by Terraform itself, over the facts of Google's provider. */
import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EVENT_TYPES } from "../../src/pipeline/notifications/configuration.ts";
import { settingsFor } from "../../src/pipeline/notifications/setup.ts";
import { OUTCOMES } from "../../src/pipeline/worker/outcomes.ts";
import { openForEachTest } from "../pipeline/for-each-test.ts";
import { openPipeline } from "../pipeline/worker/pipeline.ts";
import { hasPubsubEmulator, startPubsub } from "../pubsub-emulator.ts";
import { requireProgram } from "../requirements.ts";
import { argument, manifest } from "./manifests.ts";
import { type FactsProvider, serveFacts } from "./terraform-provider.ts";
import { expectWorks } from "./worker-run.ts";

const module = new URL("../../deploy/terraform", import.meta.url).pathname;
const has = requireProgram("terraform", "install it from HashiCorp's packages; it needs no provider and no network");
const run = promisify(execFile);

interface Planned {
  readonly address: string;
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: attributes as the plan has them
  readonly values: Record<string, any>;
}

describe.skipIf(!has)("deploy/terraform", { timeout: 120_000 }, () => {
  let provider: FactsProvider;
  let folder: string;
  beforeAll(async () => {
    provider = await serveFacts();
    folder = mkdtempSync(join(tmpdir(), "imagemeta-terraform-"));
    cpSync(module, folder, { recursive: true });
    await terraform("init", "-backend=false");
  });
  afterAll(() => {
    provider.close();
    rmSync(folder, { recursive: true });
  });

  async function terraform(...args: string[]): Promise<string> {
    const { stdout } = await run("terraform", [...args, "-no-color"], {
      cwd: folder,
      maxBuffer: 1e8,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        CHECKPOINT_DISABLE: "1",
        TF_CLI_CONFIG_FILE: "/dev/null",
        TF_REATTACH_PROVIDERS: provider.reattach,
      },
    });
    return stdout;
  }

  async function plan(variables: Readonly<Record<string, string | undefined>> = {}): Promise<readonly Planned[]> {
    const given = {
      project: "my-project",
      region: "europe-west1",
      bucket: "my-bucket",
      image: "IMAGE",
      store: "postgres://me@10.0.0.3/images",
    };
    const words = Object.entries({ ...given, ...variables }).flatMap(([name, value]) =>
      value === undefined ? [] : [`-var=${name}=${value}`],
    );
    await terraform("plan", "-out=plan", "-lock=false", ...words);
    return JSON.parse(await terraform("show", "-json", "plan")).planned_values.root_module.resources;
  }

  const of = (planned: readonly Planned[], address: string) => {
    const found = planned.find((resource) => resource.address === address);
    if (found === undefined) throw new Error(`${address} is none of ${planned.map((resource) => resource.address)}`);
    return found.values;
  };

  test("is formatted", () => {
    execFileSync("terraform", ["fmt", "-check", "-recursive", module], { env: { ...process.env, TF_CLI_CONFIG_FILE: "/dev/null" } });
  });

  test("is valid, and would not be with a name that the provider does not know", async () => {
    expect(await terraform("validate")).toContain("The configuration is valid");
    const path = join(folder, "pubsub.tf");
    const kept = readFileSync(path, "utf8");
    for (const [from, to] of [
      ["ack_deadline_seconds ", "ack_deadline "],
      ["retry_policy {", "retries {"],
      [/^ *topic +=.*events.*$/m, ""],
    ] as const) {
      writeFileSync(path, kept.replace(from, to));
      await expect(terraform("validate")).rejects.toThrow(/Unsupported (argument|block type)|Missing required argument/);
    }
    writeFileSync(path, kept);
  });

  test.each(["worker-pool", "push", "none"])("%s: subscriptions are as imagemeta setup makes them", async (runs_as) => {
    const planned = await plan({ runs_as });
    const names = { topic: "", subscription: "", deadLetterTopic: "", deadLetterSubscription: "", isExactlyOnce: false };
    const push = runs_as === "push" ? { push: { endpoint: "https://push.example" } } : {};
    const { events, deadLetters } = settingsFor({ ...names, ...push }, false);
    const expected = ({ ackDeadline, retention, retry, deadLetters: policy }: typeof events) => ({
      ack_deadline_seconds: ackDeadline,
      message_retention_duration: `${retention}s`,
      // Never
      expiration_policy: [{ ttl: "" }],
      retry_policy: retry === undefined ? [] : [{ minimum_backoff: `${retry.least}s`, maximum_backoff: `${retry.most}s` }],
      dead_letter_policy: policy === undefined ? [] : [{ max_delivery_attempts: policy.attempts }],
      enable_exactly_once_delivery: null,
      filter: null,
    });
    expect(of(planned, "google_pubsub_subscription.events")).toMatchObject(expected(events));
    expect(of(planned, "google_pubsub_subscription.dead_letters")).toMatchObject(expected(deadLetters));
    const pushed = of(planned, "google_pubsub_subscription.events").push_config;
    expect(pushed).toHaveLength(runs_as === "push" ? 1 : 0);
    const { event_types, payload_format } = of(planned, "google_storage_notification.bucket");
    expect([event_types.toSorted(), payload_format]).toEqual([[...EVENT_TYPES].sort(), "JSON_API_V1"]);
  });

  test.each([
    [
      { runs_as: "worker-pool", store: "firestore://other/db/images" },
      ["project other datastore.user", "subscription pubsub.subscriber", "subscription pubsub.viewer"],
    ],
    [
      { runs_as: "worker-pool", store_password_secret: "pw" },
      ["secret pw secretmanager.secretAccessor", "subscription pubsub.subscriber", "subscription pubsub.viewer"],
    ],
    [
      { runs_as: "none", store: "pubsub://other/records" },
      ["subscription pubsub.subscriber", "subscription pubsub.viewer", "topic records pubsub.publisher"],
    ],
    [{ runs_as: "push" }, ["service imagemeta-push run.invoker", "service account iam.serviceAccountTokenCreator"]],
  ])("%o: the grants are these and no others", async (variables, more) => {
    const grants = (await plan(variables)).filter(({ type }) => type.endsWith("_iam_member"));
    const said = grants.map(({ type, values: { role, bucket, topic, subscription, project, secret_id, name } }) => {
      const kind = type.replace(/^google_|_iam_member$/g, "");
      const what = {
        pubsub_topic: `topic ${topic}`,
        pubsub_subscription: subscription === "images-workers" ? "subscription" : subscription,
        storage_bucket: `bucket ${bucket}`,
        project: `project ${project}`,
        secret_manager_secret: `secret ${secret_id}`,
        cloud_run_v2_service: `service ${name}`,
        service_account: "service account",
      }[kind];
      return `${what} ${role.replace("roles/", "")}`;
    });
    const always = [
      "bucket my-bucket storage.objectViewer",
      // Pub/Sub's agent and the worker
      "topic images-dead pubsub.publisher",
      "topic images-dead pubsub.publisher",
      "subscription pubsub.subscriber",
      "topic images pubsub.publisher",
    ];
    expect(said.sort()).toEqual([...always, ...more].sort());
  });

  test("what runs is told as in Cloud Run's manifests", async () => {
    const pool = of(await plan(), "google_cloud_run_v2_worker_pool.worker[0]");
    const push = of(await plan({ runs_as: "push" }), "google_cloud_run_v2_service.push[0]");
    for (const [planned, path] of [
      [pool, "cloud-run/worker-pool.yaml"],
      [push, "cloud-run/push-service.yaml"],
    ] as const) {
      const [container] = planned.template[0].containers;
      const [written] = manifest(path).spec.template.spec.containers;
      const namesOf = ({ args }: { args: string[] }) => args.map((word) => word.split("=")[0]).sort();
      expect(namesOf(container)).toEqual(namesOf(written));
      for (const name of ["grace", "host", "port", "max-messages"]) expect(argument(container, name)).toBe(argument(written, name));
      expect(container.resources[0].limits).toEqual(written.resources.limits);
      expect(container.liveness_probe[0].http_get[0].path).toBe(written.livenessProbe.httpGet.path);
    }
    const { containerConcurrency, timeoutSeconds } = manifest("cloud-run/push-service.yaml").spec.template.spec;
    expect(push.template[0]).toMatchObject({ max_instance_request_concurrency: containerConcurrency, timeout: `${timeoutSeconds}s` });
    expect(push.custom_audiences).toEqual([push.template[0].containers[0].env[0].value]);
  });

  test("alerts and charts look at this pipeline", async () => {
    const planned = await plan({
      runs_as: "none",
      logging_resource: "gce_instance",
      alert_channels: '["projects/p/notificationChannels/1"]',
    });
    const alerts = planned.filter(({ type }) => type === "google_monitoring_alert_policy");
    const filters = alerts.map(({ values }) => values.conditions[0].condition_threshold[0].filter);
    expect(filters.sort()).toEqual([
      'metric.type = "logging.googleapis.com/user/imagemeta/failures" AND resource.type = "gce_instance"',
      'metric.type = "pubsub.googleapis.com/subscription/num_undelivered_messages" AND resource.type = "pubsub_subscription" AND resource.labels.subscription_id = "images-dead-sub"',
      'metric.type = "pubsub.googleapis.com/subscription/oldest_unacked_message_age" AND resource.type = "pubsub_subscription" AND resource.labels.subscription_id = "images-workers"',
    ]);
    for (const { values } of alerts) expect(values.notification_channels).toEqual(["projects/p/notificationChannels/1"]);
    const { tiles, columns } = JSON.parse(of(planned, "google_monitoring_dashboard.this").dashboard_json).mosaicLayout;
    for (const { xPos, width } of tiles) expect(xPos + width).toBeLessThanOrEqual(columns);
    expect(new Set(tiles.map((tile: { xPos: number; yPos: number }) => `${tile.xPos} ${tile.yPos}`)).size).toBe(6);
  });

  test("the failures that are counted are the outcomes that fail, as the log of each platform has them", async () => {
    const kinds = Object.entries(OUTCOMES).flatMap(([kind, { answer }]) => (answer !== "acknowledge" || kind === "given up" ? [kind] : []));
    const fields = of(await plan(), "google_logging_metric.failures");
    expect(/\(([^)]*)\)/.exec(fields.filter)?.[1]?.split(" OR ").sort()).toEqual(kinds.map((kind) => `"${kind}"`).sort());
    expect(fields.label_extractors).toEqual({ outcome: "EXTRACT(jsonPayload.outcome)" });
    const text = of(await plan({ runs_as: "none", logging_resource: "gce_instance" }), "google_logging_metric.failures");
    const expression = (of: string, where: RegExp) => new RegExp(JSON.parse(where.exec(of)?.[1] ?? '""'));
    const filter = expression(text.filter, /^jsonPayload\.message =~ ("(?:[^"\\]|\\.)*")/);
    const label = expression(text.label_extractors.outcome, /^REGEXP_EXTRACT\(jsonPayload\.message, ("(?:[^"\\]|\\.)*")\)$/);
    for (const kind of Object.keys(OUTCOMES)) {
      const line = JSON.stringify({ severity: "WARNING", outcome: kind, messageId: "1", message: kind });
      expect([kind, filter.test(line)]).toEqual([kind, kinds.includes(kind)]);
      expect(label.exec(line)?.[1]).toBe(kind);
    }
  });

  test("says what is a wrong call", async () => {
    await expect(plan({ runs_as: "cron" })).rejects.toThrow(/worker-pool, push or none/);
    await expect(plan({ image: undefined })).rejects.toThrow(/A worker pool needs an image/);
    await expect(plan({ image: undefined, runs_as: "push" })).rejects.toThrow(/A push service needs an image/);
  });

  describe.skipIf(!hasPubsubEmulator())("its worker pool", () => {
    const pipeline = openForEachTest(openPipeline, startPubsub);

    test("takes events, answers its probes and leaves", async () => {
      const [container] = of(await plan(), "google_cloud_run_v2_worker_pool.worker[0]").template[0].containers;
      await expectWorks(container, pipeline, { paths: [container.startup_probe[0].http_get[0].path] });
    });
  });
});
