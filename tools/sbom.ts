/**
 * `npm run sbom`: the bill of materials of the package, as CycloneDX JSON, on standard output or into the file that is named. It lists what
 * the lock file has for running, bundled or installed, and nothing that only serves development. Throws where one is missing.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
}

interface Locked {
  readonly version: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
  readonly peer?: boolean;
}

const root = new URL("..", import.meta.url).pathname;
const { name } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
const lock: Record<string, Locked> = JSON.parse(readFileSync(`${root}package-lock.json`, "utf8")).packages;

const args = ["sbom", "--sbom-format=cyclonedx", "--omit=dev", "--package-lock-only"];
const bill = JSON.parse(execFileSync("npm", args, { cwd: root, encoding: "utf8", maxBuffer: 64 << 20 }));
// npm takes the folder's name for the package's.
bill.metadata.component.name = name;

const listed = new Set((bill.components as Component[]).map((component) => `${component.name}@${component.version}`));
for (const [path, { version, dev, devOptional, optional, peer }] of Object.entries(lock)) {
  if (path === "" || dev || devOptional || optional || peer) continue;
  const locked = `${path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)}@${version}`;
  if (!listed.has(locked)) throw new Error(`${locked} is in the lock file and not in the bill of materials`);
}

const [file] = process.argv.slice(2);
const text = `${JSON.stringify(bill, null, 2)}\n`;
if (file === undefined) process.stdout.write(text);
else writeFileSync(file, text);
