// Fills the folder that NODE_COMPILE_CACHE names with what Node.js compiles of imagemeta and of the libraries it loads, so that a new
// container need not: compile-cache.mjs FOLDER, where FOLDER is imagemeta's own. Entries hold for the place of a file and for a user.
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = resolve(process.argv[2] ?? ".");
const chunks = join(folder, "dist/chunks");
for (const name of readdirSync(chunks).filter((file) => file.endsWith(".js"))) await import(pathToFileURL(join(chunks, name)));
const require = createRequire(join(chunks, "any.js"));
for (const library of ["@google-cloud/pubsub", "@google-cloud/firestore", "google-auth-library", "pg"]) require(library);
