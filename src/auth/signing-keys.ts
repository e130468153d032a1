/** The public keys of an issuer: a JSON Web Key Set (RFC 7517), kept as long as its server says, and asked for again where a key is new. */
import { createPublicKey, type JsonWebKey, verify } from "node:crypto";

/** Milliseconds: between two requests that unknown keys cause, for which keys are kept where the server says nothing, and for an answer. */
const BETWEEN = 60_000;
const KEPT = 5 * 60_000;
const PATIENCE = 5000;

export class SigningKeys {
  readonly #address: string;
  #keys = new Map<string, string>();
  #until = 0;
  #asked = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;

  constructor(address: string) {
    this.#address = address;
  }

  /** The key in PEM; undefined where the issuer has none of this name. Rejects where no keys can be had. */
  async key(id: string): Promise<string | undefined> {
    const now = performance.now();
    const isStale = now >= this.#until;
    const isNew = !this.#keys.has(id) && now >= this.#asked + BETWEEN;
    if (isStale || isNew) {
      this.#asked = now;
      this.#asking ??= this.#ask().finally(() => {
        this.#asking = undefined;
      });
      // Keys at hand serve while their server is away.
      await this.#asking.catch((thrown) => {
        if (!this.#keys.has(id)) throw thrown;
        this.#until = now + BETWEEN;
      });
    }
    return this.#keys.get(id);
  }

  /** RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 section 3.3). */
  isSignedBy(token: string, key: string): boolean {
    const dot = token.lastIndexOf(".");
    return verify("RSA-SHA256", Buffer.from(token.slice(0, dot)), key, Buffer.from(token.slice(dot + 1), "base64url"));
  }

  async #ask(): Promise<void> {
    const answer = await fetch(this.#address, { signal: AbortSignal.timeout(PATIENCE), redirect: "error" });
    if (!answer.ok) throw new Error(`${this.#address} answered ${answer.status}`);
    const { keys } = (await answer.json()) as { readonly keys: readonly (JsonWebKey & { readonly kid?: string })[] };
    const found = new Map<string, string>();
    for (const jwk of keys) {
      if (jwk.kty === "RSA" && jwk.kid !== undefined)
        found.set(jwk.kid, createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "pem" }).toString());
    }
    const [, seconds] = /max-age=(\d{1,7})/.exec(answer.headers.get("cache-control") ?? "") ?? [];
    this.#keys = found;
    this.#until = performance.now() + (seconds === undefined ? KEPT : Number(seconds) * 1000);
  }
}
