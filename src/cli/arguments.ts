/** How the texts of options become values; what cannot be one is a wrong call. */
import { InvalidArgumentError, Option } from "commander";

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
