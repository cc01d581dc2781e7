import type { KnownLead, WantedKeys } from "../upsert/known.ts";

/** Everything that tells a lead by itself. */
export function wantedOf({ addresses, source, externalId }: KnownLead): WantedKeys {
  return {
    addresses: addresses.map(({ kind, value }) => ({ kind, value })),
    externals: externalId === null ? [] : [{ source, externalId }],
    rows: [],
  };
}
