export interface WorkerCommandOptions {
  readonly subscription: string;
  readonly to: string;
  readonly deadLetter?: string;
  readonly project?: string;
  readonly concurrency: number;
  readonly maxMessages: number;
  readonly maxBytes: number;
  readonly grace: number;
  readonly all?: boolean;
  readonly printed?: boolean;
  readonly thorough?: boolean;
  readonly userProject?: string;
  readonly port?: number;
  readonly host: string;
  readonly logLevel: string;
}
