/** The program: its commands, and how their failures leave the process. */
import { Command, CommanderError } from "commander";
import { ImagemetaError } from "../record/errors.ts";
import { redacted } from "../record/secrets.ts";
import { version } from "../record/version.ts";
import { auditCommand } from "./commands/audit.ts";
import { checkCommand } from "./commands/check.ts";
import { completionCommand, completionServerCommand } from "./commands/completion.ts";
import { emulateCommand } from "./commands/emulate.ts";
import { exportCommand } from "./commands/export.ts";
import { loginCommand, logoutCommand } from "./commands/login.ts";
import { pauseCommand, resumeCommand } from "./commands/pause.ts";
import { readCommand } from "./commands/read.ts";
import { recoverCommand } from "./commands/recover.ts";
import { redriveCommand } from "./commands/redrive.ts";
import { readForScanCommand, scanCommand } from "./commands/scan.ts";
import { serveCommand } from "./commands/serve.ts";
import { setupCommand } from "./commands/setup.ts";
import { statusCommand } from "./commands/status.ts";
import { whoamiCommand } from "./commands/whoami.ts";
import { workerCommand } from "./commands/worker.ts";
import { type Outcome, UsageError } from "./outcome.ts";

export function createProgram(outcome: Outcome): Command {
  const program = new Command("imagemeta")
    .description("Says what is in the images of a Google Cloud Storage bucket, of folders and of web addresses, as JSON.")
    .version(version, "-V, --version")
    .showHelpAfterError("(imagemeta --help shows what there is)")
    .exitOverride();
  program.addCommand(readCommand(outcome), { isDefault: true });
  program.addCommand(scanCommand(outcome));
  program.addCommand(checkCommand(outcome));
  program.addCommand(exportCommand(outcome));
  program.addCommand(auditCommand(outcome));
  program.addCommand(readForScanCommand(), { hidden: true });
  program.addCommand(setupCommand(outcome));
  program.addCommand(workerCommand(outcome));
  program.addCommand(serveCommand(outcome));
  program.addCommand(redriveCommand(outcome));
  program.addCommand(statusCommand(outcome));
  program.addCommand(pauseCommand());
  program.addCommand(resumeCommand());
  program.addCommand(recoverCommand(outcome));
  program.addCommand(loginCommand());
  program.addCommand(logoutCommand(outcome));
  program.addCommand(whoamiCommand(outcome));
  program.addCommand(emulateCommand());
  program.addCommand(completionCommand());
  program.addCommand(completionServerCommand(program), { hidden: true });
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
  const program = createProgram(outcome);
  forgetFalseSwitches(program);
  try {
    await program.parseAsync([...argv]);
    return outcome.exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    if (thrown instanceof UsageError) {
      process.stderr.write(redacted(`imagemeta: ${thrown.message}\n`));
      return 2;
    }
    if (thrown instanceof ImagemetaError) {
      process.stderr.write(`imagemeta: ${thrown.code}: ${thrown.message}\n`);
      return 1;
    }
    process.stderr.write(redacted(`imagemeta: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`));
    return 1;
  }
}

/** `IMAGEMETA_QUIET=false` switches nothing on: commander takes any value of a switch's variable for yes. */
function forgetFalseSwitches(program: Command): void {
  for (const option of program.commands.flatMap((command) => command.options)) {
    const { envVar } = option;
    if (envVar !== undefined && option.isBoolean() && /^(|0|false|no|off)$/i.test(process.env[envVar] ?? "")) delete process.env[envVar];
  }
}
