import { type Scratch, openScratch } from "./scratch.ts";

export type TrialServer = {
  databaseUrl: string;
  dataDir: string;
  /** Base64: suppressions of erased people are kept as hashes under it. */
  secretKey: string;
  template?: string;
};

/** The scratch database of a trial. Apart from the rest, which takes long to be read: the database is made meanwhile. */
export const openTrialScratch = ({ databaseUrl, template }: TrialServer): Promise<Scratch> =>
  openScratch(databaseUrl, { template, isBare: true });
