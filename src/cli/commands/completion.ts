/** `imagemeta completion bash|zsh|fish`: the script that makes the shell complete commands and options. */
import { Argument, Command } from "commander";

type Shell = "bash" | "zsh" | "fish";

export function completionCommand(): Command {
  return new Command("completion")
    .description("print the completion script of a shell")
    .addArgument(new Argument("<shell>", "bash, zsh or fish").choices(["bash", "zsh", "fish"]))
    .addHelpText(
      "after",
      `
Examples:
  imagemeta completion bash >> ~/.bashrc
  imagemeta completion fish > ~/.config/fish/completions/imagemeta.fish`,
    )
    .action(async (shell: Shell) => {
      const { default: tabtab } = await import("@pnpm/tabtab");
      process.stdout.write(await tabtab.getCompletionScript({ name: "imagemeta", completer: "imagemeta", shell }));
    });
}

/** What the script above calls at each press of the key; it is not shown in the help. */
export function completionServerCommand(program: Command): Command {
  return new Command("completion-server")
    .argument("[words...]")
    .allowUnknownOption()
    .action(async () => {
      const { default: tabtab } = await import("@pnpm/tabtab");
      const { partial, lastPartial, complete } = tabtab.parseEnv(process.env);
      if (!complete) return;
      const shell = tabtab.getShellFromEnv(process.env);
      const candidates = candidatesFor(program, partial.split(" ").slice(1, -1)).filter(({ name }) => name.startsWith(lastPartial));
      // Nothing to offer is a file name to bash by itself.
      if (candidates.length > 0) tabtab.log(candidates, shell);
      else if (shell !== "bash") tabtab.logFiles();
    });
}

/** Commands where none is named yet, the options of the command otherwise. */
export function candidatesFor(program: Command, words: readonly string[]): { name: string; description: string }[] {
  const visible = program.createHelp().visibleCommands(program);
  const named = visible.find((command) => words.includes(command.name()));
  const command = named ?? visible.find((candidate) => candidate.name() === "read") ?? program;
  const options = command
    .createHelp()
    .visibleOptions(command)
    .flatMap((option) =>
      option.long === undefined || option.long === null ? [] : [{ name: option.long, description: option.description }],
    );
  const commands = named === undefined && words.length === 0 ? visible.map((c) => ({ name: c.name(), description: c.description() })) : [];
  return [...commands, ...options];
}
