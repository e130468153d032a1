/** Images that harm what parses them, if it is a test build. */

/** A poisoned image begins with this, and a word that says what it does. */
export const MARK = "POISON ";
export const WORD_LENGTH = 16;

export type Harm = "spin" | "heap" | "buffers" | "throw" | "abort";

export const poisonedImage = (harm: Harm): Buffer => Buffer.from(MARK + harm.padEnd(WORD_LENGTH));

/** The variable that makes a process a test build, and with it the processes that it starts. */
export const testBuild = { NODE_OPTIONS: `--import=${new URL("preload.ts", import.meta.url).pathname}` };
