/** Values of Apple's maker notes that are binary property lists. Names and texts: ExifTool 13.59 Apple.pm and PLIST.pm. */
import type { Findings, TagGroup, TagInput } from "../../contracts.ts";
import { isPropertyList, type PropertyMap, type PropertyValue, readPropertyList } from "../../grammar/property-list.ts";
import { bits } from "../../tables/conversion.ts";
import type { How } from "../../tables/row.ts";

type Structure = NonNullable<How["structure"]>;

const MADE_NAME_STEPS = 40;
/** A longer path of keys names no tag. */
const MAX_PATH_CHARACTERS = 1000;

/** How long the device has run, as Core Media's `CMTime`. */
const runTimeFields = new Map<string, readonly [name: string, print?: (value: TagInput) => TagInput]>([
  ["timescale", ["RunTimeScale"]],
  ["epoch", ["RunTimeEpoch"]],
  ["value", ["RunTimeValue"]],
  ["flags", ["RunTimeFlags", bits({ 0: "Valid", 1: "Has been rounded", 2: "Positive infinity", 3: "Negative infinity", 4: "Indefinite" })]],
]);

/** Each key of the list is a tag. */
export const runTime: Structure = (bytes, group, found) => {
  const list = readPropertyList(bytes, found.budget);
  if (list instanceof Map) putFields(list, "", group, found);
};

/** The list is the value of one tag. Newer devices store numbers there, which ExifTool does not give. */
export function propertyList(name: string): Structure {
  return (bytes, group, found) => {
    if (isPropertyList(bytes)) group.put(name, tagValue(readPropertyList(bytes, found.budget)));
  };
}

function putFields(map: PropertyMap, parent: string, group: TagGroup, found: Findings): void {
  for (const [key, value] of map) {
    const path = parent + key;
    found.budget.touch(path.length);
    if (path.length > MAX_PATH_CHARACTERS) continue;
    if (value instanceof Map) {
      putFields(value, `${path}/`, group, found);
      continue;
    }
    const [name, print] = runTimeFields.get(path) ?? [madeName(path, found)];
    group.put(name, tagValue(value), print);
  }
}

/** A name that ExifTool would make of keys that it does not know. */
function madeName(path: string, { budget }: Findings): string {
  budget.step(MADE_NAME_STEPS + path.length);
  const capitalized = path.replace(/([^A-Za-z])([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
  const allowed = capitalized.replace(/[^\w-]/g, "");
  const name = allowed.length < 2 || /^[-0-9]/.test(allowed) ? `Tag${upperFirst(allowed)}` : allowed;
  return upperFirst(name);
}

function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** ExifTool gives the opposite of what is true or false: its markers are the wrong way round. */
function tagValue(value: PropertyValue): TagInput {
  if (value === null) return "<null>";
  if (value instanceof Date) return dateText(value);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, field], i) => [fieldName(key, i), tagValue(field)])) as TagInput;
  // Dictionaries in a list are left out.
  if (Array.isArray(value)) return value.filter((item) => !(item instanceof Map)).map(tagValue);
  return value as TagInput;
}

/** ExifTool's names of fields begin with a letter or `_`. */
function fieldName(key: string, index: number): string {
  if (!/^[\w-]+$/.test(key)) return `Tag${index}`;
  return /^[A-Za-z_]/.test(key) ? key : `_${key}`;
}

function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return "0000:00:00 00:00:00";
  return `${date.toISOString().slice(0, 19).replaceAll("-", ":").replace("T", " ")}+00:00`;
}
