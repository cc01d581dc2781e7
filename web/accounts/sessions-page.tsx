import { useMutation, useQueryClient, useSuspenseQuery, type QueryClient } from "@tanstack/react-query";
import type { Session } from "#domains/accounts/contract.ts";
import { SettingsPage } from "#web/accounts/settings-page.tsx";
import { browserOf } from "#web/accounts/browser-of.ts";
import { api } from "#web/api.ts";
import { Badge } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { countOf } from "#web/ui/format.ts";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { toast } from "#web/ui/toast.tsx";

const sessionsQuery = api.accounts.sessions.list.queryOptions();

export function load(queries: QueryClient) {
  return queries.ensureQueryData(sessionsQuery);
}

/** Every browser in which this person is signed in. */
export function SessionsPage() {
  const { data } = useSuspenseQuery(sessionsQuery);
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: api.accounts.sessions.key() });
  const revokeOthers = useMutation(
    api.accounts.sessions.revokeOthers.mutationOptions({
      onSuccess: async ({ revoked }) => {
        await refresh();
        toast.done(`Signed out ${countOf(revoked, { one: "session", other: "sessions" })}`);
      },
      onError: (error) => toast.problem(error),
    }),
  );
  const others = data.data.filter((session) => !session.isCurrent).length;
  return (
    <SettingsPage title="Sessions" context="Where you are signed in. Only you see this.">
      <Card
        title="Your sessions"
        description="Sign out what you do not recognise, then set a new password."
        actions={
          <Button
            size="sm"
            loading={revokeOthers.isPending}
            disabledReason={others === 0 ? "You are signed in nowhere else" : null}
            onClick={() => revokeOthers.mutate({})}
          >
            Sign out everywhere else
          </Button>
        }
        flush
      >
        <ul>
          {data.data.map((session) => (
            <SessionLine key={session.id} session={session} onRevoked={refresh} />
          ))}
        </ul>
      </Card>
    </SettingsPage>
  );
}

function SessionLine({ session, onRevoked }: { session: Session; onRevoked: () => Promise<void> }) {
  const revoke = useMutation(
    api.accounts.sessions.revoke.mutationOptions({
      onSuccess: onRevoked,
      onError: (error) => toast.problem(error),
    }),
  );
  return (
    <li className="flex items-center gap-4 border-t px-4 py-3">
      <div className="grid min-w-0 grow gap-1">
        <p className="flex items-center gap-2 font-medium">
          <span className="truncate" title={session.userAgent ?? undefined}>
            {browserOf(session.userAgent)}
          </span>
          {session.isCurrent ? <Badge tone="accent">This one</Badge> : null}
        </p>
        <p className="text-sm text-ink-muted">
          {session.ipAddress ? `${session.ipAddress} · ` : ""}signed in <RelativeTime at={session.createdAt} /> · ends{" "}
          <RelativeTime at={session.expiresAt} />
        </p>
      </div>
      {session.isCurrent ? null : (
        <Button size="sm" loading={revoke.isPending} onClick={() => revoke.mutate({ sessionId: session.id })}>
          Sign out
        </Button>
      )}
    </li>
  );
}
