/** What `imagemeta status` may be told. */
export interface StatusCommandOptions {
  readonly subscription: string;
  readonly to?: string;
  readonly deadLetterSubscription?: string;
  readonly bucket?: string;
  readonly monitoringEndpoint?: string;
  readonly format: "table" | "json";
  readonly project?: string;
  readonly userProject?: string;
}
