/** What all storages share: resolved once, frozen. */
import { type CredentialOptions, environmentCredentials } from "../auth/options.ts";
import { defaultLimits } from "../record/limits.ts";
import { SHARED_MEMORY_BYTES, SharedMemory } from "./http/memory.ts";

/** Holds requests back, so that a server is asked no more than it takes. */
export interface RequestGate {
  /** Resolves when a request may be sent; undefined where it may at once. Rejects with the signal's reason. */
  enter(signal: AbortSignal): Promise<void> | undefined;
  /** Its answer has come with this status, so many milliseconds after it was sent; status 0 where none came. */
  leave(status: number, milliseconds: number): void;
}

export interface StorageOptions {
  /** Requests in flight, and connections kept, at most. Default 32. */
  readonly concurrency?: number;
  /** Milliseconds after which one image is given up, retries included. Default 120 000. */
  readonly deadline?: number;
  /** Milliseconds without a byte after which a request is given up and asked again. Default 15 000. */
  readonly stall?: number;
  /** Milliseconds of the first wait before a request is repeated, at most; it doubles with each. Default 1000. */
  readonly backoff?: number;
  /** Bytes read of a source that gives no ranges. Default `Limits.wholeBytes`. */
  readonly wholeBytes?: number;
  /** Stored bytes fetched of an object that is stored compressed. Default `Limits.bytes`. */
  readonly bytes?: number;
  /**
   * Bytes of memory that objects hold together if they are stored compressed or come from servers without ranges. Default: all storages of the
   * process share 128 MiB. One object without ranges at a time may hold up to `wholeBytes` besides.
   */
  readonly memoryBytes?: number;
  /** The project that pays for requests to buckets where the requester pays. */
  readonly userProject?: string;
  /** Where credentials for Cloud Storage are looked for. */
  readonly credentials?: CredentialOptions;
  /** `host:port` or URL of a Cloud Storage emulator; no credentials are sent to it. */
  readonly emulatorHost?: string;
  /** What every HTTP request passes before it is sent. */
  readonly gate?: RequestGate;
}

export type ResolvedStorageOptions = Required<Omit<StorageOptions, "userProject" | "emulatorHost" | "gate" | "memoryBytes">> &
  Pick<StorageOptions, "userProject" | "emulatorHost" | "gate"> & { readonly memory: SharedMemory };

const memoryOfProcess = new SharedMemory(SHARED_MEMORY_BYTES);

export function resolveOptions({ memoryBytes, ...options }: StorageOptions): ResolvedStorageOptions {
  return Object.freeze({
    concurrency: 32,
    deadline: 120_000,
    stall: 15_000,
    backoff: 1000,
    wholeBytes: defaultLimits.wholeBytes,
    bytes: defaultLimits.bytes,
    memory: memoryBytes === undefined ? memoryOfProcess : new SharedMemory(memoryBytes),
    credentials: {},
    ...options,
  });
}

/** What the environment says, to Google's libraries and to imagemeta. */
export function environmentOptions(environment: Readonly<Record<string, string | undefined>>): StorageOptions {
  const { STORAGE_EMULATOR_HOST } = environment;
  return { credentials: environmentCredentials(environment), ...(STORAGE_EMULATOR_HOST ? { emulatorHost: STORAGE_EMULATOR_HOST } : {}) };
}
