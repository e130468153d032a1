/**
 * The control plane of one bucket, by Google's client: its notification configurations (JSON API v1, "Notifications"), the service
 * agent that publishes them, and the few objects that are written. `STORAGE_EMULATOR_HOST`, which Google's library reads itself, names an emulator.
 */
import type { Bucket, Storage } from "@google-cloud/storage";
import { googleClient } from "../../auth/credentials.ts";
import type { CredentialOptions } from "../../auth/options.ts";
import { HOW_TO_SIGN_IN, isUnauthenticated } from "../../auth/refusal.ts";
import { CONTROL, READ } from "../../auth/scopes.ts";
import { ImagemetaError } from "../../record/errors.ts";
import type { ErrorCode } from "../../record/types.ts";

/** What a bucket tells, and whom; in the API's own words. */
export interface NotificationConfiguration {
  /** `//pubsub.googleapis.com/projects/P/topics/T` */
  readonly topic: string;
  readonly payload_format: string;
  /** Absent: all. */
  readonly event_types?: readonly string[];
  readonly custom_attributes?: Readonly<Record<string, string>>;
  readonly object_name_prefix?: string;
}

/** One that the bucket has. */
export interface LiveConfiguration extends NotificationConfiguration {
  readonly id: string;
}

/** What a call takes: where it is not allowed, the role is named. */
interface Needs {
  readonly permission: string;
  readonly role: string;
}

const SEE: Needs = { permission: "storage.buckets.get", role: "roles/storage.admin" };
const CHANGE: Needs = { permission: "storage.buckets.update", role: "roles/storage.admin" };
const WRITE: Needs = { permission: "storage.objects.create", role: "roles/storage.objectUser" };
const REMOVE: Needs = { permission: "storage.objects.delete", role: "roles/storage.objectUser" };

export interface BucketControlOptions {
  readonly project: string | undefined;
  readonly userProject?: string | undefined;
  /** Application default credentials where they are left out. */
  readonly credentials?: CredentialOptions;
  /** Nothing is changed: the scope of reading is enough. */
  readonly forReading?: boolean;
}

export class BucketControl {
  readonly name: string;
  readonly #bucket: Bucket;
  readonly #credentials: CredentialOptions | undefined;

  private constructor(name: string, bucket: Bucket, credentials: CredentialOptions | undefined) {
    this.name = name;
    this.#bucket = bucket;
    this.#credentials = credentials;
  }

  static async open(name: string, { project, userProject, credentials, forReading = false }: BucketControlOptions): Promise<BucketControl> {
    const storage = await openStorage(project, credentials, forReading ? READ : CONTROL);
    return new BucketControl(name, storage.bucket(name, userProject === undefined ? {} : { userProject }), credentials);
  }

  /** Which of these permissions the caller has on the bucket. */
  async permitted(permissions: readonly string[]): Promise<readonly string[]> {
    const [answer] = await this.#asked("ask what is allowed", SEE, () => this.#bucket.iam.testPermissions([...permissions]));
    return permissions.filter((permission) => answer[permission]);
  }

  /** @throws ImagemetaError NOT_FOUND, FORBIDDEN, UNAUTHENTICATED, MALFORMED, UNAVAILABLE; as all here do */
  async configurations(): Promise<readonly LiveConfiguration[]> {
    const [found] = await this.#asked("list the notification configurations", SEE, () => this.#bucket.getNotifications());
    return found.map(({ metadata }) => liveOf(metadata as Readonly<Record<string, unknown>>));
  }

