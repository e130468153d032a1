import type { ServiceOptions } from "./service.ts";

export interface WorkerCommandOptions extends ServiceOptions {
  readonly subscription: string;
}
