/**
 * The tags of one image, in columns that are used again for the next image. Names have numbers, so that two tags of one name
 * are settled without a lookup by text.
 */
import type { Tags, TagValue, ValueForm } from "../record/types.ts";
import type { Budget } from "./budget.ts";
import type { Print, TagInput } from "./contracts.ts";
import { jsonValue, safeText } from "./json-value.ts";
import { setField } from "./own-fields.ts";

/** Numbers of the names that tables hold, and the names by number. A file's own names have numbers for one image only. */
const numberOfName = new Map<string, number>();
const names: string[] = [];

/** The number of a name that a table holds. */
export function nameNumber(name: string): number {
  const before = numberOfName.get(name);
  if (before !== undefined) return before;
  numberOfName.set(name, names.length);
  names.push(name);
  return names.length - 1;
}

const numberOfGroup = new Map<string, number>();
const groups: string[] = [];

/** The number of a group that code names. */
export function groupNumber(group: string): number {
  const before = numberOfGroup.get(group);
  if (before !== undefined) return before;
  numberOfGroup.set(group, groups.length);
  groups.push(group);
  return groups.length - 1;
}

/** From here on numbers are of names and groups that the file has chosen. */
const OWN = 1 << 20;

/** Of a row: its tag has a low priority by itself; it has one where it stands; it is the first of its name in its group. */
const [LOW, LOW_HERE, FIRST] = [1, 2, 4];
/** Steps for each group that is looked through for another tag of the same name. */
const GROUP_STEPS = 0.25;
const NO_ROW = -1;

/** One tag, taken out of a sink to be put again. */
export interface Row {
  readonly group: string;
  readonly name: string;
  readonly stored: TagInput;
  readonly print: Print | undefined;
  readonly isLow: boolean;
}

/** What a caller wants of the tags. */
export interface Wanted {
  /**
   * Must a tag of this name be decoded, in whatever group it is? Which of two tags of one name wins depends on all of them.
   * @param number of a name that a table holds
   */
  needs(name: string, number: number): boolean;
  /** The same of a name that a file has chosen. */
  needsName(name: string): boolean;
  /** Is the tag given? */
  gives(group: string, name: string): boolean;
}

/** A tag that code asks for. */
interface Place {
  readonly groupNumber: number;
  readonly nameNumber: number;
  readonly name: string;
}

/** Is called with a tag whose print function failed. Its stored value stands. */
export type OnFailedPrint = (group: string, name: string, cause: unknown) => void;

export class Sink {
  #rows = 0;
  // By row.
  readonly #name: number[] = [];
  readonly #group: number[] = [];
  readonly #stored: (TagInput | undefined)[] = [];
  readonly #print: (Print | undefined)[] = [];
  readonly #flags: number[] = [];
  /** The next row of the same name that is the first in its group. */
  readonly #next: number[] = [];
  // By number of name: the first row, and the row that has the name over the whole file.
  readonly #firstRow: number[] = [];
  readonly #holder: number[] = [];
  readonly #ownFirstRow: number[] = [];
  readonly #ownHolder: number[] = [];
  readonly #ownNumbers = new Map<string, number>();
  readonly #ownNames: string[] = [];
  readonly #ownGroupNumbers = new Map<string, number>();
  readonly #ownGroups: string[] = [];
  #budget: Budget | undefined;
  #linkSteps = 0;
  /** All, if it is undefined. */
  #wanted: Wanted | undefined;
  #hasUnwanted = false;

  /** Empties it for another image, whose work is charged to `budget`. */
  begin(budget: Budget, wanted?: Wanted): void {
    for (let row = 0; row < this.#rows; row++) {
      const name = this.#name[row] as number;
      if (name < OWN) this.#firstRow[name] = NO_ROW;
      this.#stored[row] = undefined;
      this.#print[row] = undefined;
    }
    this.#rows = 0;
    if (this.#ownNames.length > 0) {
      this.#ownNumbers.clear();
      this.#ownNames.length = 0;
      this.#ownFirstRow.length = 0;
      this.#ownHolder.length = 0;
    }
    if (this.#ownGroups.length > 0) {
      this.#ownGroupNumbers.clear();
      this.#ownGroups.length = 0;
    }
    this.#budget = budget;
    this.#linkSteps = 0;
    this.#wanted = wanted;
    this.#hasUnwanted = false;
  }

