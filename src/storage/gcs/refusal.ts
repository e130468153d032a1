/** What Cloud Storage's refusals mean, and what to do about them. */
import { HOW_TO_SIGN_IN } from "../../auth/refusal.ts";
import { ImagemetaError } from "../../record/errors.ts";
import type { Answer } from "../http/transport.ts";

export interface Asked {
  /** What was tried, such as `reading gs://bucket/name`. */
  readonly what: string;
  readonly bucket: string;
  /** The permission that it takes. */
  readonly permission: "storage.objects.get" | "storage.objects.list";
  readonly isAnonymous: boolean;
}

export function refusal(answer: Answer, { what, bucket, permission, isAnonymous }: Asked): ImagemetaError {
  const said = messageOf(answer);
  switch (answer.status) {
    case 400:
      if (/requester pays|user project/i.test(said)) {
        return new ImagemetaError(
          "FORBIDDEN",
          `${what}: the requester pays for requests to ${bucket}; name the project with --user-project (${said})`,
        );
      }
      return new ImagemetaError("INTERNAL", `${what}: Cloud Storage did not take the request (${said})`);
    case 401:
      if (isAnonymous) return notSignedIn(what, said);
      return new ImagemetaError(
        "UNAUTHENTICATED",
        `${what}: Cloud Storage refused the credentials, also new ones; imagemeta whoami says which they are (${said})`,
        { reason: "CREDENTIALS_REFUSED" },
      );
    case 403:
      // The XML API says so to those whom the JSON API answers with 401.
      if (isAnonymous && /anonymous caller/i.test(said)) return notSignedIn(what, said);
      return new ImagemetaError(
        "FORBIDDEN",
        `${what}: the caller lacks ${permission}; grant it roles/storage.objectViewer on gs://${bucket} (${said})`,
      );
    case 404:
      return new ImagemetaError(
        "NOT_FOUND",
        /bucket/i.test(said) && !/no such object/i.test(said)
          ? `${what}: there is no bucket ${bucket}; check its name (${said})`
          : `${what}: there is no such object, or none any more (${said})`,
      );
    default:
      return new ImagemetaError("UNAVAILABLE", `${what}: Cloud Storage answered ${answer.status} (${said})`);
  }
}

function notSignedIn(what: string, said: string): ImagemetaError {
  return new ImagemetaError("UNAUTHENTICATED", `${what}: no credentials were found, and it is not public: ${HOW_TO_SIGN_IN} (${said})`, {
    reason: "NOT_LOGGED_IN",
  });
}

/** The message in a body of JSON, XML or text, cut to a line. */
function messageOf({ status, body }: Answer): string {
  const text = Buffer.from(body.subarray(0, 4096)).toString();
  const json = /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  const xml = [/<Message>([^<]*)<\/Message>/, /<Details>([^<]*)<\/Details>/].map((part) => part.exec(text)?.[1]).filter(Boolean);
  const said = json ?? (xml.length > 0 ? [...new Set(xml)].join(" ") : text.startsWith("<") ? "" : text);
  return said.replace(/\s+/g, " ").trim().slice(0, 300) || `status ${status}`;
}
