import { groupNumber, nameNumber } from "../sink.ts";

/** A tag of a group, by its numbers in the sink. */
export interface Place {
  readonly group: string;
  readonly name: string;
  readonly groupNumber: number;
  readonly nameNumber: number;
  /** Does a text in another language stand if there is none in the default one? */
  readonly hasLanguages: boolean;
}

export function at(group: string, name: string, languages?: "languages"): Place {
  return { group, name, groupNumber: groupNumber(group), nameNumber: nameNumber(name), hasLanguages: languages !== undefined };
}
