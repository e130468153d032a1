/** Fuzzes one target: runs what mutation and recipes make, keeps what runs new code or costs more than before, reports what breaks a limit. */
import { inspect } from "node:util";
import { Climbers } from "./climbers.ts";
import { Coverage } from "./coverage.ts";
import type { Dictionary } from "./dictionary.ts";
import type { Engine, Input, Result } from "./engine.ts";
import { guarded } from "./guard.ts";
import { cook, describe, Kitchen, placesOf, type Recipe } from "./hostile.ts";
import { measureApart } from "./measure.ts";
import { LONGEST, mutate } from "./mutate.ts";
import { broken, type Cost, type CostKind, costOf, costText, growsTooFast, isPromising, LIMITS } from "./oracle.ts";
import { hottest } from "./profile.ts";
import { Random } from "./random.ts";
import { keepInput } from "./saved.ts";
import type { Seeds } from "./seeds.ts";
import { type Finding, type Order, Running } from "./shared.ts";
import { dissect } from "./structure/dissect.ts";
import type { Piece } from "./structure/piece.ts";
import type { Target } from "./targets.ts";
import { shrunk, signatureOf } from "./thrown.ts";

/** Wall time after which V8 ends a run. The process itself is killed from outside if even that does not end it. */
const GUARD_MS = 2500;
const PROFILE_MS = 800;
/** A busy machine gives a run less CPU time than wall time: then it gets more. */
const PATIENT_MS = 40_000;
/** Coverage slows the engine down, and memory that is garbage already counts: what comes near to a limit is measured apart. */
const SUSPECT = 0.7;
/** Of coverage's pool, longer inputs are not mutated: they hit little. */
const LONGEST_MUTATED = 64 << 10;
/** Inputs whose coverage is asked for together. */
const BATCH = 24;
/** The share of the time that coverage may take. */
const MAX_LOOKING = 0.3;
const MAX_TREES = 60;
/** Steps of a recipe that is made step by step. One that grows a text at many places has more. */
const MAX_STEPS = 8;
const SHRINK_MS = 10_000;
/** How much more of a recipe is tried at once. */
const PUMP = 4;
const MAX_PUMP = 256;

export class Search {
  readonly #order: Order;
  readonly #engine: Engine;
  readonly #target: Target;
  readonly #tell: (finding: Finding) => void;
  readonly #random: Random;
  readonly #running: Running;
  readonly #coverage: Coverage | undefined;
  readonly #known: Set<string>;
  readonly #banned: (readonly string[])[];
  /** What recipes begin with, and the kitchens of those that were chosen already. */
  readonly #standings: readonly Input[];
  readonly #kitchens = new Map<Input, Kitchen>();
  readonly #makeKitchen: (standing: Input) => Kitchen;
  readonly #seeds: Seeds;
  readonly #pool: Input[] = [];
  readonly #batch: Input[] = [];
  readonly #climbers = new Climbers();
  readonly #pumped = new Set<string>();
  /** How often the places of recipes led to what was known. */
  readonly #stale = new Map<string, number>();
  readonly #start = Date.now();
  /** Milliseconds spent on coverage. */
  #looking = 0;
  #inputs = 0;
  #findings = 0;

