/** Ends the user's own login, at Google and here (RFC 7009). */
import { type Login, readLogin, removeLogin } from "./login-file.ts";
import { failureText, isTransient } from "./refusal.ts";

export interface LoggedOut {
  readonly login: Login;
  /** Why the server could not be told; undefined where it was, or knew of no such login any more. */
  readonly unrevoked?: string;
}

/** Whatever the server says, nothing is left here. Undefined where nobody is logged in. */
export async function logout(path: string): Promise<LoggedOut | undefined> {
  const login = await readLogin(path).catch(async (thrown) => {
    await removeLogin(path);
    throw thrown;
  });
  if (login === undefined) return undefined;
  await removeLogin(path);
  const { OAuth2Client } = await import("google-auth-library");
  try {
    // In the body, and not in the address as the library would: addresses are logged on the way.
    await new OAuth2Client().transporter.request({
      url: login.client.revokeAddress,
      method: "POST",
      data: new URLSearchParams({ token: login.refreshToken }),
    });
    return { login };
  } catch (thrown) {
    const { status } = thrown as { readonly status?: number };
    if (!isTransient(thrown) && status === 400) return { login };
    return { login, unrevoked: failureText(thrown) };
  }
}
