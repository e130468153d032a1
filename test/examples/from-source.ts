/** Lets examples import `imagemeta` as it stands in src/: `node --import ./test/examples/from-source.ts examples/…`. */
import { registerHooks } from "node:module";

const source = new URL("../../src/index.ts", import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) => (specifier === "imagemeta" ? { url: source, shortCircuit: true } : next(specifier, context)),
});
