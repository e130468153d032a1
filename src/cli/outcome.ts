/** How a command ends. */

/** 0: all was done; 1: some images or checks failed; 2: a wrong call. Commands set it rather than leave, so that what is open is closed first. */
export interface Outcome {
  exitCode: 0 | 1 | 2 | 130;
}

/** A wrong call: the message says what is wrong and what to write instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** gRPC may keep a process alive that has nothing left to do. */
export function leave({ exitCode }: Outcome): void {
  setTimeout(() => process.exit(exitCode), 100).unref();
}
