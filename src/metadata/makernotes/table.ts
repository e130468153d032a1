import { apple } from "./apple/maker.ts";
import type { Maker } from "./maker.ts";

/** Every maker whose notes are decoded, in the order in which they are asked. A new one is a folder and one line here. */
export const makers: readonly Maker[] = [apple];
