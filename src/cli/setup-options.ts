/** What `imagemeta setup`, `pause`, `resume` and `recover` may be told. */
import type { AccessOptions } from "./access.ts";

export interface SetupCommandOptions extends AccessOptions {
  readonly bucket: string;
  readonly topic: string;
  readonly subscription: string;
  readonly deadLetter: string;
  readonly deadLetterSubscription?: string;
  readonly pushEndpoint?: string;
  readonly pushServiceAccount?: string;
  readonly exactlyOnce?: boolean;
  readonly project?: string;
  readonly userProject?: string;
  readonly print?: boolean;
}

export interface PauseCommandOptions extends AccessOptions {
  readonly bucket: string;
  readonly to: string;
  readonly topic?: string;
  readonly project?: string;
  readonly userProject?: string;
}

export interface RecoverCommandOptions extends AccessOptions {
  readonly topic: string;
  readonly to: string;
  readonly since?: string;
  readonly all?: boolean;
  readonly everyObject?: boolean;
  readonly rate: number;
  readonly settle?: number;
  readonly markerWait: number;
  readonly dryRun?: boolean;
  readonly project?: string;
  readonly userProject?: string;
}
