/** Entry point of a process of the pool. */
import { enableCompileCache } from "node:module";

enableCompileCache?.();
const { serveReads } = await import("./serve-reads.ts");
serveReads();
