/**
 * What a C2PA manifest store claims: C2PA 2.1 sections 10 (claims), 13 (signatures), 18.14 (actions), 18.15 (ingredients);
 * COSE_Sign1 is RFC 9052 section 4.2. Nothing is verified here.
 */
import { ImagemetaError } from "../../record/errors.ts";
import type { ContentCredentials } from "../../record/types.ts";
import { ByteWindow, MissingBytes } from "../bytes/window.ts";
import type { Findings } from "../contracts.ts";
import { contentOf } from "../grammar/box.ts";
import { CborMap, CborReader, type CborValue, Tagged } from "../grammar/cbor.ts";
import { certificateSubject, timeStampOf } from "../grammar/der.ts";
import type { Superbox } from "../grammar/superbox.ts";

/** The first four bytes of the content types of C2PA. */
const STORE = "63327061";
const MANIFEST = /^6332(6d61|756d)/;

/** COSE header parameters (RFC 9052, RFC 9360, RFC 9597). */
const X5CHAIN = [33, "x5chain"];
const CWT_CLAIMS = 15;
const ISSUED_AT = 6;

/** States the facts of the active manifest: the last of the store. */
export function stateContentCredentials(list: readonly Superbox[], data: ByteWindow, found: Findings): void {
  const store = list.find(({ contentType }) => contentType.startsWith(STORE));
  const manifests = children(store).filter(({ contentType }) => MANIFEST.test(contentType));
  const active = manifests.at(-1);
  if (active === undefined) return;
  const reader = new Manifests(manifests, data, found);
  found.fact("contentCredentials", reader.credentials(active));
  const source = reader.digitalSourceType(active);
  if (source !== undefined) found.fact("digitalSourceType", source);
}

function children(superbox: Superbox | undefined): Superbox[] {
  return (superbox?.content ?? []).flatMap((content) => ("superbox" in content ? [content.superbox] : []));
}

/** Several assertions of one kind are told apart by a number at the end of their labels. */
function isLabelled(superbox: Superbox, ...labels: string[]): boolean {
  return labels.includes(superbox.label?.replace(/__\d+$/, "") ?? "");
}

class Manifests {
  readonly #manifests: readonly Superbox[];
  readonly #data: ByteWindow;
  readonly #found: Findings;

  constructor(manifests: readonly Superbox[], data: ByteWindow, found: Findings) {
    this.#manifests = manifests;
    this.#data = data;
    this.#found = found;
  }

  credentials(manifest: Superbox): ContentCredentials {
    const claim = this.#value(children(manifest).find((box) => isLabelled(box, "c2pa.claim", "c2pa.claim.v2")));
    const actions = this.#actions(manifest).flatMap((action) => text(field(action, "action")) ?? []);
    const signature = this.#signature(manifest);
    const claimGenerator = text(field(claim, "claim_generator")) ?? generatorOf(field(claim, "claim_generator_info"));
    const title = text(field(claim, "dc:title"));
    return {
      ...(claimGenerator === undefined ? {} : { claimGenerator }),
      ...(title === undefined ? {} : { title }),
      ...(actions.length === 0 ? {} : { actions }),
      ...signature,
    };
  }

  /** Of the manifest's own actions, else of the manifest of what the image was made from. */
  digitalSourceType(manifest: Superbox): string | undefined {
    const seen = new Set<Superbox>();
    for (let next: Superbox | undefined = manifest; next !== undefined && !seen.has(next); next = this.#parent(next)) {
      this.#found.budget.step(this.#manifests.length);
      seen.add(next);
      for (const action of this.#actions(next)) {
        const type = text(field(action, "digitalSourceType"));
        if (type !== undefined) return type;
      }
    }
    return undefined;
  }

