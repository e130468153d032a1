/** Packages that the build does not bundle: they load files beside them, or are so large that only their commands should meet them. */
export const APART = [
  "@google-cloud/firestore",
  "@google-cloud/pubsub",
  "@google-cloud/storage",
  "@pnpm/tabtab",
  "google-auth-library",
  "open",
  "pg",
];
