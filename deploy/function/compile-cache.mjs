// Fills .compile-cache with what Node.js compiles of the function and the Functions Framework when they start. Where NODE_COMPILE_CACHE
// names that folder, an instance starts sooner. Google's buildpack runs this when the function is deployed: it is the script gcp-build.
import { enableCompileCache } from "node:module";

process.env.IMAGEMETA_TO ??= "any.ndjson";
enableCompileCache(new URL(".compile-cache", import.meta.url).pathname);
await import("@google-cloud/functions-framework/testing");
await import("./index.mjs");
