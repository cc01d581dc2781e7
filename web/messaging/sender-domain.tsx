import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { DomainCheckView, SenderView } from "#domains/messaging/sender-contract.ts";
import { api } from "#web/api.ts";
import { recordLook } from "#web/messaging/sender-words.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { CodeBlock } from "#web/ui/code-block.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { toast } from "#web/ui/toast.tsx";

export type SenderDomainProps = { senderId: string; domain: NonNullable<SenderView["domain"]> };

/** The records of a sender's domain: what was found, and what to publish where one is missing. */
export function SenderDomain({ senderId, domain }: SenderDomainProps) {
  const queries = useQueryClient();
  const whyNot = useWhyNot("integrations:write");
  const look = useMutation({
    ...api.messaging.senders.checkDomain.mutationOptions(),
    onSuccess: () => queries.invalidateQueries({ queryKey: api.messaging.senders.key() }),
    onError: (error) => toast.problem(error),
  });
  return (
    <section aria-label={`Domain ${domain.name}`} className="grid gap-3 text-sm">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <div className="min-w-0">
          <h3 className="truncate font-medium">{domain.name}</h3>
          <p className="text-ink-muted">
            {domain.checkedAt ? (
              <>
                Looked up <RelativeTime at={domain.checkedAt} />, and once a day
              </>
            ) : (
              "Being looked up"
            )}
          </p>
        </div>
        <Button size="sm" disabledReason={whyNot} loading={look.isPending} onClick={() => look.mutate({ senderId })}>
          Look up now
        </Button>
      </div>
      <ul className="grid gap-3">
        {domain.checks.map((check) => (
          <Record key={check.record} check={check} />
        ))}
      </ul>
    </section>
  );
}

function Record({ check }: { check: DomainCheckView }) {
  const { record, state, detail, found, publish } = check;
  const look = recordLook[state];
  return (
    <li className="grid gap-2 rounded-lg border p-3">
      <div className="flex flex-wrap items-center justify-between gap-x-3">
        <h4 className="font-medium">{record}</h4>
        <StatusPill tone={look.tone}>{look.label}</StatusPill>
      </div>
      <p className="wrap-anywhere text-ink-muted">{detail}</p>
      {state === "ok" && !publish ? null : found.length > 0 ? (
        <CodeBlock label={`${record} found`} wrap>
          {found.join("\n")}
        </CodeBlock>
      ) : null}
      {publish ? (
        <div className="grid gap-2">
          <p>{`Publish this ${publish.type} record`}</p>
          <CodeBlock label={`${record} name`} wrap>
            {publish.name}
          </CodeBlock>
          {publish.value === null ? (
            <p className="text-ink-muted">Its value is shown by your mail service.</p>
          ) : (
            <CodeBlock label={`${record} value`} wrap>
              {publish.value}
            </CodeBlock>
          )}
        </div>
      ) : null}
    </li>
  );
}
