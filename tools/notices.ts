/** A plugin for the build: `THIRD-PARTY.txt` in dist/, the licences of the packages whose code is bundled, as they ask for. */
import { readdirSync, readFileSync } from "node:fs";
import type { Plugin } from "rolldown";

const PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/;

export const notices: Plugin = {
  name: "notices",
  generateBundle(_, bundle) {
    const modules = Object.values(bundle).flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
    const folders = new Set(modules.flatMap((id) => PACKAGE.exec(id)?.[0] ?? []));
    this.emitFile({ type: "asset", fileName: "THIRD-PARTY.txt", source: [...folders].sort().map(noticeOf).join("\n") });
  },
};

function noticeOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? "" : `\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n`;
  return `${name} ${version} (${license})\n${text}`;
}
