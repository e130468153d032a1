/** Programs that a suite needs and that npm cannot install. Without one the suite is skipped, aloud; under CI it fails. */
import { execFileSync } from "node:child_process";

/** Whether a program is on the machine. `howToGetIt` completes the sentence "… is missing: …". Throws if CI is set and it is not. */
export function requireProgram(name: string, howToGetIt: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v "$1"`, "sh", name], { stdio: "ignore" });
    return true;
  } catch {
    const message = `${name} is missing: ${howToGetIt}`;
    if (process.env.CI === "true") throw new Error(message);
    process.stderr.write(`Skipped a suite. ${message}\n`);
    return false;
  }
}
