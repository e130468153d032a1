/** Where the scripts of the pool are: in src/pipeline/reading/ as TypeScript, in dist/reading/ as JavaScript. */
import { extname } from "node:path";

/** The build puts this module into a folder beside `reading`. */
export function siblingScript(name: "member" | "watchdog"): URL {
  return new URL(`../reading/${name}${extname(import.meta.url)}`, import.meta.url);
}
