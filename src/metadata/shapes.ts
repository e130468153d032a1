/** What keeps the engine's optimised code alive between images. */
import { defaultLimits } from "../record/limits.ts";
import { Budget } from "./budget.ts";
import { ByteWindow } from "./bytes/window.ts";
import { Found, TagEntry } from "./findings.ts";
import { TagSet } from "./tag-set.ts";

const window = ByteWindow.whole(new Uint8Array(1), 0);
const found = new Found(window, new Budget(defaultLimits), false, "");
const tags = new TagSet();
tags.add(new TagEntry("", "", "", undefined, false));
const kept: object[] = [window, window.join([]), found, found.group(""), tags];

/**
 * Keeps an idle instance of a class whose others live only while an image is read. V8 holds the hidden class of instances
 * weakly: a garbage collection between two images would discard it, and with it all code that is optimised for it.
 */
export function keepShape(make: (window: ByteWindow, found: Found) => object): void {
  kept.push(make(window, found));
}
