/**
 * Tag tables that few images need: chunks of their own in the build, loaded when an image first needs one, and kept from then on.
 * A table that is not loaded is a miss, as bytes are: see `Findings.table` and `Missing`.
 */
import { platform } from "#platform";
import { ImagemetaError } from "../record/errors.ts";

export interface LateTable<T> {
  /** For people: `GeoTIFF`. */
  readonly name: string;
  /** Undefined until it is loaded. */
  readonly loaded: T | undefined;
  /** @throws ImagemetaError INTERNAL if it cannot be loaded: the installation is not whole */
  load(): Promise<void>;
  /**
   * Loads it without a promise. False if it cannot be loaded so: in browsers, or because a bundler has moved it.
   * @throws ImagemetaError INTERNAL if the installation is not whole
   */
  loadNow(): boolean;
}

/**
 * @param path of the table's module without its ending, from `src/metadata/`; the build has it at the same path in `dist/`
 * @param load imports the same module: bundlers look for a literal `import()`
 */
export function lateTable<M, T>(name: string, path: string, load: () => Promise<M>, pick: (module: M) => T): LateTable<T> {
  let loaded: T | undefined;
  const failed = (cause: unknown) => new ImagemetaError("INTERNAL", `what reads ${name} cannot be loaded: ${String(cause)}`, { cause });
  const keep = (module: M) => {
    loaded = pick(module);
    if (loaded === undefined) throw new TypeError(`${path} does not have them`);
  };
  return {
    name,
    get loaded() {
      return loaded;
    },
    async load() {
      if (loaded !== undefined) return;
      try {
        keep(await load());
      } catch (cause) {
        throw failed(cause);
      }
    },
    loadNow() {
      if (loaded !== undefined) return true;
      try {
        const module = platform.loadNow(path);
        if (module === undefined) return false;
        keep(module as M);
        return true;
      } catch (cause) {
        throw failed(cause);
      }
    },
  };
}
