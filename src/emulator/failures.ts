// The refusals of Google Cloud Storage, in the shapes of both APIs: "Status and error codes" (JSON) and "HTTP status and error codes" (XML).

/** A request that is refused. `reason` is the JSON API's word for it, `code` the XML API's. */
export class Refusal extends Error {
  readonly status: number;
  readonly reason: string;
  readonly code: string;
  readonly location: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    reason: string,
    code: string,
    message: string,
    more: { location?: string; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.code = code;
    this.location = more.location;
    this.headers = more.headers ?? {};
  }

  /** The JSON API's error body. */
  toJson(): object {
    const where = this.location === undefined ? {} : { locationType: "header", location: this.location };
    const domain = this.status === 429 ? "usageLimits" : "global";
    return {
      error: { code: this.status, message: this.message, errors: [{ message: this.message, domain, reason: this.reason, ...where }] },
    };
  }

  /** The XML API's error body. */
  toXml(): string {
    const summary = XML_MESSAGES[this.code] ?? this.message;
    return `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${this.code}</Code><Message>${escapeXml(summary)}</Message><Details>${escapeXml(this.message)}</Details></Error>`;
  }
}

const XML_MESSAGES: Readonly<Record<string, string>> = {
  NoSuchKey: "The specified key does not exist.",
  NoSuchBucket: "The specified bucket does not exist.",
  PreconditionFailed: "At least one of the pre-conditions you specified did not hold.",
  InvalidRange: "The requested range cannot be satisfied.",
  ExpiredToken: "The provided token has expired.",
  SignatureDoesNotMatch: "Access denied.",
};

const escapeXml = (text: string): string => text.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`);

export const noSuchObject = (bucket: string, name: string): Refusal =>
  new Refusal(404, "notFound", "NoSuchKey", `No such object: ${bucket}/${name}`);

export const noSuchBucket = (): Refusal => new Refusal(404, "notFound", "NoSuchBucket", "The specified bucket does not exist.");

export const notFound = (): Refusal => new Refusal(404, "notFound", "NoSuchKey", "Not Found");

export const invalid = (message: string): Refusal => new Refusal(400, "invalid", "InvalidArgument", message);

export const conditionNotMet = (location = "If-Match"): Refusal =>
  new Refusal(412, "conditionNotMet", "PreconditionFailed", "At least one of the pre-conditions you specified did not hold.", { location });

export const notModified = (): Refusal => new Refusal(304, "notModified", "NotModified", "Not Modified");

export const rangeNotSatisfiable = (size: number): Refusal =>
  new Refusal(416, "requestedRangeNotSatisfiable", "InvalidRange", "Request range not satisfiable", {
    location: "Range",
    headers: { "content-range": `bytes */${size}` },
  });

export const unauthorized = (): Refusal =>
  new Refusal(401, "authError", "AuthenticationRequired", "Invalid Credentials", {
    location: "Authorization",
    headers: { "www-authenticate": 'Bearer realm="https://accounts.google.com/", error=invalid_token' },
  });

export const forbidden = (): Refusal =>
  new Refusal(403, "forbidden", "AccessDenied", "The caller does not have storage.objects.get access to the Google Cloud Storage object.");

export const expiredSignature = (until: string): Refusal =>
  new Refusal(400, "expired", "ExpiredToken", `Request signature expired at: ${until}`);

export const signatureMismatch = (): Refusal =>
  new Refusal(
    403,
    "forbidden",
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your Google secret key and signing method.",
  );

export const malformedSignature = (): Refusal =>
  new Refusal(400, "invalid", "InvalidArgument", "The query parameters of the signature are not those of V4 signing.");

export const unknownSigner = (email: string): Refusal =>
  new Refusal(403, "forbidden", "AccessDenied", `${email} does not have storage.objects.get access to the Google Cloud Storage object.`);

export const rateLimited = (seconds: number): Refusal =>
  new Refusal(429, "rateLimitExceeded", "SlowDown", "The object exceeded the rate limit for object mutation operations.", {
    headers: { "retry-after": String(seconds) },
  });

export const unavailable = (): Refusal =>
  new Refusal(503, "backendError", "ServiceUnavailable", "We encountered an internal error. Please try again.");
