/** `imagemeta login` and `imagemeta logout`: their options. What they do is in run-login.ts, which is loaded only when it runs. */
import { Command } from "commander";
import { ALLOWED } from "../../auth/scopes.ts";
import { commaListOf, countOf, option } from "../arguments.ts";
import { BROWSERS, type LoginCommandOptions } from "../login-options.ts";
import type { Outcome } from "../outcome.ts";

const WORDS = Object.keys(ALLOWED);

export function loginCommand(): Command {
  return new Command("login")
    .description("sign in with your own Google account")
    .addOption(
      option(
        "--client-secret <file>",
        "the OAuth client of a desktop app, as Google's console gives it; the variable may hold the JSON itself (default: that of the last login)",
        "CLIENT_SECRET",
      ),
    )
    .addOption(
      option("--allow <words>", `what imagemeta may do with it: ${WORDS.join(", ")}`, "ALLOW")
        .argParser(commaListOf(WORDS))
        .default(["read"]),
    )
    .addOption(
      option("--browser <how>", "open: opens one; print: prints the address; auto: opens one where there is one", "BROWSER")
        .choices(BROWSERS)
        .default("auto"),
    )
    .addOption(option("--timeout <seconds>", "how long the login may take", "TIMEOUT").default(300).argParser(countOf(1, 3600)))
    .addHelpText(
      "after",
      `
The browser comes back to a free port of this machine. Where it runs on another machine, paste the address that it could not open.
The login is kept in the configuration folder, readable by you alone; gcloud's and explicit credentials come before it (imagemeta whoami).
Exit status: 0 signed in, 1 not signed in, 2 wrong call.

Examples:
  imagemeta login --client-secret client_secret.json
  imagemeta login --allow read,pubsub --browser print`,
    )
    .action(async (options: LoginCommandOptions) => {
      const { runLogin } = await import("../run-login.ts");
      await runLogin(options);
    });
}

export function logoutCommand(outcome: Outcome): Command {
  return new Command("logout")
    .description("sign out: the login is revoked at Google, and removed")
    .addHelpText(
      "after",
      `
Exit status: 0 nobody is signed in any more, 1 Google could not be told (the login is removed all the same), 2 wrong call.

Examples:
  imagemeta logout
  imagemeta logout && imagemeta login --allow read,setup`,
    )
    .action(async () => {
      const { runLogout } = await import("../run-login.ts");
      await runLogout(outcome);
    });
}
