/**
 * A plugin for the build: libraries load TLS, HTTP/2, clusters and the compilers of JSON schemas when they are loaded, and a process that
 * serves plain HTTP uses none of them. That is half the time of its start, so they are loaded when something of them is first asked for.
 * To import `process` makes the streams of all three standard files; the global one makes them when they are asked for.
 */
import type { Plugin } from "rolldown";

const BUILTIN = /\b(?:const|var|let)\s+(\w+)\s*=\s*require\(["'](?:node:)?(https|http2|tls|cluster)["']\);?/g;
const COMPILER = /const (\w+) = require\('(@fastify\/[\w-]+-compiler)'\)\s+(compilersFactory\.\w+) = \1\(\)/g;
const PROCESS = /^import process from ["']node:process["'];?$/gm;

export const lateLoading: Plugin = {
  name: "late-loading",
  transform: {
    filter: { id: /node_modules\/(commander|fastify|prom-client|light-my-request)\/.*\.js$/ },
    handler: (code) =>
      code
        .replace(BUILTIN, (_, name, builtin) => `const ${name} = new Proxy({}, { get: (_, key) => require("node:${builtin}")[key] });`)
        .replace(PROCESS, "")
        .replace(COMPILER, (_, _selector, compiler, factory) => `${factory} = (...given) => require("${compiler}")()(...given)`),
  },
};
