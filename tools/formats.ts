/**
 * Writes what is made from the facts of the containers: src/record/image-formats.ts, and the tables of formats in README.md and
 * docs/formats.md. `--check` only compares.
 */
import { readFileSync, writeFileSync } from "node:fs";
import type { Container, ReadContainer } from "../src/metadata/containers/container.ts";
import { isRead } from "../src/metadata/containers/detect.ts";
import { containers } from "../src/metadata/containers/table.ts";

const root = new URL("..", import.meta.url);

const unique = (texts: readonly string[]): string => [...new Set(texts)].join(", ");

function endingsOf({ formats }: Container): string {
  const endings = formats.flatMap(({ extensions }) => extensions.split(" "));
  return unique(endings.map((ending) => `\`.${ending}\``));
}

/** The cells of a table, with its line of headings. */
function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return [headings, headings.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function said(container: ReadContainer, fact: "metadata" | "coverage"): string {
  const text = container[fact];
  if (text === undefined) throw new Error(`${container.name} is read and does not say its ${fact}`);
  return text;
}

const read = containers.filter(isRead);
const notRead = containers.filter((container) => !isRead(container));

const readmeTable = table(
  ["format", "metadata in it"],
  read.map((container) => [container.title, said(container, "metadata")]),
);

const readTable = table(
  ["format", "endings", "standard", "where coverage ends"],
  read.map((container) => [
    unique(container.formats.map(({ format }) => format)),
    endingsOf(container),
    [...new Set(container.formats.map(({ standard }) => standard))].join("; "),
    said(container, "coverage"),
  ]),
);

const notReadTable = table(
  ["format", "MIME type", "endings", "standard"],
  notRead.map((container) => [
    container.title,
    unique(container.formats.map(({ mimeType }) => mimeType)),
    endingsOf(container),
    unique(container.formats.map(({ standard }) => standard)),
  ]),
);

function moduleText(): string {
  const rows = containers.flatMap(({ formats, firstRead }) =>
    formats.map(({ mimeType, extensions }) => {
      const facts = [JSON.stringify(mimeType), JSON.stringify(extensions), ...(firstRead === undefined ? [] : [firstRead])];
      return `  [${facts.join(", ")}],\n`;
    }),
  );
  return `/** Facts about formats that are used before any byte is read. Made from src/metadata/containers/ by \`npm run formats\`. */
type ImageFormat = readonly [mimeType: string, endings: string, firstReadBytes?: number];

export const imageFormats: readonly ImageFormat[] = [
${rows.join("")}];
`;
}

/** The text with what stands between the comments `<!-- NAME -->` and `<!-- /NAME -->` replaced. */
function replaced(text: string, name: string, content: string): string {
  const [before, rest] = text.split(`<!-- ${name} -->\n`);
  const [, after] = rest?.split(`\n<!-- /${name} -->`) ?? [];
  if (before === undefined || after === undefined) throw new Error(`no comments around ${name}`);
  return `${before}<!-- ${name} -->\n${content}\n<!-- /${name} -->${after}`;
}

const current = (path: string): string => readFileSync(new URL(path, root), "utf8");

const made = new Map<string, string>([
  ["src/record/image-formats.ts", moduleText()],
  ["README.md", replaced(current("README.md"), "formats", readmeTable)],
  ["docs/formats.md", replaced(replaced(current("docs/formats.md"), "formats", readTable), "formats-not-read", notReadTable)],
]);

for (const [path, text] of made) {
  if (!process.argv.includes("--check")) writeFileSync(new URL(path, root), text);
  else if (current(path) !== text) {
    process.stderr.write(`${path} is out of date: run \`npm run formats\`\n`);
    process.exitCode = 1;
  }
}
