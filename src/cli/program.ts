/** The program: its commands, and how their failures leave the process. */
import { Command, CommanderError } from "commander";
import { ImagemetaError } from "../record/errors.ts";
import { version } from "../record/version.ts";
import { visibleLines, visibly } from "../record/visible.ts";
import { forgetFalseSwitches } from "./arguments.ts";
import { type Outcome, UsageError } from "./outcome.ts";
import { say } from "./say.ts";

/** Every command by its name, in the order of the help; loaded when it is named, or when none is. */
const COMMANDS: Readonly<Record<string, (outcome: Outcome, program: Command) => Promise<Command>>> = {
  read: async (outcome) => (await import("./commands/read.ts")).readCommand(outcome),
  scan: async (outcome) => (await import("./commands/scan.ts")).scanCommand(outcome),
  check: async (outcome) => (await import("./commands/check.ts")).checkCommand(outcome),
  export: async (outcome) => (await import("./commands/export.ts")).exportCommand(outcome),
  audit: async (outcome) => (await import("./commands/audit.ts")).auditCommand(outcome),
  setup: async (outcome) => (await import("./commands/setup.ts")).setupCommand(outcome),
  worker: async (outcome) => (await import("./commands/worker.ts")).workerCommand(outcome),
  serve: async (outcome) => (await import("./commands/serve.ts")).serveCommand(outcome),
  redrive: async (outcome) => (await import("./commands/redrive.ts")).redriveCommand(outcome),
  status: async (outcome) => (await import("./commands/status.ts")).statusCommand(outcome),
  pause: async () => (await import("./commands/pause.ts")).pauseCommand(),
  resume: async () => (await import("./commands/pause.ts")).resumeCommand(),
  recover: async (outcome) => (await import("./commands/recover.ts")).recoverCommand(outcome),
  login: async () => (await import("./commands/login.ts")).loginCommand(),
  logout: async (outcome) => (await import("./commands/login.ts")).logoutCommand(outcome),
  whoami: async (outcome) => (await import("./commands/whoami.ts")).whoamiCommand(outcome),
  emulate: async () => (await import("./commands/emulate.ts")).emulateCommand(),
  completion: async () => (await import("./commands/completion.ts")).completionCommand(),
  "completion-server": async (_, program) => (await import("./commands/completion.ts")).completionServerCommand(program),
};

/** What other commands call, and the help does not show. */
const HIDDEN = new Set(["completion-server"]);
/** It tells of all the others. */
const TELLS_ALL = "completion-server";

/** @param named the one command that will run; absent, all are there */
export async function createProgram(outcome: Outcome, named?: string): Promise<Command> {
  const program = new Command("imagemeta")
    .description("Says what is in the images of a Google Cloud Storage bucket, of folders and of web addresses, as JSON.")
    .version(version, "-V, --version")
    .showHelpAfterError("(imagemeta --help shows what there is)")
    .exitOverride();
  const isOne = named !== undefined && Object.hasOwn(COMMANDS, named) && named !== TELLS_ALL;
  for (const [name, load] of Object.entries(COMMANDS)) {
    if (isOne && name !== named) continue;
    program.addCommand(await load(outcome, program), { isDefault: name === "read", hidden: HIDDEN.has(name) });
  }
  // A shell's pattern may have put the name of a file where an option stands.
  const writeErr = (text: string) => void process.stderr.write(visibleLines(text));
  for (const command of [program, ...program.commands]) command.configureOutput({ writeErr });
  for (const command of program.commands)
    command.exitOverride().showHelpAfterError(`(imagemeta ${command.name()} --help shows its options)`);
  program.addHelpText(
    "after",
    `
read is the command where none is named; imagemeta read --help shows its options.

Examples:
  imagemeta --file /my-bucket/photos/greece.jpg
  imagemeta --bucket my-bucket --write out/my_images_meta.json
  imagemeta photos/ --format table`,
  );
  return program;
}

/** Runs a command line; resolves with the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  const outcome: Outcome = { exitCode: 0 };
  const program = await createProgram(outcome, argv[2]);
  forgetFalseSwitches(program.commands);
  try {
    await program.parseAsync([...argv]);
    return outcome.exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    if (thrown instanceof UsageError) {
      say(`imagemeta: ${thrown.message}`);
      return 2;
    }
    if (thrown instanceof ImagemetaError) {
      say(`imagemeta: ${thrown.code}: ${visibly(thrown.message)}`);
      return 1;
    }
    const said = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    say(`imagemeta: ${said}`);
    return 1;
  }
}