  constructor(
    order: Order,
    engine: Engine,
    target: Target,
    seeds: Seeds,
    dictionary: Dictionary,
    donors: readonly Piece[],
    tell: (finding: Finding) => void,
  ) {
    this.#order = order;
    this.#engine = engine;
    this.#target = target;
    this.#tell = tell;
    this.#random = new Random(order.seed);
    this.#running = new Running(order.running);
    this.#coverage = order.coverage ? new Coverage(engine.root) : undefined;
    this.#known = new Set(order.known);
    this.#banned = [...order.banned];
    this.#seeds = seeds;
    const others = seeds.inputs.filter((input) => !seeds.built.includes(input));
    const chosen = [...seeds.built, ...Array.from({ length: Math.min(MAX_TREES, others.length) }, () => this.#random.one(others))];
    this.#standings = chosen;
    this.#makeKitchen = (standing) => new Kitchen(dissect(Buffer.from(standing.bytes)), donors, dictionary, this.#random);
  }

  get progress() {
    return { inputs: this.#inputs, pool: this.#pool.length, ways: this.#coverage?.size ?? 0 };
  }

  /** Runs until the time is over. `pause` lets reports be sent. */
  async run(pause: () => Promise<void>): Promise<void> {
    const end = this.#start + this.#order.seconds * 1000;
    const going = () => Date.now() < end && this.#findings < this.#order.findings;
    // What broke a limit before comes first; all other seeds come beside what is made of them.
    const seeds = [...this.#seeds.inputs];
    let paused = Date.now();
    while (going()) {
      const seed = this.#random.below(4) === 0 ? seeds.shift() : undefined;
      if (seed !== undefined) this.#try(seed, undefined, 1);
      this.#next();
      if (Date.now() - paused < 200) continue;
      this.#running.rest();
      await pause();
      paused = Date.now();
    }
    this.#running.rest();
    this.#running.close();
    if (this.#order.costliest !== undefined) this.#keepCostliest(this.#order.costliest);
  }

  /** Saves what takes most time a step: what a calibration of the budget has to hold for. */
  #keepCostliest(folder: string): void {
    for (const { recipe, standing, factor } of this.#climbers.of("time a step")) {
      const bytes = cook(recipe, factor);
      if (bytes !== undefined) keepInput(folder, { ...standing, bytes });
    }
  }

  #next(): void {
    // Mutation follows coverage: without it, the search follows costs alone.
    const choice = this.#random.below(this.#coverage === undefined ? 7 : 12);
    if (choice < 3 && this.#climbers.size > 0) this.#climb();
    else if (choice < 7 || this.#pool.length === 0) this.#invent();
    else this.#mutate();
  }

  #mutate(): void {
    const random = this.#random;
    // What came last runs code that few have run.
    const parent = random.below(2) === 0 ? random.one(this.#pool) : random.one(this.#pool.slice(-32));
    this.#try({ ...parent, bytes: mutate(parent.bytes, random.one(this.#pool).bytes, random) }, undefined, 1);
  }

  #invent(): void {
    // The builders' files are small and use every structure: most recipes begin with them.
    const builtTrees = this.#seeds.built.length;
    const standing = this.#standings[this.#random.below(builtTrees > 0 && this.#random.below(5) > 0 ? builtTrees : this.#standings.length)];
    if (standing === undefined) return;
    const kitchen = this.#kitchen(standing);
    const recipe = kitchen.invent();
    // Of a text that grows at many places, those that are known to be found are left out.
    const steps =
      recipe.steps.length > MAX_STEPS ? recipe.steps.filter((step) => !this.#isBanned({ ...recipe, steps: [step] })) : recipe.steps;
    this.#cookAndTry({ ...recipe, steps }, standing, 1);
  }

  #kitchen(standing: Input): Kitchen {
    const kitchen = this.#kitchens.get(standing) ?? this.#makeKitchen(standing);
    this.#kitchens.set(standing, kitchen);
    return kitchen;
  }

  #climb(): void {
    const random = this.#random;
    const climber = this.#climbers.one(random);
    if (random.below(3) === 0) this.#cookAndTry(climber.recipe, climber.standing, climber.factor * random.one([0.5, 2, 2, 4]));
    else if (climber.factor === 1 && climber.recipe.steps.length < MAX_STEPS)
      this.#cookAndTry(random.one([...this.#kitchens.values()]).extend(climber.recipe), climber.standing, 1);
  }

  #cookAndTry(recipe: Recipe, standing: Input, factor: number): void {
    if (recipe.steps.length === 0 || (recipe.steps.length <= MAX_STEPS && this.#isBanned(recipe))) return;
    const bytes = cook(recipe, factor);
    if (bytes !== undefined) this.#try({ ...standing, bytes }, recipe, factor);
  }

  #isBanned(recipe: Recipe): boolean {
    const places = placesOf(recipe);
    if (this.#banned.some((all) => all.every((place) => places.includes(place)))) return true;
    return places.some((place) => this.#random.below(1 << Math.min(10, (this.#stale.get(place) ?? 0) >> 1)) > 0);
  }

  /** Runs one input, and judges what it cost. */
  #measure(input: Input, origin: readonly string[], limit = GUARD_MS): { cost: Cost; result: Result | undefined } {
    this.#running.start(input, origin);
    const [rss, highest] = [process.memoryUsage.rss(), process.resourceUsage().maxRSS];
    let timed = guarded(() => this.#target.run(input), limit);
    for (let wall = limit; timed.ended && timed.milliseconds < LIMITS.cpuMs && wall < PATIENT_MS; ) {
      wall = Math.min(PATIENT_MS, Math.ceil((wall * 1.3 * LIMITS.cpuMs) / Math.max(50, timed.milliseconds)));
      timed = guarded(() => this.#target.run(input), wall);
    }
    const rose = Math.max(process.memoryUsage.rss() - rss, (process.resourceUsage().maxRSS - highest) * 1024, 0);
    this.#inputs++;
    return { cost: costOf(input.bytes.length, timed, rose), result: timed.result };
  }

  #try(input: Input, recipe: Recipe | undefined, factor: number): void {
    const origin = recipe === undefined ? [] : placesOf(recipe);
    const { cost, result } = this.#measure(input, origin);
    for (const thrown of result?.wrong ?? []) this.#thrown(thrown, input, recipe);
    if (input.bytes.length <= LONGEST_MUTATED && !cost.ended && cost.cpuMs < 100) this.#batch.push(input);
    if (this.#batch.length >= BATCH) this.#look();
    let suspected = this.#suspected(cost);
    // Code that was not compiled yet, or a busy machine: once more.
    if (suspected.length > 0 && !cost.ended) suspected = this.#suspected(this.#measure(input, origin).cost);
    if (suspected.length > 0) this.#suspect(suspected, cost, input, recipe, factor);
    else if (recipe !== undefined) {
      this.#climbers.keep(recipe, input, factor, cost);
      if (isPromising(cost, LONGEST)) this.#pump(recipe, input, factor, cost);
    }
  }

  /** Looks for new code that the last inputs ran: first all together, then one by one. */
  #look(): void {
    const batch = this.#batch.splice(0);
    if (this.#coverage === undefined) return;
    const start = Date.now();
    if (this.#looking > MAX_LOOKING * (start - this.#start)) return;
    if (this.#coverage.newsTogether() > 0) {
      for (const input of batch) {
        this.#measure(input, []);
        if (this.#coverage.news() > 0) this.#pool.push(input);
      }
    }
    this.#looking += Date.now() - start;
  }

  #suspected(cost: Cost): CostKind[] {
    const kinds = broken(cost).filter((kind) => kind !== "memory" || cost.memoryBytes > LIMITS.memoryBytes * SUSPECT);
    if (!kinds.includes("time") && cost.cpuMs > LIMITS.cpuMs * (this.#coverage === undefined ? 1 : SUSPECT)) kinds.push("time");
    if (!kinds.includes("memory") && cost.memoryBytes > LIMITS.memoryBytes * SUSPECT) kinds.push("memory");
    return kinds;
  }

  /** As much of a recipe as an input may hold: a limit may break, or time grow faster than bytes and steps, however short it is. */
  #pump(recipe: Recipe, standing: Input, factor: number, first: Cost): void {
    const places = describe(recipe);
    if (this.#pumped.has(places)) return;
    this.#pumped.add(places);
    const origin = placesOf(recipe);
    const costs = [first];
    const inputs = [standing];
    for (let times = PUMP; times <= MAX_PUMP && isPromising(costs.at(-1) as Cost, LONGEST); times *= PUMP) {
      const bytes = cook(recipe, factor * times);
      if (bytes === undefined) break;
      const input = { ...standing, bytes };
      const { cost } = this.#measure(input, origin);
      const suspected = this.#suspected(cost);
      if (suspected.length > 0) {
        this.#suspect(suspected, cost, input, recipe, factor * times);
        return;
      }
      inputs.push(input);
      costs.push(cost);
    }
    if (costs.length < 3 || !growsTooFast(costs.slice(-3) as [Cost, Cost, Cost])) return;
    // Once more: a garbage collection may have come in between.
    const again = inputs.slice(-3).map((input) => this.#measure(input, origin).cost);
    if (growsTooFast(again as [Cost, Cost, Cost])) this.#growth(inputs.slice(-3), recipe);
  }

  #growth(inputs: readonly Input[], recipe: Recipe): void {
    const largest = inputs.at(-1) as Input;
    const signature = `cpu ${this.#hottest(largest)}`;
    if (this.#isKnown(signature, recipe)) return;
    const apart = inputs.map((input) => this.#judge([], input));
    if (apart.some((cost) => cost === undefined) || !growsTooFast(apart as [Cost, Cost, Cost])) return;
    const costs = apart as [Cost, Cost, Cost];
    const problem = `time grows faster than bytes and steps: ${costs.map((cost) => `${cost.bytes} bytes ${cost.cpuMs.toFixed(1)} ms ${cost.steps} steps`).join("; ")}`;
    this.#found("growth", signature, problem, largest, recipe);
  }

  /** A limit seems to be broken. Once for each cause, it is measured in a process of its own and made smaller. */
  #suspect(kinds: readonly CostKind[], seen: Cost, input: Input, recipe: Recipe | undefined, factor: number): void {
    const isCpu = kinds.includes("time") || kinds.includes("undercharged") || kinds.includes("memory");
    const place =
      recipe === undefined ? "mutation" : (recipe.steps.at(-1)?.label ?? "").replaceAll(/\b(tag|resource) [0-9a-f]+|\d+/g, "$1");
    const hot = isCpu ? this.#hottest(input) : "";
    const signature = (kind: CostKind) =>
      kind === "time" || kind === "undercharged" ? `cpu ${hot}` : `${kind} ${kind === "memory" ? hot : place}`;
    const fresh = kinds.filter((kind) => !this.#known.has(signature(kind)));
    if (fresh.length === 0) {
      this.#note(recipe);
      return;
    }
    // What did not end is not run once more.
    const cost = seen.ended ? seen : this.#judge(fresh, input);
    const confirmed = cost === undefined ? (["memory"] as const) : broken(cost);
    const news = confirmed.filter((kind) => !this.#known.has(signature(kind)));
    if (news.length === 0) {
      // Near to a limit, and not over it: it is not measured again and again.
      this.#note(recipe);
      return;
    }
    const [kind] = news as [CostKind];
    for (const each of news) this.#known.add(signature(each));
    const small = recipe === undefined || cost === undefined ? { input, cost, recipe } : this.#smaller(kind, input, cost, recipe, factor);
    const text = small.cost === undefined ? "the process died of it" : costText(small.cost);
    this.#found(news.join("+"), signature(kind), `${text}; most time in ${hot || "no place of its own"}`, small.input, small.recipe);
  }

  /** Fewer steps and less of everything, as far as the limit stays broken. */
  #smaller(kind: CostKind, input: Input, cost: Cost, recipe: Recipe, factor: number): { input: Input; cost: Cost; recipe: Recipe } {
    let best = { input, cost, recipe };
    const attempt = (next: Recipe, times: number): boolean => {
      const bytes = cook(next, times);
      if (bytes === undefined) return false;
      const smaller = { ...input, bytes };
      if (!this.#suspected(this.#measure(smaller, placesOf(next)).cost).includes(kind)) return false;
      const measured = this.#judge([kind], smaller);
      if (measured === undefined || !broken(measured).includes(kind)) return false;
      best = { input: smaller, cost: measured, recipe: next };
      return true;
    };
    const end = Date.now() + SHRINK_MS;
    for (let piece = recipe.steps.length >> 1; piece > 0; piece >>= 1) {
      for (let at = 0; at < best.recipe.steps.length && best.recipe.steps.length > 1 && Date.now() < end; ) {
        const steps = best.recipe.steps.filter((_, i) => i < at || i >= at + piece);
        if (steps.length === 0 || !attempt({ ...best.recipe, steps }, factor)) at += piece;
      }
    }
    for (let times = factor / 4; times > factor / 300 && Date.now() < end && attempt(best.recipe, times); ) times /= 4;
    return best;
  }

  #hottest(input: Input): string {
    this.#running.start(input, []);
    return hottest(this.#engine.root, () => void guarded(() => this.#target.run(input), PROFILE_MS));
  }

  /** What a judge would measure. Time is measured well here if no coverage slows it down; memory needs a process of its own. */
  #judge(kinds: readonly CostKind[], input: Input): Cost | undefined {
    if (this.#coverage !== undefined || kinds.includes("memory")) return this.#measureApart(input);
    return { ...this.#measure(input, []).cost, memoryBytes: 0 };
  }

  #measureApart(input: Input): Cost | undefined {
    const path = keepInput(`${this.#order.running}.apart`, input);
    this.#running.rest();
    return measureApart(this.#order.engine, this.#order.target, path);
  }

  #isKnown(signature: string, recipe: Recipe | undefined): boolean {
    if (this.#known.has(signature)) {
      this.#note(recipe);
      return true;
    }
    return false;
  }

  /** What a recipe finds is known: its places come less often. */
  #note(recipe: Recipe | undefined): void {
    for (const place of recipe === undefined ? [] : placesOf(recipe)) this.#stale.set(place, (this.#stale.get(place) ?? 0) + 1);
    if (recipe !== undefined && recipe.steps.length <= 2) this.#banned.push(placesOf(recipe));
  }

  #thrown(thrown: unknown, input: Input, recipe: Recipe | undefined): void {
    const signature = signatureOf(thrown, this.#engine.root);
    if (this.#isKnown(signature, undefined)) return;
    const problem = thrown instanceof Error ? (thrown.stack ?? thrown.message) : inspect(thrown);
    const throwsIt = (bytes: Uint8Array) =>
      (this.#measure({ ...input, bytes }, []).result?.wrong ?? []).some((one) => signatureOf(one, this.#engine.root) === signature);
    this.#found("throw", signature, problem, { ...input, bytes: shrunk(input.bytes, throwsIt) }, recipe);
  }

  #found(kind: string, signature: string, problem: string, input: Input, recipe: Recipe | undefined): void {
    this.#known.add(signature);
    this.#findings++;
    const banned = recipe === undefined ? undefined : placesOf(recipe);
    if (banned !== undefined && kind !== "throw") this.#banned.push(banned);
    this.#tell({
      target: this.#order.target,
      kind,
      signature,
      problem,
      origin: recipe === undefined ? "mutation of bytes" : describe(recipe),
      path: keepInput(this.#order.kept, input),
      bytes: input.bytes.length,
      seconds: (Date.now() - this.#start) / 1000,
      inputs: this.#inputs,
      ...(banned === undefined ? {} : { banned }),
    });
  }
}
