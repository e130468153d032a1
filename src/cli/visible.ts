/** Texts of files as a terminal may show them. */

/** Control characters and those that change the direction of writing are shown, not sent. */
export function visibly(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The same of several lines. */
export function visibleLines(text: string): string {
  return text.split("\n").map(visibly).join("\n");
}

/** An address as people know it: of a file, its path. */
export function nameOf(uri: string): string {
  if (!uri.startsWith("file://")) return uri;
  try {
    return decodeURIComponent(uri.slice("file://".length));
  } catch {
    return uri;
  }
}
