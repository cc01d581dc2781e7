import { useMutation, useQueryClient, useSuspenseQuery, type QueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Copy, History, Send, Star, Trash2, UserSearch } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { ScriptDetail, ScriptDraft } from "#domains/outreach/contract/scripts.ts";
import { api } from "#web/api.ts";
import { EditorPending } from "#web/outreach/script-editor-frame.tsx";
import { ScriptPreviewPane } from "#web/outreach/script-preview.tsx";
import { sequenceLook } from "#web/outreach/words.ts";
import { problemOf } from "#web/problem.ts";
import { Page } from "#web/shell/page.tsx";
import { saveOnto } from "#web/shell/save-onto.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Badge } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { channelLook } from "#web/ui/channel-icon.tsx";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";
import { late } from "#web/ui/late.tsx";
import { toast } from "#web/ui/toast.tsx";

const loadTextEditor = () => import("#web/outreach/script-text-editor.tsx");
const TextEditor = lazy(() => loadTextEditor().then((module) => ({ default: module.TextEditor })));
const CallEditor = lazy(() =>
  import("#web/outreach/script-call-editor.tsx").then((module) => ({ default: module.CallEditor })),
);
const CheckLeadsDialog = late(() =>
  import("#web/outreach/check-leads-dialog.tsx").then((module) => module.CheckLeadsDialog),
);
const ScriptVersionsDialog = late(() =>
  import("#web/outreach/script-versions-dialog.tsx").then((module) => module.ScriptVersionsDialog),
);
const ScriptTestDialog = late(() =>
  import("#web/outreach/script-test-dialog.tsx").then((module) => module.ScriptTestDialog),
);

// Queries

const scriptQuery = (scriptId: string) => api.outreach.scripts.get.queryOptions({ input: { scriptId } });

const SCRIPT_FIELDS = {
  name: { label: "Name" },
  subject: { label: "Subject" },
  preheader: { label: "Preheader" },
  format: { label: "Written as" },
  content: { label: "Text" },
  vapiConfig: { label: "Call" },
};
/** Words that were written as Markdown are none as HTML. */
const WORDS = ["format", "content"] as const;

// Loader

export function load(queries: QueryClient, scriptId: string) {
  // On its way with the data; most of it serves calls too.
  void loadTextEditor();
  return queries.ensureQueryData(scriptQuery(scriptId));
}

// Page

const route = getRouteApi("/frame/scripts/$scriptId");

const complain = (error: unknown) => toast.problem(error);

