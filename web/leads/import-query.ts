import { api } from "#web/api.ts";

/** How long a running import is waited for before it is asked again, should live updates not come through. */
const ASK_AGAIN_MS = 2_000;

/** An import and how far it is. */
export const importQuery = (importId: string) =>
  api.leads.imports.get.queryOptions({
    input: { importId },
    refetchInterval: ({ state }) => (state.data?.status === "RUNNING" ? ASK_AGAIN_MS : false),
  });
