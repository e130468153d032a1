/** The engine for what has no Node: browsers, edge runtimes. Bundlers of applications take it from `dist/browser/`. */
import { build } from "rolldown";
import { notices } from "./notices.ts";

const root = new URL("..", import.meta.url).pathname;

/** What fills the tables of pako's compressor, which nothing here uses: without them it is left out. */
const COMPRESSOR = ["zero", "zero$1", "Config"];

export async function buildEngine(folder: string): Promise<void> {
  await build({
    input: { engine: `${root}src/engine.ts` },
    platform: "browser",
    plugins: [notices],
    treeshake: { manualPureFunctions: COMPRESSOR },
    output: { dir: folder, format: "esm", chunkFileNames: "[name]-[hash].js", minify: { compress: false, mangle: false, codegen: true } },
  });
}
