import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["test/image/*.check.ts"], testTimeout: 60_000, hookTimeout: 120_000 } });
