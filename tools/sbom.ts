/**
 * `npm run sbom`: the bill of materials of the package, as CycloneDX JSON, on standard output or into the file that is named. It lists what
 * the lock file has for running, bundled or installed, and nothing that only serves development. Throws where one is missing.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
}

interface Locked {
  readonly version: string;
  readonly dev?: boolean;
}

const root = new URL("..", import.meta.url).pathname;
const { name } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
const lock: Readonly<Record<string, Locked>> = JSON.parse(readFileSync(`${root}package-lock.json`, "utf8")).packages;

const MODULES = "node_modules/";
const running = new Set(
  Object.entries(lock)
    .filter(([path, { dev }]) => path !== "" && !dev)
    .map(([path, { version }]) => `${path.slice(path.lastIndexOf(MODULES) + MODULES.length)}@${version}`),
);

// With --omit=dev npm 11 also leaves out what both running and development need, so it is asked for all.
const all = execFileSync("npm", ["sbom", "--sbom-format=cyclonedx", "--package-lock-only"], {
  cwd: root,
  encoding: "utf8",
  maxBuffer: 64 << 20,
});
const bill = JSON.parse(all);
const keyOf = (component: Component) => `${component.name}@${component.version}`;
const components = (bill.components as Component[]).filter((component) => running.has(keyOf(component)));
const listed = new Set(components.map(keyOf));
for (const locked of running) if (!listed.has(locked)) throw new Error(`${locked} is in the lock file and not in the bill of materials`);

const itself: Component = bill.metadata.component;
const kept = new Set([itself["bom-ref"], ...components.map((component) => component["bom-ref"])]);
bill.components = components;
bill.dependencies = (bill.dependencies as { ref: string; dependsOn: string[] }[])
  .filter(({ ref }) => kept.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) }));
// npm takes the folder's name for the package's.
bill.metadata.component = { ...itself, name };

const text = `${JSON.stringify(bill, null, 2)}\n`;
const [file] = process.argv.slice(2);
if (file === undefined) process.stdout.write(text);
else writeFileSync(file, text);