  #assertions(manifest: Superbox): Superbox[] {
    return children(children(manifest).find((box) => isLabelled(box, "c2pa.assertions")));
  }

  #actions(manifest: Superbox): CborValue[] {
    return this.#assertions(manifest)
      .filter((box) => isLabelled(box, "c2pa.actions", "c2pa.actions.v2"))
      .flatMap((box) => list(field(this.#value(box), "actions")));
  }

  /** The manifest of the ingredient that the image was opened from. */
  #parent(manifest: Superbox): Superbox | undefined {
    for (const box of this.#assertions(manifest)) {
      if (!isLabelled(box, "c2pa.ingredient", "c2pa.ingredient.v2", "c2pa.ingredient.v3")) continue;
      const ingredient = this.#value(box);
      if (text(field(ingredient, "relationship")) !== "parentOf") continue;
      const url = text(field(field(ingredient, "activeManifest") ?? field(ingredient, "c2pa_manifest"), "url"));
      const label = /^self#jumbf=\/c2pa\/([^/]+)/.exec(url ?? "")?.[1];
      return this.#manifests.find((other) => other.label === label);
    }
    return undefined;
  }

  /** COSE_Sign1: [protected, unprotected, payload, signature]. */
  #signature(manifest: Superbox): Pick<ContentCredentials, "signer" | "signedAt"> {
    const message = list(this.#value(children(manifest).find((box) => isLabelled(box, "c2pa.signature"))));
    const [sealed, unprotected] = message;
    const headers = [
      sealed instanceof Uint8Array ? this.#cbor(ByteWindow.whole(sealed, undefined, this.#found.budget)) : undefined,
      unprotected,
    ];
    const header = (...keys: readonly (string | number)[]) =>
      headers.flatMap((map) => keys.map((key) => field(map, key))).find((value) => value !== undefined);
    const chain = header(...X5CHAIN);
    const [leaf] = chain instanceof Uint8Array ? [chain] : list(chain);
    if (leaf instanceof Uint8Array) this.#found.budget.step(leaf.length);
    const { commonName, organization } = leaf instanceof Uint8Array ? certificateSubject(leaf) : {};
    const signer = [commonName, organization].filter((name, i, names) => name !== undefined && names.indexOf(name) === i).join(", ");
    const signedAt = this.#stamp(header("sigTst2", "sigTst")) ?? instant(header("iat") ?? field(header(CWT_CLAIMS), ISSUED_AT));
    return { ...(signer === "" ? {} : { signer }), ...(signedAt === undefined ? {} : { signedAt }) };
  }

  #stamp(value: CborValue | undefined): string | undefined {
    for (const token of list(field(value, "tstTokens"))) {
      const bytes = field(token, "val");
      if (bytes instanceof Uint8Array) this.#found.budget.step(bytes.length);
      const time = bytes instanceof Uint8Array ? timeStampOf(bytes) : undefined;
      if (time !== undefined) return time;
    }
    return undefined;
  }

  /** What the first CBOR box of a superbox holds. */
  #value(superbox: Superbox | undefined): CborValue | undefined {
    for (const content of superbox?.content ?? []) {
      if ("box" in content && content.box.type === "cbor") return this.#cbor(contentOf(this.#data, content.box));
    }
    return undefined;
  }

  #cbor(data: ByteWindow): CborValue | undefined {
    try {
      const value = new CborReader(data, this.#found.budget).read();
      return value instanceof Tagged ? value.value : value;
    } catch (thrown) {
      if (thrown instanceof MissingBytes || thrown instanceof ImagemetaError) throw thrown;
      // The decoder of the CBOR block warns of it.
      return undefined;
    }
  }
}

/** The name, with the version, of the first generator. */
function generatorOf(info: CborValue | undefined): string | undefined {
  const first = Array.isArray(info) ? (info as CborValue[])[0] : info;
  const [name, version] = [text(field(first, "name")), text(field(first, "version"))];
  return name === undefined || version === undefined ? name : `${name}/${version}`;
}

function field(map: CborValue | undefined, key: string | number): CborValue | undefined {
  return map instanceof CborMap ? map.get(key) : undefined;
}

function list(value: CborValue | undefined): readonly CborValue[] {
  return Array.isArray(value) ? value : [];
}

function text(value: CborValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Seconds since 1970, or a date in text, as ISO 8601. */
function instant(value: CborValue | undefined): string | undefined {
  const plain = value instanceof Tagged ? value.value : value;
  if (typeof plain === "string") return /^\d{4}-\d\d-\d\dT/.test(plain) ? plain : undefined;
  const date = typeof plain === "number" ? new Date(plain * 1000) : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace(".000Z", "Z");
}
