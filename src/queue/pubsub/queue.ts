/** Google Cloud Pub/Sub: one client for all topics and subscriptions of a process. `PUBSUB_EMULATOR_HOST` names an emulator. */
import type { PublishOptions, PubSub } from "@google-cloud/pubsub";
import { googleClient, tokenOf, tokensFor } from "../../auth/credentials.ts";
import type { CredentialOptions } from "../../auth/options.ts";
import { PUBSUB } from "../../auth/scopes.ts";
import type { Inbox, Subscription, TemporarySubscription, Topic } from "../contract.ts";
import { PubsubControl } from "./control.ts";
import { openInbox } from "./inbox.ts";
import { projectOf, subscriptionName, topicName } from "./names.ts";
import { refusal } from "./refusal.ts";
import { type SubscriptionFields, shownSettings } from "./settings.ts";
import { type FlowOptions, openSubscription } from "./subscription.ts";
import { openTemporary } from "./temporary.ts";
import { openTopic } from "./topic.ts";

/** What a worker must know of its subscription. Names are whole. */
export interface SubscriptionFacts {
  readonly name: string;
  readonly topic: string;
  readonly deadLetterTopic?: string;
  /** Deliveries after which Pub/Sub itself sends a message to the dead letters. */
  readonly mostAttempts?: number;
  readonly isExactlyOnce: boolean;
  readonly hasRetryPolicy: boolean;
}

/** By itself gRPC waits up to two minutes before it connects again to a server that was gone. In milliseconds. */
const RECONNECTING = { "grpc.max_reconnect_backoff_ms": 10_000 };

export class PubsubQueue {
  readonly client: PubSub;
  readonly control: PubsubControl;
  readonly #project: string | undefined;
  readonly #credentials: CredentialOptions | undefined;

  private constructor(client: PubSub, project: string | undefined, credentials?: CredentialOptions) {
    this.client = client;
    this.control = new PubsubControl(client, client.isEmulator);
    this.#project = project;
    this.#credentials = credentials;
  }

  /** @param project completes short names. @param credentials application default credentials where they are left out */
  static async open(project: string | undefined, credentials?: CredentialOptions): Promise<PubsubQueue> {
    const { PubSub } = await import("@google-cloud/pubsub");
    const options = { ...RECONNECTING, ...(project === undefined ? {} : { projectId: project }) };
    const client = new PubSub(options);
    // An emulator has no credentials: the library would look for those of a machine at Google, and complain that there are none.
    if (client.isEmulator)
      return new PubsubQueue(new PubSub({ ...options, clientOptions: { universe_domain: "googleapis.com" } }), project);
    if (credentials === undefined) return new PubsubQueue(client, project);
    return new PubsubQueue(new PubSub({ ...options, authClient: await googleClient(credentials, [PUBSUB]) }), project, credentials);
  }

  /** Whether there are credentials, before a connection is made. @throws ImagemetaError UNAUTHENTICATED, UNAVAILABLE */
  async signIn(): Promise<void> {
    if (this.#credentials !== undefined && !this.client.isEmulator) await tokenOf(tokensFor(this.#credentials, [PUBSUB]));
  }

  /** @param name short or whole. @throws ImagemetaError MALFORMED */
  topic(name: string, options?: PublishOptions): Topic {
    return openTopic(this.client, topicName(name, this.#project), options);
  }

  /** @throws ImagemetaError MALFORMED */
  async subscription(name: string, flow: FlowOptions): Promise<Subscription> {
    return openSubscription(this.client, subscriptionName(name, this.#project), flow);
  }

  /** @throws ImagemetaError MALFORMED */
  inbox(name: string): Inbox {
    return openInbox(this.client, subscriptionName(name, this.#project));
  }

  /** A subscription of what a filter lets through, for a while. @throws ImagemetaError NOT_FOUND, FORBIDDEN, UNAUTHENTICATED, MALFORMED, UNAVAILABLE */
  temporary(topic: string, filter: string): Promise<TemporarySubscription> {
    return openTemporary(this.client, this.topicName(topic), filter);
  }

  /** The whole name. @throws ImagemetaError MALFORMED */
  topicName(name: string): string {
    return topicName(name, this.#project);
  }

  /** The whole name. @throws ImagemetaError MALFORMED */
  subscriptionName(name: string): string {
    return subscriptionName(name, this.#project);
  }

  /** @throws ImagemetaError NOT_FOUND, FORBIDDEN, UNAUTHENTICATED, UNAVAILABLE, MALFORMED */
  async describe(name: string): Promise<SubscriptionFacts> {
    const said = await this.#look(name);
    const { deadLetterPolicy: policy } = said;
    return {
      name: subscriptionName(name, this.#project),
      topic: said.topic ?? "",
      ...(policy?.deadLetterTopic ? { deadLetterTopic: policy.deadLetterTopic } : {}),
      ...(policy?.maxDeliveryAttempts ? { mostAttempts: policy.maxDeliveryAttempts } : {}),
      isExactlyOnce: said.enableExactlyOnceDelivery ?? false,
      hasRetryPolicy: said.retryPolicy?.minimumBackoff != null,
    };
  }

  /** Its settings as people read them. @throws ImagemetaError as `describe` does */
  async settings(name: string): Promise<Readonly<Record<string, string>>> {
    return shownSettings(await this.#look(name));
  }

  async #look(name: string): Promise<SubscriptionFields> {
    const whole = subscriptionName(name, this.#project);
    try {
      const [said] = await this.client.subscription(whole).getMetadata();
      return said;
    } catch (cause) {
      throw refusal(`cannot look at ${whole}`, cause, {
        NOT_FOUND: `create it first: imagemeta setup --subscription ${name}`,
        FORBIDDEN: `grant the role roles/pubsub.viewer on it in ${projectOf(whole)}`,
      });
    }
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
