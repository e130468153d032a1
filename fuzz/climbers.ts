/** The most expensive recipes so far: the search climbs from them. */
import type { Input } from "./engine.ts";
import { describe, type Recipe } from "./hostile.ts";
import { type Cost, ratios } from "./oracle.ts";
import type { Random } from "./random.ts";

interface Climber {
  readonly recipe: Recipe;
  readonly standing: Input;
  readonly factor: number;
  readonly places: string;
  readonly ratio: number;
}

/** Recipes that are kept for each ratio. */
const MAX_CLIMBERS = 12;

export class Climbers {
  /** For each ratio, the highest first. */
  readonly #kept = new Map<string, Climber[]>();

  get size(): number {
    return this.#kept.size;
  }

  of(ratio: string): readonly Climber[] {
    return this.#kept.get(ratio) ?? [];
  }

  one(random: Random): Climber {
    return random.one(random.one([...this.#kept.values()]));
  }

  /** Keeps a recipe if one of its ratios is among the highest. One for all recipes that change the same places. */
  keep(recipe: Recipe, standing: Input, factor: number, cost: Cost): void {
    const places = describe(recipe);
    for (const [name, ratio] of Object.entries(ratios(cost))) {
      const all = this.#kept.get(name) ?? [];
      const least = all.length < MAX_CLIMBERS ? 0 : (all.at(-1)?.ratio ?? 0);
      if (ratio <= least) continue;
      const before = all.findIndex((one) => one.places === places);
      if (before >= 0 && (all[before]?.ratio ?? 0) >= ratio) continue;
      if (before >= 0) all.splice(before, 1);
      all.push({ recipe, standing, factor, places, ratio });
      all.sort((a, b) => b.ratio - a.ratio);
      all.length = Math.min(all.length, MAX_CLIMBERS);
      this.#kept.set(name, all);
    }
  }
}
