/** The command line and the library for Node: JavaScript in few files. Its folder has the shape of `dist/`, whatever its name. */
import { build } from "rolldown";
import { APART } from "./apart.ts";
import { lateLoading } from "./late-loading.ts";
import { notices } from "./notices.ts";

const root = new URL("..", import.meta.url).pathname;

/** What most commands share, and what those share that write into a store. What loads a library stays with those that use it. */
const SHARED = [
  { name: "common", test: /\/src\/(record\/(?!version)|cli\/(arguments|outcome)\.)/, minShareCount: 3 },
  {
    name: "pipeline",
    test: /\/src\/(pipeline\/(writing|reading|within|worker\/(?!metrics|trace)|events)|storage\/((table|options|selection)\.|http\/backoff)|stores\/(open|merge|prefix)\.)/,
    minShareCount: 2,
  },
];

/** Tables that are loaded late are found by their path: see `src/metadata/late-table.ts`. */
function lateModule(module: string | null | undefined): string | undefined {
  const path = /\/src\/metadata\/((?:tables|makernotes|blocks|containers)\/.*)\.ts$/.exec(module ?? "")?.[1];
  return path === undefined ? undefined : `${path}.js`;
}

export async function buildNode(folder: string): Promise<void> {
  await build({
    input: {
      index: `${root}src/index.ts`,
      engine: `${root}src/engine.ts`,
      "cli/main": `${root}src/cli/main.ts`,
      "cli/function": `${root}src/cli/function.ts`,
      // Where sibling-script.ts looks for them.
      "reading/member": `${root}src/pipeline/reading/member.ts`,
      "reading/watchdog": `${root}src/pipeline/reading/watchdog.ts`,
    },
    platform: "node",
    preserveEntrySignatures: "allow-extension",
    plugins: [lateLoading, notices],
    external: [/^node:/, ...APART.map((name) => new RegExp(`^${name}(/|$)`))],
    output: {
      dir: folder,
      format: "esm",
      // What most commands share is one file, not thirty small ones.
      codeSplitting: {
        groups: SHARED,
        includeDependenciesRecursively: false,
      },
      chunkFileNames: ({ facadeModuleId }) => lateModule(facadeModuleId) ?? "chunks/[name]-[hash].js",
      minify: { compress: false, mangle: false, codegen: true },
    },
  });
}
