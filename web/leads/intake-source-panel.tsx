import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Suspense, useState } from "react";
import type { IntakeSourceView } from "#domains/leads/contract.ts";
import { RESERVED } from "#domains/leads/intake/source-settings.ts";
import { api } from "#web/api.ts";
import { fileLink } from "#web/leads/words.ts";
import { problemOf } from "#web/problem.ts";
import { saveOnto } from "#web/shell/save-onto.ts";
import { SidePanel } from "#web/shell/side-panel.tsx";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Button } from "#web/ui/button.tsx";
import { Switch } from "#web/ui/choices.tsx";
import { CodeBlock } from "#web/ui/code-block.tsx";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";
import { late } from "#web/ui/late.tsx";
import { toast } from "#web/ui/toast.tsx";

const SourceDialog = late(() =>
  import("#web/leads/intake-source-dialog.tsx").then((module) => module.IntakeSourceDialog),
);

const ASK = {
  renew: {
    title: "Give it a new address?",
    consequences: "Pages and programs that hold the old address can give nothing any more, from this moment.",
    action: "New address",
  },
  delete: {
    title: "Delete this source?",
    consequences: "Its address takes nothing any more. The leads and submissions that came by it stay.",
    action: "Delete source",
  },
};

/** One source: its address, what to put into a page or a program, and the switch. */
export function IntakeSourcePanel({ source, onClose }: { source: IntakeSourceView; onClose: () => void }) {
  const { id: sourceId, name, kind, isActive, submitUrl, pageUrl } = source;
  const queries = useQueryClient();
  const whyNot = useWhyNot("integrations:write");
  const [editing, setEditing] = useState(false);
  const [asking, setAsking] = useState<keyof typeof ASK>();
  const done = {
    onSuccess: async () => {
      setAsking(undefined);
      await queries.invalidateQueries({ queryKey: api.leads.intakeSources.key() });
    },
    onError: (error: Error) => toast.problem(error),
  };
  const update = useMutation(api.leads.intakeSources.update.mutationOptions({ onSuccess: done.onSuccess }));
  const switchTo = (isOn: boolean) =>
    saveOnto({
      base: source,
      patch: { isActive: isOn },
      fields: { isActive: { label: "Takes leads in" } },
      read: () =>
        queries.fetchQuery({
          ...api.leads.intakeSources.get.queryOptions({ input: { sourceId } }),
          staleTime: 0,
        }),
      send: (some, expectedUpdatedAt) => update.mutateAsync({ ...some, sourceId, expectedUpdatedAt }),
    });
  const renew = useMutation(api.leads.intakeSources.renewToken.mutationOptions(done));
  const remove = useMutation(api.leads.intakeSources.delete.mutationOptions(done));
  const act = asking === "renew" ? renew : remove;
  return (
    <SidePanel
      title={name}
      onClose={onClose}
      actions={
        <Button size="sm" disabledReason={whyNot} onClick={() => setEditing(true)}>
          Change
        </Button>
      }
    >
      <div className="grid gap-6">
        <Switch
          label="Takes leads in"
          hint={isActive ? undefined : "Whoever sends to it is told that nothing is taken in here."}
          value={isActive}
          disabled={whyNot !== null || update.isPending}
          onChange={(isOn) => void switchTo(isOn).catch((error: unknown) => toast.problem(error))}
        />
        <div className="flex flex-wrap gap-x-4 gap-y-2 text-sm">
          <Link to="/leads/intake" search={{ tab: "submissions", source: sourceId }} className={fileLink}>
            What came by it
          </Link>
          {pageUrl ? (
            <a href={pageUrl} target="_blank" rel="noreferrer" className={fileLink}>
              Open the form
            </a>
          ) : null}
        </div>
        {pageUrl ? (
          <>
            <CodeBlock label="Address of the form" wrap>
              {pageUrl}
            </CodeBlock>
            <CodeBlock label="To put the form into a page" wrap>
              {frameOf(source)}
            </CodeBlock>
            <CodeBlock label="A form of your own" wrap>
              {ownForm(source)}
            </CodeBlock>
          </>
        ) : null}
        {submitUrl ? (
          <CodeBlock label={kind === "form" ? "From a program" : "Example"} wrap>
            {curlOf(submitUrl)}
          </CodeBlock>
        ) : (
          <p className="text-ink-muted">Its address is its key: who may change integrations sees it.</p>
        )}
        <div className="flex flex-wrap gap-2">
          <Button size="sm" disabledReason={whyNot} onClick={() => setAsking("renew")}>
            New address
          </Button>
          <Button size="sm" variant="ghost" disabledReason={whyNot} onClick={() => setAsking("delete")}>
            Delete
          </Button>
        </div>
      </div>
      <Suspense>{editing ? <SourceDialog source={source} onClose={() => setEditing(false)} /> : null}</Suspense>
      {asking ? (
        <ConfirmDialog
          open
          onOpenChange={(open) => (open ? undefined : setAsking(undefined))}
          {...ASK[asking]}
          loading={act.isPending}
          error={act.error ? problemOf(act.error).title : undefined}
          onConfirm={() => act.mutate({ sourceId })}
        />
      ) : null}
    </SidePanel>
  );
}

const quoted = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

const frameOf = ({ pageUrl, settings }: IntakeSourceView) =>
  `<iframe src="${pageUrl}" title="${quoted(settings.title)}" style="width:100%;height:${220 + settings.fields.length * 84}px;border:0"></iframe>`;

/** Works without a script; the trap is out of sight, and whoever fills it in is a machine. */
function ownForm({ submitUrl, settings }: IntakeSourceView): string {
  const inputs = settings.fields.map(({ field, label, isRequired }) => {
    const name = quoted(field === "question" ? label : field);
    const type = field === "email" ? "email" : field === "phone" ? "tel" : "text";
    return `  <label>${quoted(label)} <input name="${name}" type="${type}"${isRequired ? " required" : ""}></label>`;
  });
  const consent = settings.consentText
    ? [
        `  <label><input type="checkbox" name="${RESERVED.consent}" value="yes"> ${quoted(settings.consentText)}</label>`,
      ]
    : [];
  return [
    `<form method="post" action="${submitUrl ?? ""}">`,
    ...inputs,
    ...consent,
    `  <input name="${RESERVED.trap}" tabindex="-1" autocomplete="off" aria-hidden="true" style="position:absolute;left:-9999px">`,
    "  <button>Send</button>",
    "</form>",
  ].join("\n");
}

const curlOf = (submitUrl: string) =>
  `curl ${submitUrl} \\
  -H 'content-type: application/json' -H 'idempotency-key: order-1' \\
  -d '{"fullName": "Ana Banerjee", "email": "ana@example.com", "budget": "5,000"}'`;
