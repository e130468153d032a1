/** `#platform` in tests. Vitest and `require` each have modules of their own, and tags of one are not known to the other. */
import type { Platform } from "../src/metadata/bytes/platform.ts";
import { platform as node } from "../src/metadata/bytes/platform-node.ts";

export const platform: Platform = {
  ...node,
  loadNow(path) {
    throw new Error(`${path} is not loaded: a test that reads such images calls loadTables() first`);
  },
};