  /** Must a tag of this name be decoded? @param number of a name that a table holds */
  wants(name: string, number: number): boolean {
    return this.#wanted === undefined || this.#noted(this.#wanted.needs(name, number));
  }

  /** The same of any name. */
  wantsName(name: string): boolean {
    return this.#wanted === undefined || this.#noted(this.#wanted.needsName(name));
  }

  #noted(isNeeded: boolean): boolean {
    if (!isNeeded) this.#hasUnwanted = true;
    return isNeeded;
  }

  /** Was no tag found, not even one that is not wanted? */
  get isEmpty(): boolean {
    return this.#rows === 0 && !this.#hasUnwanted;
  }

  /** Tags put so far. */
  get rows(): number {
    return this.#rows;
  }

  /** Steps of settling tags of one name in many groups: what a tag takes depends on those before it. */
  get linkSteps(): number {
    return this.#linkSteps;
  }

  /** The number of any group. */
  groupNumber(group: string): number {
    const known = numberOfGroup.get(group) ?? this.#ownGroupNumbers.get(group);
    if (known !== undefined) return known;
    const number = OWN + this.#ownGroups.length;
    this.#ownGroupNumbers.set(group, number);
    this.#ownGroups.push(group);
    return number;
  }

  #groupOf(number: number): string {
    return (number < OWN ? groups[number] : this.#ownGroups[number - OWN]) as string;
  }

  /** The number of any name. */
  numberOf(name: string): number {
    const known = numberOfName.get(name) ?? this.#ownNumbers.get(name);
    if (known !== undefined) return known;
    const number = OWN + this.#ownNames.length;
    this.#ownNumbers.set(name, number);
    this.#ownNames.push(name);
    this.#ownFirstRow.push(NO_ROW);
    this.#ownHolder.push(NO_ROW);
    return number;
  }

  #nameOf(number: number): string {
    return (number < OWN ? names[number] : this.#ownNames[number - OWN]) as string;
  }

  /** @param isLowHere whether it stands for another image than the main one, or in a numbered group */
  put(group: number, name: number, stored: TagInput, print: Print | undefined, isLow: boolean, isLowHere: boolean): void {
    const row = this.#rows++;
    this.#name[row] = name;
    this.#group[row] = group;
    this.#stored[row] = stored;
    this.#print[row] = print;
    this.#next[row] = NO_ROW;
    this.#flags[row] = (isLow ? LOW : 0) | (isLow || isLowHere ? LOW_HERE : 0) | (this.#isFirst(row, group, name) ? FIRST : 0);
    if (!isLow && !isLowHere) this.#setHolder(name, row);
  }

  /** Links a row to the others of its name. True if it is the first of its group. */
  #isFirst(row: number, group: number, name: number): boolean {
    const isOwn = name >= OWN;
    const first = (isOwn ? this.#ownFirstRow[name - OWN] : this.#firstRow[name]) ?? NO_ROW;
    if (first === NO_ROW) {
      if (isOwn) this.#ownFirstRow[name - OWN] = row;
      else {
        while (this.#firstRow.length <= name) {
          this.#firstRow.push(NO_ROW);
          this.#holder.push(NO_ROW);
        }
        this.#firstRow[name] = row;
      }
      this.#setHolder(name, row);
      return true;
    }
    let last = first;
    let passed = 0;
    let isKnown = false;
    for (let other = first; other !== NO_ROW && !isKnown; other = this.#next[other] as number) {
      isKnown = this.#group[other] === group;
      last = other;
      passed++;
    }
    this.#linkSteps += GROUP_STEPS * passed;
    this.#budget?.owe(GROUP_STEPS * passed);
    if (!isKnown) this.#next[last] = row;
    return !isKnown;
  }

  #setHolder(name: number, row: number): void {
    if (name >= OWN) this.#ownHolder[name - OWN] = row;
    else this.#holder[name] = row;
  }

  /**
   * The row that gives the value of a name in a group. ExifTool's rule: over the whole file the last of the highest priority is
   * the tag of that name; the group that holds it gives it, any other group gives its own first.
   */
  #rowOf(group: number, name: number): number {
    const isOwn = name >= OWN;
    const holder = (isOwn ? this.#ownHolder[name - OWN] : this.#holder[name]) as number;
    if (this.#group[holder] === group) return holder;
    let row = (isOwn ? this.#ownFirstRow[name - OWN] : this.#firstRow[name]) as number;
    while (row !== NO_ROW && this.#group[row] !== group) row = this.#next[row] as number;
    return row;
  }

  /** The stored value of a tag. */
  get({ groupNumber, nameNumber }: Place): TagValue | undefined {
    if ((this.#firstRow[nameNumber] ?? NO_ROW) === NO_ROW) return undefined;
    const row = this.#rowOf(groupNumber, nameNumber);
    return row === NO_ROW ? undefined : jsonValue(this.#stored[row] as TagInput);
  }

  /** The stored value of the first tag of this name with a language: `Title-fr` for `Title`. */
  inOtherLanguage({ groupNumber, name }: Place): TagValue | undefined {
    const start = `${name}-`;
    for (let row = 0; row < this.#rows; row++) {
      if (this.#group[row] !== groupNumber || !this.#nameOf(this.#name[row] as number).startsWith(start)) continue;
      return jsonValue(this.#stored[this.#rowOf(groupNumber, this.#name[row] as number)] as TagInput);
    }
    return undefined;
  }

  /** The tags in the form asked for, groups and names in the order in which they came. */
  tags(form: ValueForm, failed: OnFailedPrint): Tags {
    const tags: Tags = {};
    const fieldsOf = new Map<number, Record<string, TagValue>>();
    for (let row = 0; row < this.#rows; row++) {
      if (((this.#flags[row] as number) & FIRST) === 0) continue;
      const [group, name] = [this.#group[row] as number, this.#name[row] as number];
      if (this.#wanted !== undefined && !this.#wanted.gives(this.#groupOf(group), this.#nameOf(name))) continue;
      const holder = (name < OWN ? this.#holder[name] : this.#ownHolder[name - OWN]) as number;
      const source = this.#group[holder] === group ? holder : row;
      const value = jsonValue(form === "numeric" ? (this.#stored[source] as TagInput) : this.#printed(source, failed));
      let fields = fieldsOf.get(group);
      if (fields === undefined) {
        fields = {};
        fieldsOf.set(group, fields);
        setField(tags, safeText(this.#groupOf(group)), fields);
      }
      if (value === undefined) continue;
      setField(fields, name < OWN ? (names[name] as string) : safeText(this.#ownNames[name - OWN] as string), value);
    }
    return tags;
  }

  #printed(row: number, failed: OnFailedPrint): TagInput {
    const print = this.#print[row];
    const stored = this.#stored[row] as TagInput;
    if (print === undefined) return stored;
    if (typeof print !== "function") return print;
    try {
      return (print as (stored: TagInput) => TagInput)(stored);
    } catch (cause) {
      failed(this.#groupOf(this.#group[row] as number), this.#nameOf(this.#name[row] as number), cause);
      return stored;
    }
  }

  /** A tag as it was put, but for the group, which may have a number at its end. */
  row(row: number): Row {
    return {
      group: this.#groupOf(this.#group[row] as number),
      name: this.#nameOf(this.#name[row] as number),
      stored: this.#stored[row] as TagInput,
      print: this.#print[row],
      isLow: ((this.#flags[row] as number) & LOW) !== 0,
    };
  }
}
