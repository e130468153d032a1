/** How the texts of options become values; what cannot be one is a wrong call. */
import { type Command, InvalidArgumentError, Option } from "commander";

/** An option with its variable `IMAGEMETA_…`. */
export function option(flags: string, description: string, variable: string): Option {
  return new Option(flags, description).env(`IMAGEMETA_${variable}`);
}

export function repeated(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

export function commaList(value: string): readonly string[] {
  return value
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

export function commaListOf(known: readonly string[]): (value: string) => readonly string[] {
  return (value) => {
    const parts = commaList(value);
    const unknown = parts.find((part) => !known.includes(part));
    if (unknown !== undefined) throw new InvalidArgumentError(`${unknown} is none of ${known.join(", ")}.`);
    return parts;
  };
}

export function countOf(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < least || number > most)
      throw new InvalidArgumentError(`it takes a whole number from ${least} to ${most}.`);
    return number;
  };
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `30m`, `12h`, `7d` in milliseconds. */
export function durationOf(value: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(value) ?? [];
  if (count === undefined) throw new InvalidArgumentError("it takes a number with s, m, h or d: 90s, 30m, 12h, 7d.");
  return Number(count) * (UNITS[unit ?? ""] ?? 0);
}

/** `IMAGEMETA_QUIET=false` switches nothing on: commander takes any value of a switch's variable for yes. */
export function forgetFalseSwitches(commands: readonly Command[]): void {
  for (const option of commands.flatMap((command) => command.options)) {
    const { envVar } = option;
    if (envVar !== undefined && option.isBoolean() && /^(|0|false|no|off)$/i.test(process.env[envVar] ?? "")) delete process.env[envVar];
  }
}