  /** Not idempotent: called twice, the bucket tells everything twice. The library's own call would rename custom attributes. */
  async create(configuration: NotificationConfiguration): Promise<LiveConfiguration> {
    const topic = topicOf(configuration);
    const doing = `notify ${topic}`;
    const answer = await this.#asked(doing, CHANGE, () =>
      this.#bucket.request({ method: "POST", uri: "/notificationConfigs", json: configuration, maxRetries: 0 }),
    );
    return liveOf((answer as unknown as [Readonly<Record<string, unknown>>])[0]);
  }

  /** One that is gone already is no error. */
  async remove(id: string): Promise<void> {
    await this.#asked(`remove the notification configuration ${id}`, CHANGE, () =>
      this.#bucket.notification(id).delete({ ignoreNotFound: true }),
    );
  }

  /** The address by which Cloud Storage publishes this bucket's changes: that of the bucket's own project. */
  async serviceAgent(): Promise<string> {
    const [{ projectNumber }] = await this.#asked("look at the bucket", SEE, () => this.#bucket.getMetadata());
    return serviceAgentOf(String(projectNumber), this.#credentials);
  }

  /** Writes an empty object, or replaces it. */
  async write(name: string): Promise<void> {
    await this.#asked(`write ${name}`, WRITE, () => this.#bucket.file(name).save("", { resumable: false, contentType: "text/plain" }));
  }

  /** One that is gone already is no error. */
  async removeObject(name: string): Promise<void> {
    await this.#asked(`delete ${name}`, REMOVE, () => this.#bucket.file(name).delete({ ignoreNotFound: true }));
  }

  async #asked<T>(doing: string, needs: Needs, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (cause) {
      throw refusal(`gs://${this.name}: cannot ${doing}`, cause, `grant ${needs.role} (${needs.permission}) on the bucket`);
    }
  }
}

async function openStorage(project: string | undefined, credentials: CredentialOptions | undefined, scope: string): Promise<Storage> {
  const { Storage } = await import("@google-cloud/storage");
  return new Storage({
    ...(project === undefined ? {} : { projectId: project }),
    ...(credentials === undefined ? {} : { authClient: await googleClient(credentials, [scope]) }),
  });
}

/** The topic as Pub/Sub names it: `projects/P/topics/T`. */
export function topicOf({ topic }: Pick<NotificationConfiguration, "topic">): string {
  return topic.replace(/^\/\/pubsub\.[^/]+\//, "");
}

/** A project's number, which the address of its Cloud Storage service agent has in it. @throws ImagemetaError */
export async function projectNumber(project: string, credentials?: CredentialOptions): Promise<string> {
  const agent = await serviceAgentOf(project, credentials);
  const [, number] = /^service-(\d+)@/.exec(agent) ?? [];
  if (number === undefined)
    throw new ImagemetaError("INTERNAL", `the service agent of ${project}, ${agent}, does not say the project's number`);
  return number;
}

/** @param project its id or number */
async function serviceAgentOf(project: string, credentials: CredentialOptions | undefined): Promise<string> {
  try {
    const [{ emailAddress }] = await (await openStorage(project, credentials, CONTROL)).getServiceAccount();
    return String(emailAddress);
  } catch (cause) {
    const advice = `grant roles/storage.admin or roles/viewer (resourcemanager.projects.get) in the project ${project}`;
    throw refusal(`cannot ask for the Cloud Storage service agent of ${project}`, cause, advice);
  }
}

function liveOf({ id, topic, payload_format, event_types, custom_attributes, object_name_prefix }: Readonly<Record<string, unknown>>) {
  return {
    id: String(id),
    topic: String(topic),
    payload_format: String(payload_format),
    ...(event_types === undefined ? {} : { event_types: event_types as readonly string[] }),
    ...(custom_attributes === undefined ? {} : { custom_attributes: custom_attributes as Readonly<Record<string, string>> }),
    ...(object_name_prefix === undefined ? {} : { object_name_prefix: String(object_name_prefix) }),
  };
}

const CODES: Readonly<Record<number, ErrorCode>> = { 400: "MALFORMED", 401: "UNAUTHENTICATED", 403: "FORBIDDEN", 404: "NOT_FOUND" };
const ADVICE: Partial<Record<ErrorCode, string>> = {
  MALFORMED: "see what it says",
  UNAUTHENTICATED: HOW_TO_SIGN_IN,
  NOT_FOUND: "check its name",
  UNAVAILABLE: "try again later",
};

function refusal(doing: string, cause: unknown, grant: string): ImagemetaError {
  // It says itself what to do.
  if (isUnauthenticated(cause)) return new ImagemetaError("UNAUTHENTICATED", `${doing}: ${(cause as Error).message}`, { cause });
  const { code: status, message } = cause as { readonly code?: unknown; readonly message?: unknown };
  const code = /default credentials/i.test(String(message)) ? "UNAUTHENTICATED" : (CODES[Number(status)] ?? "UNAVAILABLE");
  const advice = code === "FORBIDDEN" ? grant : ADVICE[code];
  return new ImagemetaError(code, `${doing}: ${message}; ${advice}`, { cause });
}
