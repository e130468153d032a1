/** The command line as a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { text } from "node:stream/consumers";

const main = new URL("../../src/cli/main.ts", import.meta.url).pathname;

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(process.execPath, [main, ...args], { env: { PATH: process.env.PATH ?? "", HOME: "/nonexistent", ...environment } });
}

/** Runs it to its end, with `input` on standard input. */
export async function imagemeta(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  input?: Uint8Array,
): Promise<Ran> {
  const child = start(args, environment);
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error("no pipes");
  stdin.on("error", () => {}).end(input);
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [out, err, code] = await Promise.all([text(stdout), text(stderr), exited]);
  return { code, stdout: out, stderr: err };
}
