import { useQuery } from "@tanstack/react-query";
import { api } from "#web/api.ts";
import { useMay } from "#web/shell/viewer.tsx";

const KINDS: Readonly<Record<string, string>> = {
  user: "A member",
  api_key: "An API key",
  recipient: "The person",
  system: "Throughline",
  vendor: "The vendor",
};

export type Actor = { kind: string; id: string | null };

/** Who did something, in words: the member's name where it may be read. */
export function useActorName(): (actor: Actor) => string {
  const may = useMay()("members:read");
  const members = useQuery({
    ...api.accounts.members.list.queryOptions({ input: { limit: 200 } }),
    enabled: may,
    staleTime: 5 * 60_000,
  });
  const names = new Map(members.data?.data.map(({ userId, name }) => [userId, name]));
  return ({ kind, id }) => (id ? names.get(id) : undefined) ?? KINDS[kind] ?? kind;
}
