/** An emulator over a temporary folder, for the tests of one file. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach } from "vitest";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../src/emulator/server.ts";

export interface Running extends Emulator {
  readonly folder: string;
  /** The same folder, served again after the emulator has ended. */
  restart(more?: Partial<EmulatorOptions>): Promise<Running>;
}

const toEnd: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const end of toEnd.splice(0).reverse()) await end();
});

/** Serves files, given by path such as `photos/a.jpg`; everything is gone after the test. */
export async function emulatorOver(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<EmulatorOptions> = {},
): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), "imagemeta-emulator-"));
  toEnd.push(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return run(folder, options);
}

async function run(folder: string, options: Partial<EmulatorOptions>): Promise<Running> {
  const emulator = await startEmulator({ folder, port: 0, ...options });
  toEnd.push(() => emulator.close());
  const restart = async (more: Partial<EmulatorOptions> = {}): Promise<Running> => {
    await emulator.close();
    return run(folder, { ...options, ...more });
  };
  return { ...emulator, folder, restart };
}
