/** What `imagemeta setup`, `pause`, `resume` and `recover` may be told. */
export interface SetupCommandOptions {
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

export interface PauseCommandOptions {
  readonly bucket: string;
  readonly to: string;
  readonly topic?: string;
  readonly project?: string;
  readonly userProject?: string;
}

export interface RecoverCommandOptions {
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
