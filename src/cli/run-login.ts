/** Signs the user in and out. */
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { type OAuthClient, readClientSecret } from "../auth/client-secret.ts";
import { login } from "../auth/login.ts";
import { readLogin, writeLogin } from "../auth/login-file.ts";
import { logout } from "../auth/logout.ts";
import { environmentCredentials } from "../auth/options.ts";
import { ALLOWED, allowedWords, isGranted } from "../auth/scopes.ts";
import { ImagemetaError } from "../record/errors.ts";
import { visibly } from "../record/visible.ts";
import type { LoginCommandOptions } from "./login-options.ts";
import { leave, type Outcome, UsageError } from "./outcome.ts";
import { say } from "./say.ts";

export async function runLogin(options: LoginCommandOptions): Promise<void> {
  const path = loginFile();
  const client = await clientOf(options, path);
  const scopes = options.allow.map((word) => ALLOWED[word] ?? word);
  const opens = options.browser === "open" || (options.browser === "auto" && hasBrowser());
  const pasting = createInterface({ input: process.stdin });
  try {
    const given = await login({
      client,
      scopes,
      patience: options.timeout * 1000,
      async visit(address) {
        const isOpened = opens && (await openBrowser(address));
        say(
          isOpened ? "Sign in in the browser that opens. If none does, open this address:" : "Open this address in a browser, and sign in:",
        );
        say(`\n  ${address}\n`);
        say("If the browser then cannot open a page at 127.0.0.1, paste that page's address here.");
        return pastedLine(pasting);
      },
    });
    await writeLogin(path, given);
    const missing = scopes.filter((scope) => !isGranted(scope, given.scopes));
    if (missing.length > 0) say(`imagemeta: not allowed in the browser, and left out: ${allowedWords(missing).join(", ")}`);
    process.stdout.write(`signed in${given.email === undefined ? "" : ` as ${visibly(given.email)}`}; kept in ${path}\n`);
  } finally {
    pasting.close();
    // It keeps a process alive that waits for nothing any more.
    process.stdin.destroy();
  }
}

export async function runLogout(outcome: Outcome): Promise<void> {
  const ended = await logout(loginFile());
  if (ended === undefined) {
    process.stdout.write("nobody is signed in with imagemeta login\n");
    return;
  }
  process.stdout.write(`signed out${ended.login.email === undefined ? "" : `: ${visibly(ended.login.email)}`}\n`);
  if (ended.unrevoked === undefined) return;
  outcome.exitCode = 1;
  say(
    `imagemeta: the login is removed here, and could not be revoked (${ended.unrevoked}): end it at https://myaccount.google.com/connections`,
  );
  leave(outcome);
}

function loginFile(): string {
  const { loginFile } = environmentCredentials(process.env);
  if (loginFile === undefined) throw new UsageError("there is no configuration folder: set HOME or XDG_CONFIG_HOME");
  return loginFile;
}

/** @throws UsageError where none is given, and none was used before */
async function clientOf({ clientSecret }: LoginCommandOptions, path: string): Promise<OAuthClient> {
  try {
    if (clientSecret !== undefined) return await readClientSecret(clientSecret);
  } catch (thrown) {
    throw thrown instanceof ImagemetaError ? new UsageError(thrown.message) : thrown;
  }
  const before = await readLogin(path).catch(() => undefined);
  if (before !== undefined) return before.client;
  throw new UsageError(
    "--client-secret: name the OAuth client of a desktop app, whose JSON Google's console gives (docs/access.md says how)",
  );
}

/** A browser of this machine's screen: none over ssh, in a container, or without a screen. */
function hasBrowser(): boolean {
  const { SSH_CONNECTION, SSH_TTY, KUBERNETES_SERVICE_HOST, DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (SSH_CONNECTION || SSH_TTY || KUBERNETES_SERVICE_HOST) return false;
  if (["/.dockerenv", "/run/.containerenv"].some((mark) => existsSync(mark))) return false;
  return process.platform !== "linux" || Boolean(DISPLAY || WAYLAND_DISPLAY);
}

async function openBrowser(address: string): Promise<boolean> {
  const { default: open } = await import("open");
  return open(address).then(
    (browser) => {
      browser.on("error", () => {});
      return true;
    },
    () => false,
  );
}

/** Undefined where standard input has nothing to give: then the browser is waited for. */
function pastedLine(input: ReturnType<typeof createInterface>): Promise<string | undefined> {
  return new Promise((resolve) => {
    input.on("line", (line) => line.trim() !== "" && resolve(line)).once("close", () => resolve(undefined));
  });
}
