import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { candidatesFor } from "../../src/cli/commands/completion.ts";
import { createProgram } from "../../src/cli/program.ts";
import { version } from "../../src/record/version.ts";
import { imagemeta } from "./running.ts";

const program = await createProgram({ exitCode: 0 });

test("the version is that of the package", async () => {
  const { version: packaged } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(version).toBe(packaged);
  expect((await imagemeta(["--version"])).stdout).toBe(`${version}\n`);
});

test("the help of each command shows two examples or more, and every option of read has a variable", async () => {
  for (const command of program.createHelp().visibleCommands(program)) {
    if (command.name() === "help") continue;
    const { code, stdout } = await imagemeta([command.name(), "--help"]);
    expect(code).toBe(0);
    expect(stdout.split("Examples:")[1]?.trim().split("\n").length, command.name()).toBeGreaterThanOrEqual(2);
    for (const option of command.options) expect(option.envVar, option.long).toMatch(/^IMAGEMETA_/);
  }
});

test("what serves listens on this machine alone unless told otherwise", () => {
  const serving = program.commands.flatMap((command) =>
    command.options.filter(({ long }) => long === "--host").map((option) => [command.name(), option.defaultValue]),
  );
  expect(serving).toEqual(expect.arrayContaining(["emulate", "serve", "worker"].map((name) => [name, "127.0.0.1"])));
  for (const [name, host] of serving) expect(host, name).toBe("127.0.0.1");
});

test("completion offers commands, then options", () => {
  const names = (words: string[]) => candidatesFor(program, words).map(({ name }) => name);
  expect(names([])).toEqual(expect.arrayContaining(["read", "emulate", "completion", "--bucket", "--write"]));
  expect(names(["emulate"])).toEqual(expect.arrayContaining(["--port"]));
  expect(names(["emulate"])).not.toContain("--bucket");
});

test.each(["bash", "zsh", "fish"])("the script for %s asks the program itself", async (shell) => {
  const { stdout } = await imagemeta(["completion", shell]);
  expect(stdout).toContain("imagemeta completion-server");
});

test("what the shell calls at the press of the key", async () => {
  const { stdout } = await imagemeta(["completion-server", "--", "imagemeta", "emu"], {
    SHELL: "bash",
    COMP_CWORD: "1",
    COMP_POINT: "13",
    COMP_LINE: "imagemeta emu",
  });
  expect(stdout).toBe("emulate\n");
});
