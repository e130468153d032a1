/** The project that short names belong to: that of the credentials, or the one that gcloud is set to. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { findCredential } from "./find.ts";
import type { CredentialOptions } from "./options.ts";

/** Undefined where nothing says it. */
export async function projectOf(options: CredentialOptions): Promise<string | undefined> {
  const found = await findCredential(options).catch(() => undefined);
  return found?.project ?? (options.gcloudFolder === undefined ? undefined : gcloudProject(options.gcloudFolder));
}

/** `project` in the section `core` of gcloud's active configuration. */
async function gcloudProject(folder: string): Promise<string | undefined> {
  try {
    const active = (await readFile(join(folder, "active_config"), "utf8").catch(() => "default")).trim();
    const text = await readFile(join(folder, "configurations", `config_${active}`), "utf8");
    const [, core = ""] = /^\[core\]$([\s\S]*?)(?=^\[|$(?![\s\S]))/m.exec(text) ?? [];
    return /^\s*project\s*=\s*(\S+)/m.exec(core)?.[1];
  } catch {
    return undefined;
  }
}
