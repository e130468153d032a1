/** Asks a bucket about objects: again if a question fails for the moment, and not while the bucket is down. */
import { ImagemetaError } from "../../record/errors.ts";
import type { ErrorCode, ObjectInfo } from "../../record/types.ts";
import { wait } from "../../storage/http/backoff.ts";
import type { FindLive } from "../writing/unhide.ts";
import { Outage, type OutageOptions } from "./outage.ts";

export interface PatientBucketOptions extends OutageOptions {
  /** Throws ImagemetaError. */
  readonly findLive: FindLive;
}

/** Attempts at one object while its bucket answers. */
const MAX_ATTEMPTS = 3;

const TRANSIENT: ReadonlySet<ErrorCode> = new Set(["UNAVAILABLE", "UNAUTHENTICATED", "CHANGED"]);

/** Does the error say nothing about the image? Its bucket may be down, or the object is being replaced all the time. */
export function isTransient(code: ErrorCode): boolean {
  return TRANSIENT.has(code);
}

export class PatientBucket {
  readonly #options: PatientBucketOptions;
  readonly #outage: Outage;

  constructor(options: PatientBucketOptions) {
    this.#options = options;
    this.#outage = new Outage(options);
  }

  /** The object's live version. @throws ImagemetaError if the bucket does not say what is live */
  async findLive(uri: string): Promise<ObjectInfo | undefined> {
    const find = async () => {
      try {
        return { live: await this.#options.findLive(uri) };
      } catch (thrown) {
        if (thrown instanceof ImagemetaError) return { error: thrown };
        throw thrown;
      }
    };
    const { live, error } = await this.asked(uri, find);
    if (error !== undefined) throw error;
    return live;
  }

  /** The answer to a question about an object. It may still have a transient error. */
  async asked<T extends { readonly error?: { readonly code: ErrorCode } | undefined }>(uri: string, ask: () => Promise<T>): Promise<T> {
    const { signal, pause } = this.#options;
    for (let attempt = 1; ; ) {
      await this.#outage.over();
      const answer = await ask();
      const code = answer.error?.code;
      if (code === undefined || !isTransient(code)) return answer;
      if (code !== "CHANGED" && (await this.#outage.wasDown(uri))) continue;
      if (attempt++ >= MAX_ATTEMPTS) return answer;
      await wait(pause * 2 ** (attempt - 2), signal);
    }
  }
}
