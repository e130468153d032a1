/** Makes topics, subscriptions and grants what they should be. `PUBSUB_EMULATOR_HOST` names an emulator, which has no IAM. */
import type { PubSub } from "@google-cloud/pubsub";
import { ImagemetaError } from "../../record/errors.ts";
import type { Ensured, QueueControl, SubscriptionSettings } from "../contract.ts";
import { projectOf } from "./names.ts";
import { type Policy, policyWith } from "./policy.ts";
import { refusal } from "./refusal.ts";
import { type SubscriptionFields, settingsOf } from "./settings.ts";

/** gRPC's status codes (google.rpc.Code). */
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const ABORTED = 10;
/** What a subscription says whose topic was deleted. */
const DELETED_TOPIC = "_deleted-topic_";
/** A policy is read and written again where someone else changed it in between. */
const TRIES = 5;

const FOUND: Ensured = { did: "found", notes: [] };
const MADE: Ensured = { did: "made", notes: [] };

export class PubsubControl implements QueueControl {
  readonly #client: PubSub;
  readonly #isEmulated: boolean;

  constructor(client: PubSub, isEmulated: boolean) {
    this.#client = client;
    this.#isEmulated = isEmulated;
  }

  async ensureTopic(name: string): Promise<Ensured> {
    const topic = this.#client.topic(name);
    return asked(`cannot make the topic ${name}`, editorIn(name), async () => {
      if ((await orNothing(topic.getMetadata(), NOT_FOUND)) !== undefined) return FOUND;
      return (await orNothing(topic.create(), ALREADY_EXISTS)) === undefined ? FOUND : MADE;
    });
  }

  async ensureSubscription(name: string, settings: SubscriptionSettings): Promise<Ensured> {
    const subscription = this.#client.subscription(name);
    const wanted = settingsOf(settings, this.#isEmulated);
    return asked(`cannot make the subscription ${name}`, editorIn(name), async () => {
      const fields: SubscriptionFields = Object.assign({}, ...wanted.map((setting) => setting.fields));
      let said = await orNothing(subscription.getMetadata(), NOT_FOUND);
      if (said === undefined) {
        const made = this.#client.createSubscription(settings.topic, name, fields as Parameters<PubSub["createSubscription"]>[2]);
        if ((await orNothing(made, ALREADY_EXISTS)) !== undefined) return MADE;
        said = await subscription.getMetadata();
      }
      const [held] = said;
      const notes = noteOf(name, held, settings);
      const differing = wanted.filter((setting) => setting.held(held) !== setting.wanted);
      if (differing.length === 0) return { did: "found", notes };
      await subscription.setMetadata(Object.assign({}, ...differing.map((setting) => setting.fields)));
      return {
        did: "changed",
        notes: [...differing.map(({ what, wanted: to, held: from }) => `${what}: ${from(held)} → ${to}`), ...notes],
      };
    });
  }

  async ensureGrant(resource: string, role: string, member: string): Promise<Ensured> {
    const advice = `grant roles/pubsub.admin in the project ${projectOf(resource)}, which may give roles`;
    return asked(`cannot give ${role} on ${resource} to ${member}`, advice, async () => {
      for (let tries = 1; ; tries++) {
        // Version 3: with an older one the conditions of other bindings would be lost (google.iam.v1, "GetPolicyOptions").
        const policy = await this.#iam<Policy>("getIamPolicy", { resource, options: { requestedPolicyVersion: 3 } });
        const changed = policyWith(policy, role, member);
        if (changed === undefined) return FOUND;
        try {
          await this.#iam("setIamPolicy", { resource, policy: changed });
          return MADE;
        } catch (thrown) {
          if (statusOf(thrown) !== ABORTED || tries >= TRIES) throw thrown;
        }
      }
    });
  }

  #iam<T>(method: string, reqOpts: object): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#client.request<T>({ client: "SubscriberClient", method, reqOpts }, (failed, answer) => {
        if (failed) reject(failed);
        else resolve(answer as T);
      });
    });
  }
}

/** What cannot be changed. @throws ImagemetaError MALFORMED where it would lose events */
function noteOf(name: string, held: SubscriptionFields, { topic }: SubscriptionSettings): readonly string[] {
  const again = `delete it (gcloud pubsub subscriptions delete ${name}) and run this again, or name another subscription`;
  if (held.topic === DELETED_TOPIC)
    throw new ImagemetaError("MALFORMED", `the topic of ${name} was deleted, and it takes no other one: ${again}`);
  if (held.topic !== topic)
    throw new ImagemetaError(
      "MALFORMED",
      `${name} takes messages of ${held.topic}, and the topic of a subscription cannot be changed to ${topic}: ${again}`,
    );
  if (held.filter)
    throw new ImagemetaError("MALFORMED", `${name} lets through only ${held.filter}, and a filter cannot be changed: ${again}`);
  if (held.detached) throw new ImagemetaError("MALFORMED", `${name} is detached from its topic: ${again}`);
  return held.enableMessageOrdering ? ["it orders messages by key, which costs and does not matter here"] : [];
}

function editorIn(name: string): string {
  return `grant roles/pubsub.editor in the project ${projectOf(name)}`;
}

async function asked(doing: string, grant: string, ask: () => Promise<Ensured>): Promise<Ensured> {
  try {
    return await ask();
  } catch (thrown) {
    if (thrown instanceof ImagemetaError) throw thrown;
    throw refusal(doing, thrown, { NOT_FOUND: "what it names must be made first", FORBIDDEN: grant });
  }
}

/** Undefined where it fails with this status. */
async function orNothing<T>(asking: Promise<T>, status: number): Promise<T | undefined> {
  return asking.catch((thrown: unknown) => {
    if (statusOf(thrown) === status) return undefined;
    throw thrown;
  });
}

function statusOf(thrown: unknown): number {
  return Number((thrown as { readonly code?: unknown }).code);
}
