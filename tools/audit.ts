/**
 * `npm run audit`: fails where a package that the lock file has for running has a known vulnerability that is high or critical. Where the
 * registry answers no audits nothing is known: it says so, and does not fail.
 */
import { spawnSync } from "node:child_process";

interface Report {
  readonly metadata?: { readonly vulnerabilities: Readonly<Record<string, number>> };
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string; readonly range: string }>>;
  readonly message?: string;
}

const { stdout } = spawnSync("npm", ["audit", "--json", "--omit=dev", "--package-lock-only"], { encoding: "utf8", timeout: 120_000 });
const { metadata, vulnerabilities = {}, message }: Report = stdout.trim() === "" ? {} : JSON.parse(stdout);
if (metadata === undefined) {
  // Only the first words: the rest names the address that was asked.
  process.stdout.write(
    `NOT AUDITED: the registry gave no audit (${message?.split(" - ")[0] ?? "no answer"}); nothing is known of the dependencies\n`,
  );
} else {
  const grave = Object.entries(vulnerabilities).filter(([, { severity }]) => severity === "high" || severity === "critical");
  for (const [name, { severity, range }] of grave) process.stdout.write(`${severity}: ${name} ${range}\n`);
  const { total = 0 } = metadata.vulnerabilities;
  process.stdout.write(`audited by the lock file: ${total} known vulnerabilities, ${grave.length} of them high or critical\n`);
  if (grave.length > 0) process.exitCode = 1;
}
