import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { LeadDetail } from "#domains/leads/contract.ts";
import { api } from "#web/api.ts";
import { LeadConsents } from "#web/leads/lead-consents.tsx";
import { leadQuery } from "#web/leads/lead-query.ts";
import { kindWords, leadName, reasonWords, scopeWords } from "#web/leads/words.ts";
import { problemOf } from "#web/problem.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Avatar } from "#web/ui/avatar.tsx";
import { Badge } from "#web/ui/badge.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button, IconButton } from "#web/ui/button.tsx";
import { countOf } from "#web/ui/format.ts";
import { Input } from "#web/ui/input.tsx";
import { InlineError } from "#web/ui/states.tsx";
import { toast } from "#web/ui/toast.tsx";

const LeadConversions = lazy(() =>
  import("#web/leads/lead-conversions.tsx").then((module) => ({ default: module.LeadConversions })),
);
const LeadScore = lazy(() => import("#web/leads/lead-score.tsx").then((module) => ({ default: module.LeadScore })));

/** Who it is: name, tags, every address and what is closed to it. */
export function LeadIdentity({ lead }: { lead: LeadDetail }) {
  const name = leadName(lead);
  return (
    <div className="grid gap-6">
      <div className="flex items-center gap-3">
        <Avatar name={name} size="lg" />
        <div className="grid min-w-0">
          <span className="truncate font-semibold">{name}</span>
          <span className="truncate text-sm text-ink-muted">
            {[lead.jobTitle, lead.company].filter(Boolean).join(", ")}
          </span>
        </div>
      </div>
      {lead.erasedAt ? <Banner tone="warning">This person's data was erased. Nothing is sent any more.</Banner> : null}
      {lead.openProposals > 0 ? (
        <Banner tone="info">
          {`${countOf(lead.openProposals, { one: "other lead shares", other: "other leads share" })} an address with this one. `}
          <Link to="/leads/duplicates" className="font-medium underline underline-offset-4">
            Compare and decide
          </Link>
        </Banner>
      ) : null}
      <Tags lead={lead} />
      <section aria-label="Addresses" className="grid gap-3">
        <h2 className="text-sm font-semibold">Addresses</h2>
        {lead.identities.length === 0 ? <p className="text-sm text-ink-muted">No address is known.</p> : null}
        <ul className="grid gap-3 text-sm">
          {lead.identities.map(({ id, kind, value, isPrimary, suppressions }) => (
            <li key={id} className="grid min-w-0 gap-1">
              <span className="text-xs text-ink-subtle">
                {kindWords[kind]}
                {isPrimary ? "" : ", further"}
              </span>
              <span className="wrap-anywhere tabular-nums">{value}</span>
              {suppressions.map(({ id, reason, scope }) => (
                <span key={id}>
                  <Badge tone="danger">
                    {`${reasonWords[reason].label}: ${scopeWords[scope].toLowerCase()} closed`}
                  </Badge>
                </span>
              ))}
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

/** What is on record beside the history: sales, score, consents. */
export function LeadFacts({ lead }: { lead: LeadDetail }) {
  return (
    <div className="grid gap-6">
      <Suspense>
        <LeadConversions leadId={lead.id} isErased={lead.erasedAt !== null} />
        {lead.erasedAt ? null : <LeadScore leadId={lead.id} />}
      </Suspense>
      <LeadConsents leadId={lead.id} isErased={lead.erasedAt !== null} />
    </div>
  );
}

function Tags({ lead }: { lead: LeadDetail }) {
  const queries = useQueryClient();
  const whyNot = useWhyNot("leads:write");
  const [name, setName] = useState("");
  const onSuccess = async (next: LeadDetail) => {
    queries.setQueryData(leadQuery(lead.id).queryKey, next);
    await queries.invalidateQueries({ queryKey: api.leads.key() });
  };
  const add = useMutation({ ...api.leads.addTags.mutationOptions(), onSuccess });
  const remove = useMutation({
    ...api.leads.removeTag.mutationOptions(),
    onSuccess,
    onError: (error) => toast.problem(error),
  });
  const missing = whyNot ?? (name.trim() ? null : "Name a tag first");
  return (
    <section aria-label="Tags" className="grid gap-2">
      <h2 className="text-sm font-semibold">Tags</h2>
      <ul className="flex flex-wrap gap-1">
        {lead.tags.map((tag) => (
          <li key={tag.id} className="inline-flex items-center">
            <Badge>{tag.name}</Badge>
            <IconButton
              icon={X}
              size="sm"
              quiet
              label={`Remove tag ${tag.name}`}
              disabledReason={whyNot}
              onClick={() => remove.mutate({ leadId: lead.id, tagId: tag.id })}
            />
          </li>
        ))}
      </ul>
      <form
        className="flex gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (missing || add.isPending) return;
          add.mutate({ leadId: lead.id, names: [name.trim()] }, { onSuccess: () => setName("") });
        }}
      >
        <Input
          label="Tag to add"
          placeholder="Add tag"
          value={name}
          onChange={setName}
          maxLength={60}
          disabled={whyNot !== null}
        />
        <Button type="submit" disabledReason={missing} loading={add.isPending}>
          Add
        </Button>
      </form>
      {add.error ? <InlineError problem={problemOf(add.error)} /> : null}
    </section>
  );
}
