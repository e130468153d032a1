/**
 * Who pushes: Pub/Sub and Eventarc sign each request with an OpenID Connect token of a service account (cloud.google.com/pubsub/docs/
 * authenticate-push-subscriptions). What is refused is told apart here; what is accepted, google-auth-library
 * accepts too.
 */
import type { OAuth2Client } from "google-auth-library";
import { decodedParts, type TokenParts } from "./jwt.ts";
import { SigningKeys } from "./signing-keys.ts";

type PushRefusalCode =
  | "PUSH_TOKEN_MISSING"
  | "PUSH_TOKEN_MALFORMED"
  | "PUSH_TOKEN_UNSIGNED"
  | "PUSH_TOKEN_ALGORITHM"
  | "PUSH_TOKEN_KEY_UNKNOWN"
  | "PUSH_TOKEN_SIGNATURE"
  | "PUSH_TOKEN_EXPIRED"
  | "PUSH_TOKEN_TOO_EARLY"
  | "PUSH_TOKEN_LIFETIME"
  | "PUSH_TOKEN_ISSUER"
  | "PUSH_TOKEN_AUDIENCE"
  | "PUSH_TOKEN_EMAIL"
  | "PUSH_TOKEN_EMAIL_UNVERIFIED"
  | "PUSH_KEYS_UNAVAILABLE";

interface PushRefusal {
  readonly code: PushRefusalCode;
  /** 401 without a good token, 403 of another account, 503 where the keys cannot be had: send it again later. */
  readonly status: 401 | 403 | 503;
  /** Says nothing of the token. */
  readonly why: string;
}

export interface PushCallers {
  readonly audiences: readonly string[];
  /** Service accounts that may push. */
  readonly emails: readonly string[];
  readonly issuers?: readonly string[];
  /** Where the issuer's keys are, as a JSON Web Key Set (RFC 7517 section 5). */
  readonly keysAddress?: string;
}

/** The sender of a request, by its header `Authorization`; undefined where it may push. */
type PushCheck = (authorization: string | undefined) => Promise<PushRefusal | undefined>;

const GOOGLE_ISSUERS = ["https://accounts.google.com", "accounts.google.com"];
const GOOGLE_KEYS = "https://www.googleapis.com/oauth2/v3/certs";
/** Seconds by which clocks may differ, as the library has it. */
const SKEW = 300;
const LONGEST_LIFETIME = 86_400;
/** Characters of a token; Google's have about a thousand. */
const LONGEST = 8192;

const WHY: Readonly<Record<PushRefusalCode, string>> = {
  PUSH_TOKEN_MISSING: "the request has no bearer token: make the subscription push with authentication",
  PUSH_TOKEN_MALFORMED: "the token is no JSON Web Token",
  PUSH_TOKEN_UNSIGNED: "the token is not signed (alg: none)",
  PUSH_TOKEN_ALGORITHM: "the token is signed by another algorithm than RS256",
  PUSH_TOKEN_KEY_UNKNOWN: "the token names a key that the issuer does not have",
  PUSH_TOKEN_SIGNATURE: "the token's signature is not that of the issuer's key",
  PUSH_TOKEN_EXPIRED: "the token has expired",
  PUSH_TOKEN_TOO_EARLY: "the token is not valid yet: compare the clocks",
  PUSH_TOKEN_LIFETIME: "the token says not when it was made and ends, or lives for more than a day",
  PUSH_TOKEN_ISSUER: "the token is of another issuer",
  PUSH_TOKEN_AUDIENCE: "the token is meant for another audience: compare --push-audience with the subscription's",
  PUSH_TOKEN_EMAIL: "the token is of another account: compare --push-email with the subscription's service account",
  PUSH_TOKEN_EMAIL_UNVERIFIED: "the token's e-mail address is not verified",
  PUSH_KEYS_UNAVAILABLE: "the issuer's keys cannot be had now: send it again later",
};

export function pushCheck({ audiences, emails, issuers = GOOGLE_ISSUERS, keysAddress = GOOGLE_KEYS }: PushCallers): PushCheck {
  const keys = new SigningKeys(keysAddress);
  let library: Promise<OAuth2Client> | undefined;
  return async (authorization) => {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? "") ?? [];
    if (token === undefined) return refusal("PUSH_TOKEN_MISSING");
    const parts = token.length > LONGEST ? undefined : decodedParts(token);
    if (parts === undefined) return refusal("PUSH_TOKEN_MALFORMED");
    const { alg, kid } = parts.header;
    if (String(alg).toLowerCase() === "none") return refusal("PUSH_TOKEN_UNSIGNED");
    // A public key is no secret: as that of an HMAC anyone could sign with it (RFC 8725 section 2.1).
    if (alg !== "RS256") return refusal("PUSH_TOKEN_ALGORITHM");
    let key: string | undefined;
    try {
      key = await keys.key(String(kid));
    } catch {
      return refusal("PUSH_KEYS_UNAVAILABLE");
    }
    if (key === undefined) return refusal("PUSH_TOKEN_KEY_UNKNOWN");
    // Nothing that a token says is told of before its signature is known to be good.
    if (!keys.isSignedBy(token, key)) return refusal("PUSH_TOKEN_SIGNATURE");
    const code = codeOf(parts, audiences, emails, issuers);
    if (code !== undefined) return refusal(code);
    library ??= import("google-auth-library").then(({ OAuth2Client }) => new OAuth2Client());
    const isGood = (await library).verifySignedJwtWithCertsAsync(token, { [String(kid)]: key }, [...audiences], [...issuers]);
    // Its message has the token in it.
    return isGood.then(
      () => undefined,
      () => refusal("PUSH_TOKEN_SIGNATURE"),
    );
  };
}

function codeOf(
  { claims }: TokenParts,
  audiences: readonly string[],
  emails: readonly string[],
  issuers: readonly string[],
): PushRefusalCode | undefined {
  const late = timeCode(claims);
  if (late !== undefined) return late;
  if (!issuers.includes(String(claims.iss))) return "PUSH_TOKEN_ISSUER";
  if (typeof claims.aud !== "string" || !audiences.includes(claims.aud)) return "PUSH_TOKEN_AUDIENCE";
  if (typeof claims.email !== "string" || !emails.includes(claims.email)) return "PUSH_TOKEN_EMAIL";
  return claims.email_verified === true ? undefined : "PUSH_TOKEN_EMAIL_UNVERIFIED";
}

function timeCode({ exp, iat, nbf }: TokenParts["claims"]): PushRefusalCode | undefined {
  const now = Date.now() / 1000;
  if (typeof exp !== "number" || typeof iat !== "number" || exp >= now + LONGEST_LIFETIME) return "PUSH_TOKEN_LIFETIME";
  if (now > exp + SKEW) return "PUSH_TOKEN_EXPIRED";
  const from = typeof nbf === "number" ? Math.max(iat, nbf) : iat;
  return now < from - SKEW ? "PUSH_TOKEN_TOO_EARLY" : undefined;
}

function refusal(code: PushRefusalCode): PushRefusal {
  const status = code === "PUSH_KEYS_UNAVAILABLE" ? 503 : code.startsWith("PUSH_TOKEN_EMAIL") ? 403 : 401;
  return { code, status, why: WHY[code] };
}
