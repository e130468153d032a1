/**
 * Imports point down: cli, library → server → pipeline, emulator → read-image → storage, stores → queue, metadata → async, record; beside the
 * sources chaos → bench → test → fuzz, tools → src. No cycles.
 */
const layer = (name, from, allowed) => ({
  name,
  severity: "error",
  from: { path: from },
  to: { path: "^src/", pathNot: [from, ...allowed] },
});

/** What the code of a folder beside `src/` may import. */
const beside = (folder, allowed) => ({
  name: `${folder}-imports-${allowed.join("-and-") || "no-other-folder"}`,
  severity: "error",
  from: { path: `^${folder}/` },
  to: { path: "^(src|bench|fuzz|chaos|test|tools)/", pathNot: [folder, ...allowed].map((name) => `^${name}/`) },
});

export default {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "no-orphans", severity: "error", from: { orphan: true, path: "^src/", pathNot: ["^src/cli/(main|function)\\.ts$"] }, to: {} },
    layer("record-imports-nothing", "^src/record/", []),
    layer("async-imports-record", "^src/async/", ["^src/record/"]),
    layer("metadata-imports-record", "^src/metadata/", ["^src/record/"]),
    {
      name: "engine-is-pure",
      severity: "error",
      from: { path: "^src/(engine|read-image/|metadata/|async/|record/)", pathNot: "^src/metadata/bytes/platform-(node|web)\\.ts$" },
      to: { dependencyTypes: ["core", "npm"] },
    },
    {
      name: "what-is-for-browsers-has-no-node",
      severity: "error",
      from: { path: "^src/metadata/bytes/platform-web\\.ts$" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "containers-import-no-decoder",
      severity: "error",
      from: { path: "^src/metadata/containers/" },
      to: { path: "^src/metadata/blocks/" },
    },
    {
      name: "grammar-imports-no-table",
      severity: "error",
      from: { path: "^src/metadata/grammar/" },
      to: { path: "^src/metadata/(tables|blocks|containers)/" },
    },
    {
      name: "tables-import-no-container-or-decoder",
      severity: "error",
      from: { path: "^src/metadata/tables/" },
      to: { path: "^src/metadata/(blocks|containers|makernotes)/" },
    },
    {
      name: "makers-import-no-container-or-decoder",
      severity: "error",
      from: { path: "^src/metadata/makernotes/" },
      to: { path: "^src/metadata/(blocks|containers)/" },
    },
    layer("auth-imports-record", "^src/auth/", ["^src/record/"]),
    layer("storage-imports-record-auth-and-async", "^src/storage/", ["^src/record/", "^src/auth/", "^src/async/"]),
    layer("queue-imports-record-and-auth", "^src/queue/", ["^src/record/", "^src/auth/"]),
    layer("stores-import-record-auth-and-queue", "^src/stores/", ["^src/record/", "^src/auth/", "^src/queue/"]),
    layer("engine-alone", "^src/engine(/|\\.ts$)", ["^src/read-image/", "^src/metadata/", "^src/async/", "^src/record/"]),
    layer("ranged-reads-know-no-storage", "^src/read-image/", ["^src/metadata/", "^src/record/"]),
    layer("read-image-joins-storage-and-engine", "^src/read-image", ["^src/storage/", "^src/metadata/", "^src/record/", "^src/auth/"]),
    layer("pipeline", "^src/pipeline/", [
      "^src/read-image",
      "^src/storage/",
      "^src/stores/contract\\.ts$",
      "^src/queue/contract\\.ts$",
      "^src/record/",
      "^src/metadata/",
      "^src/auth/",
    ]),
    {
      name: "only-the-index-imports-the-library",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/index\\.ts$" },
      to: { path: "^src/library\\.ts$" },
    },
    layer("server", "^src/server/", ["^src/pipeline/", "^src/record/"]),
    layer("emulator-stands-alone", "^src/emulator/", ["^src/record/"]),
    { name: "only-cli-imports-cli", severity: "error", from: { path: "^src/", pathNot: "^src/cli/" }, to: { path: "^src/cli/" } },
    beside("src", []),
    beside("tools", ["src"]),
    beside("fuzz", ["src", "test"]),
    beside("test", ["src", "fuzz", "tools"]),
    beside("bench", ["src", "fuzz", "test"]),
    beside("chaos", ["src", "test", "bench"]),
    { name: "nothing-imports-a-test", severity: "error", from: {}, to: { path: "\\.(test|check)\\.ts$" } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    parser: "swc",
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: [".ts"], conditionNames: ["import", "node"] },
  },
};
