import type { Summary } from "../record/types.ts";
import type { Facts } from "./contracts.ts";
import type { TagSet } from "./tag-set.ts";

export function summarize(_tags: TagSet, _facts: Partial<Facts>, _warn: (message: string) => void): Summary {
  return {};
}
