/** The user's own login: a refresh token with the client that it belongs to, in a file that only the user may read. */
import { randomBytes } from "node:crypto";
import { chmod, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { ImagemetaError } from "../record/errors.ts";
import { keepSecret } from "../record/secrets.ts";
import type { OAuthClient } from "./client-secret.ts";
import type { Credential } from "./credential.ts";
import { allowedWords, isGranted } from "./scopes.ts";

export interface Login {
  readonly client: OAuthClient;
  readonly refreshToken: string;
  readonly scopes: readonly string[];
  readonly email?: string;
}

/** Version of the file's shape. */
const VERSION = 1;

/** Undefined where nobody is logged in. @throws ImagemetaError UNAUTHENTICATED where the file is damaged */
export async function readLogin(path: string): Promise<Login | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new ImagemetaError("UNAUTHENTICATED", `the login in ${path} cannot be read: ${(cause as Error).message}`, {
      cause,
      reason: "LOGIN_UNREADABLE",
    });
  }
  const login = parsed(text);
  if (login === undefined)
    throw new ImagemetaError("UNAUTHENTICATED", `${path} holds no login of this version: run imagemeta login`, {
      reason: "LOGIN_UNREADABLE",
    });
  keepSecret(login.refreshToken);
  keepSecret(login.client.secret);
  return login;
}

function parsed(text: string): Login | undefined {
  try {
    const { version, ...login } = JSON.parse(text) as Login & { readonly version: unknown };
    const isWhole =
      version === VERSION && typeof login.refreshToken === "string" && typeof login.client?.id === "string" && Array.isArray(login.scopes);
    return isWhole ? login : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces the file in one step: whoever reads meanwhile finds the old login or the new one. */
export async function writeLogin(path: string, login: Login): Promise<void> {
  const folder = dirname(path);
  const beside = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await open(beside, "wx", 0o600);
    try {
      await file.writeFile(`${JSON.stringify({ version: VERSION, ...login }, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(beside, 0o600);
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => {});
    throw new ImagemetaError(
      "UNAVAILABLE",
      `the login cannot be kept in ${path}: ${(cause as Error).message}; set XDG_CONFIG_HOME to a folder that can be written`,
      {
        cause,
        reason: "LOGIN_NOT_KEPT",
      },
    );
  }
}

export async function removeLogin(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** Undefined where nobody is logged in. */
export async function loginCredential(path: string): Promise<Credential | undefined> {
  const login = await readLogin(path);
  if (login === undefined) return undefined;
  const { client, refreshToken, scopes: granted, email } = login;
  return {
    kind: "user, signed in with imagemeta login",
    from: path,
    ...(email === undefined ? {} : { principal: email }),
    granted,
    async client(scopes) {
      const missing = scopes.filter((scope) => !isGranted(scope, granted));
      if (missing.length > 0)
        throw new ImagemetaError(
          "UNAUTHENTICATED",
          `the login does not allow what this takes: run imagemeta login --allow ${["read", ...allowedWords(missing)].join(",")}`,
          {
            reason: "SCOPE_NOT_GRANTED",
          },
        );
      const { UserRefreshClient } = await import("google-auth-library");
      return new UserRefreshClient({
        clientId: client.id,
        clientSecret: client.secret,
        refreshToken,
        endpoints: { oauth2TokenUrl: client.tokenAddress },
      });
    },
  };
}