export function ScriptPage() {
  const { scriptId } = route.useParams();
  const { lead } = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const { data: script } = useSuspenseQuery(scriptQuery(scriptId));
  const whyNot = useWhyNot("outreach:write");
  const whyNotTest = useWhyNot("messages:send");
  const [isTesting, setIsTesting] = useState(false);
  const whyNotCheck = useWhyNot("leads:read");
  const [isChecking, setIsChecking] = useState(false);
  const [isDeleting, setIsDeleting] = useState(false);
  const [showsVersions, setShowsVersions] = useState(false);

  const refresh = () => queries.invalidateQueries({ queryKey: api.outreach.key() });
  const save = useMutation({
    ...api.outreach.scripts.update.mutationOptions(),
    onSuccess: (saved) => {
      // The form goes back to what the cache holds as soon as nothing is unsaved.
      queries.setQueryData(scriptQuery(scriptId).queryKey, saved);
      return refresh();
    },
  });
  const setDefault = useMutation({
    ...api.outreach.scripts.setDefault.mutationOptions(),
    onSuccess: refresh,
    onError: complain,
  });
  const duplicate = useMutation({
    ...api.outreach.scripts.duplicate.mutationOptions(),
    onSuccess: ({ id }) => {
      void refresh();
      void navigate({ to: "/scripts/$scriptId", params: { scriptId: id } });
    },
    onError: complain,
  });
  const remove = useMutation({
    ...api.outreach.scripts.delete.mutationOptions(),
    onSuccess: async () => {
      await navigate({ to: "/scripts" });
      queries.removeQueries({ queryKey: scriptQuery(scriptId).queryKey });
      await refresh();
    },
  });

  const Editor = script.type === "CALL" ? CallEditor : TextEditor;
  const preview = (draft: ScriptDraft) => (
    <ScriptPreviewPane
      draft={draft}
      savedFaults={script.faults}
      leadId={lead}
      onLead={(leadId) => void navigate({ search: { lead: leadId }, replace: true })}
    />
  );
  return (
    <Page
      title={script.name}
      context={
        <>
          {channelLook[script.type].name} · <UsedBy sequences={script.usedBy} />
        </>
      }
      status={script.isDefault ? <Badge tone="accent">Default</Badge> : undefined}
      back={{ to: "/scripts", label: "Scripts" }}
      fill
      action={
        <Button
          icon={Send}
          disabledReason={whyNotTest ?? script.faults[0]?.detail ?? null}
          onClick={() => setIsTesting(true)}
        >
          {script.type === "CALL" ? "Test call" : "Send test"}
        </Button>
      }
      menu={[
        {
          items: [
            {
              label: "Check leads",
              icon: UserSearch,
              disabledReason: whyNotCheck,
              onSelect: () => setIsChecking(true),
            },
            { label: "Versions", icon: History, onSelect: () => setShowsVersions(true) },
            {
              label: "Make default of its channel",
              icon: Star,
              disabledReason: whyNot ?? (script.isDefault ? "It is the default already" : null),
              onSelect: () => setDefault.mutate({ scriptId }),
            },
            {
              label: "Duplicate",
              icon: Copy,
              disabledReason: whyNot,
              onSelect: () => duplicate.mutate({ scriptId }),
            },
          ],
        },
        {
          items: [
            {
              label: "Delete script",
              icon: Trash2,
              danger: true,
              disabledReason: whyNot,
              onSelect: () => setIsDeleting(true),
            },
          ],
        },
      ]}
    >
      <Suspense fallback={<EditorPending />}>
        <Editor
          key={scriptId}
          script={script}
          whyNot={whyNot}
          leadId={lead}
          onSave={(patch, base) =>
            saveOnto({
              base,
              patch,
              fields: SCRIPT_FIELDS,
              together: WORDS,
              read: () => queries.fetchQuery({ ...scriptQuery(scriptId), staleTime: 0 }),
              send: (some, expectedUpdatedAt) => save.mutateAsync({ ...some, scriptId, expectedUpdatedAt }),
            })
          }
          preview={preview}
        />
      </Suspense>
      <Suspense>
        {isTesting ? (
          <ScriptTestDialog
            scriptId={scriptId}
            channel={script.type}
            leadId={lead}
            onClose={() => setIsTesting(false)}
          />
        ) : null}
        {showsVersions ? (
          <ScriptVersionsDialog
            scriptId={scriptId}
            currentId={script.versionId}
            updatedAt={script.updatedAt}
            name={script.name}
            onClose={() => setShowsVersions(false)}
          />
        ) : null}
        {isChecking ? (
          <CheckLeadsDialog of={{ scriptId }} name={script.name} onClose={() => setIsChecking(false)} />
        ) : null}
      </Suspense>
      <ConfirmDialog
        open={isDeleting}
        onOpenChange={setIsDeleting}
        title={`Delete “${script.name}”?`}
        consequences="The text is gone for good. What was sent with it stays in the timelines of its leads."
        action="Delete script"
        loading={remove.isPending}
        error={remove.error ? (problemOf(remove.error).detail ?? problemOf(remove.error).title) : undefined}
        onConfirm={() => remove.mutate({ scriptId })}
      />
    </Page>
  );
}

/** Sequences that are named; of more only their number is told. */
const NAMED_USES = 3;

function UsedBy({ sequences }: { sequences: ScriptDetail["usedBy"] }) {
  if (sequences.length === 0) return "Used by no sequence yet";
  const more = sequences.length - NAMED_USES;
  return (
    <>
      {"Used by "}
      {sequences.slice(0, NAMED_USES).map(({ id, name, status }, index) => (
        <span key={id}>
          {index > 0 ? ", " : null}
          <Link
            to="/sequences/$sequenceId"
            params={{ sequenceId: id }}
            className="rounded-md text-ink underline underline-offset-4"
          >
            {name}
          </Link>
          {status === "ACTIVE" ? null : ` (${sequenceLook[status].label.toLowerCase()})`}
        </span>
      ))}
      {more > 0 ? ` and ${more} more` : null}
    </>
  );
}
