/**
 * Addresses of Cloud Storage: objects are read through the XML API, whose answers carry all that is known of an object,
 * custom metadata included (the JSON API's media answers leave it out); lists come from the JSON API.
 */

import { ImagemetaError } from "../../record/errors.ts";
import { version } from "../../record/version.ts";

export interface ObjectName {
  readonly bucket: string;
  readonly name: string;
}

/** `gs://bucket/name`, the name raw. */
export function parseUri(uri: string): ObjectName {
  const slash = uri.indexOf("/", 5);
  if (slash < 6 || slash === uri.length - 1) throw new ImagemetaError("NOT_FOUND", `${uri} names no object: write gs://bucket/name`);
  return { bucket: uri.slice(5, slash), name: uri.slice(slash + 1) };
}

/** Origin of an emulator as its environment variable gives it, with or without a scheme; Cloud Storage itself otherwise. */
export function originOf(emulatorHost: string | undefined): string {
  if (emulatorHost === undefined) return "https://storage.googleapis.com";
  const url = /^https?:\/\//i.test(emulatorHost) ? emulatorHost : `http://${emulatorHost}`;
  if (!URL.canParse(url))
    throw new ImagemetaError("NOT_FOUND", `STORAGE_EMULATOR_HOST is ${emulatorHost}, which is no address: write host:port`);
  return new URL(url).origin;
}

/** Everything but letters, digits and `-._~`: slashes too, so that no server takes `..` or `//` in a name for a path of its own. */
export function encodeName(name: string): string {
  return encodeURIComponent(name).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Headers of every request. "gzip" in the user agent is what Google's front end wants to see to answer compressed. */
export function requestHeaders(token: string | undefined, userProject: string | undefined): string[] {
  const headers = ["accept-encoding", "gzip", "user-agent", `imagemeta/${version} (gzip)`];
  if (token !== undefined) headers.push("authorization", `Bearer ${token}`);
  if (userProject !== undefined) headers.push("x-goog-user-project", userProject);
  return headers;
}
