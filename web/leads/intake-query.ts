import type { IntakeSearch } from "#web/leads/search.ts";
import { api } from "#web/api.ts";
import { keyset } from "#web/ui/table/source.ts";

export const sourcesQuery = api.leads.intakeSources.list.infiniteOptions({
  ...keyset,
  input: (cursor) => ({ cursor, limit: 50 }),
});

export const submissionsQuery = ({ status, source }: IntakeSearch) =>
  api.leads.submissions.list.infiniteOptions({
    ...keyset,
    input: (cursor) => ({ status, sourceId: source, cursor, limit: 50 }),
  });
