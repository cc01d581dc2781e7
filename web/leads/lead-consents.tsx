import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import type { ConsentView } from "#domains/leads/contract.ts";
import { api } from "#web/api.ts";
import { basisWords, scopeWords } from "#web/leads/words.ts";
import { problemOf } from "#web/problem.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Badge } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { late } from "#web/ui/late.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { InlineError } from "#web/ui/states.tsx";
import { toast } from "#web/ui/toast.tsx";

const ConsentDialog = late(() => import("#web/leads/consent-dialog.tsx").then((module) => module.ConsentDialog));

/** On what messages to the person rest, newest first; of a channel and a basis the newest counts and can be taken back. */
export function LeadConsents({ leadId, isErased }: { leadId: string; isErased: boolean }) {
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery(api.leads.consents.list.queryOptions({ input: { leadId } }));
  const [isOpen, setOpen] = useState(false);
  const whyNotWrite = useWhyNot("leads:write");
  const whyNot = whyNotWrite ?? (isErased ? "This person's data was erased" : null);
  const withdraw = useMutation({
    ...api.leads.consents.record.mutationOptions(),
    onSuccess: () => queries.invalidateQueries({ queryKey: api.leads.key() }),
    onError: (problem) => toast.problem(problem),
  });
  const rows = data?.data ?? [];
  const newest = new Map(rows.toReversed().map((row) => [keyOf(row), row.id]));
  return (
    <section aria-label="Consents" className="grid gap-2">
      <h2 className="text-sm font-semibold">Consents</h2>
      {error ? <InlineError problem={problemOf(error)} onRetry={() => void refetch()} /> : null}
      {data && rows.length === 0 ? <p className="text-sm text-ink-muted">None is on record.</p> : null}
      <ul className="grid gap-3 text-sm">
        {rows.map((row) => (
          <li key={row.id} className="grid justify-items-start gap-1">
            <Badge tone={row.kind === "GIVEN" ? "positive" : "danger"}>
              {`${scopeWords[row.channel]}: ${basisWords[row.basis].toLowerCase()}${row.kind === "GIVEN" ? "" : ", taken back"}`}
            </Badge>
            <span className="text-xs break-words text-ink-subtle">
              {row.source ? `${row.source}, ` : ""}
              <RelativeTime at={row.at} />
            </span>
            {row.kind === "GIVEN" && newest.get(keyOf(row)) === row.id ? (
              <Button
                size="sm"
                variant="ghost"
                disabledReason={whyNot}
                loading={withdraw.isPending}
                onClick={() =>
                  withdraw.mutate({
                    leadId,
                    kind: "WITHDRAWN",
                    channel: row.channel,
                    basis: row.basis,
                    source: "Lead page",
                  })
                }
              >
                Take back
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      <div>
        <Button size="sm" disabledReason={whyNot} onClick={() => setOpen(true)}>
          Write down a consent
        </Button>
      </div>
      <Suspense>{isOpen ? <ConsentDialog leadId={leadId} onClose={() => setOpen(false)} /> : null}</Suspense>
    </section>
  );
}

const keyOf = ({ channel, basis }: ConsentView) => `${channel} ${basis}`;
