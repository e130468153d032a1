/** The parts of a JSON Web Token (RFC 7519) in compact form, decoded and not verified. */

export interface TokenParts {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Undefined where it is none. */
export function decodedParts(token: string): TokenParts | undefined {
  const [header, claims, signature, ...more] = token.split(".");
  if (header === undefined || claims === undefined || signature === undefined || more.length > 0) return undefined;
  const parts = [header, claims].map(objectIn);
  return parts[0] === undefined || parts[1] === undefined ? undefined : { header: parts[0], claims: parts[1] };
}

function objectIn(part: string): Readonly<Record<string, unknown>> | undefined {
  if (!/^[\w-]+$/.test(part)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
