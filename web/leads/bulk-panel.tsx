import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Download, ListChecks } from "lucide-react";
import type { BulkActionView } from "#domains/leads/contract.ts";
import { api } from "#web/api.ts";
import { ALL_BULK_ACTIONS, bulkActionLook, bulkTitle, isUnderWay } from "#web/leads/bulk-words.ts";
import { problemOf } from "#web/problem.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { formatNumber } from "#web/ui/format.ts";
import { Progress } from "#web/ui/progress.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { EmptyState, InlineError } from "#web/ui/states.tsx";
import { toast } from "#web/ui/toast.tsx";

const MOST_SHOWN = 20;

/** The latest bulk actions; events of the stream make it ask again. */
const latestQuery = api.leads.bulkActions.list.queryOptions({ input: { limit: MOST_SHOWN } });

const countsOf = ({ changed, unchanged, refused }: BulkActionView) =>
  `${formatNumber(changed)} changed, ${formatNumber(unchanged)} stayed as they were, ${formatNumber(refused)} left out`;

export type BulkPanelProps = {
  /** The action whose report is open, or the list of all. */
  open: string | undefined;
  onOpen: (open: string | undefined) => void;
};

/** What is under way, above the list, with the way to stop it and to see the report. */
export function BulkPanel({ open, onOpen }: BulkPanelProps) {
  const actions = useQuery(latestQuery).data?.data ?? [];
  const running = actions.find(isUnderWay);
  return (
    <>
      {running ? (
        <div className="mx-4 mb-3 grid gap-2 rounded-lg border p-3 sm:mx-6">
          <BulkProgress action={running} />
          <div className="flex justify-end gap-2">
            <Button size="sm" variant="ghost" onClick={() => onOpen(running.id)}>
              Details
            </Button>
            <Stop id={running.id} />
          </div>
        </div>
      ) : null}
      {open === ALL_BULK_ACTIONS ? (
        <AllActions actions={actions} onOpen={onOpen} />
      ) : open ? (
        <Report key={open} id={open} onOpen={onOpen} />
      ) : null}
    </>
  );
}

function BulkProgress({ action }: { action: BulkActionView }) {
  const done = action.changed + action.unchanged + action.refused;
  return (
    <Progress
      label={bulkTitle(action)}
      value={action.status === "QUEUED" ? null : done}
      // Leads that match only since it was asked are taken too.
      total={Math.max(action.total, done)}
      detail={countsOf(action)}
    />
  );
}

function Stop({ id }: { id: string }) {
  const queries = useQueryClient();
  const whyNot = useWhyNot("leads:write");
  const cancel = useMutation({
    ...api.leads.bulkActions.cancel.mutationOptions(),
    onSettled: () => queries.invalidateQueries({ queryKey: api.leads.bulkActions.key() }),
    onError: (error) => toast.problem(error),
  });
  return (
    <Button
      size="sm"
      disabledReason={whyNot}
      loading={cancel.isPending}
      onClick={() => cancel.mutate({ bulkActionId: id })}
    >
      Stop
    </Button>
  );
}

/** What can be asked for of an action that is over. */
function ActOn({ action, onOpen }: { action: BulkActionView; onOpen: BulkPanelProps["onOpen"] }) {
  if (action.undoOf === null) return <Undo action={action} label="Undo" onOpen={onOpen} />;
  return action.status === "CANCELLED" ? <UndoRest id={action.undoOf} onOpen={onOpen} /> : null;
}

/** What an undo that was stopped has left of an action is put back by another. */
function UndoRest({ id, onOpen }: { id: string; onOpen: BulkPanelProps["onOpen"] }) {
  const { data } = useQuery(api.leads.bulkActions.get.queryOptions({ input: { bulkActionId: id } }));
  return data ? <Undo action={data} label="Put back the rest" onOpen={onOpen} /> : null;
}

type UndoProps = { action: BulkActionView; label: string; onOpen: BulkPanelProps["onOpen"] };

function Undo({ action, label, onOpen }: UndoProps) {
  const queries = useQueryClient();
  const whyNot = useWhyNot("leads:write");
  const undo = useMutation({
    ...api.leads.bulkActions.undo.mutationOptions(),
    onSuccess: ({ id }) => onOpen(id),
    onSettled: () => queries.invalidateQueries({ queryKey: api.leads.bulkActions.key() }),
    onError: (error) => toast.problem(error),
  });
  return (
    <Button
      disabledReason={whyNot ?? action.whyNotUndo}
      loading={undo.isPending}
      onClick={() => undo.mutate({ bulkActionId: action.id })}
    >
      {label}
    </Button>
  );
}

function AllActions({ actions, onOpen }: { actions: readonly BulkActionView[]; onOpen: BulkPanelProps["onOpen"] }) {
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onOpen(undefined))}
      width="xl"
      title="Bulk actions"
      description="The latest changes to many leads at once, newest first."
    >
      {actions.length === 0 ? (
        <EmptyState icon={ListChecks} title="None yet">
          Choose leads in the list, or all that match, and change them together.
        </EmptyState>
      ) : (
        <ul className="grid rounded-lg border">
          {actions.map((action) => (
            <li
              key={action.id}
              className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2 text-sm not-first:border-t"
            >
              <div className="grid min-w-0 grow">
                <span className="truncate font-medium">{bulkTitle(action)}</span>
                <span className="text-ink-muted">
                  {countsOf(action)} · <RelativeTime at={action.createdAt} />
                </span>
              </div>
              <StatusPill tone={bulkActionLook[action.status].tone}>{bulkActionLook[action.status].label}</StatusPill>
              <Button size="sm" variant="ghost" onClick={() => onOpen(action.id)}>
                Report
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}

function Report({ id, onOpen }: { id: string; onOpen: BulkPanelProps["onOpen"] }) {
  const { data, error, refetch } = useQuery(api.leads.bulkActions.get.queryOptions({ input: { bulkActionId: id } }));
  const close = () => onOpen(undefined);
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : close())}
      width="xl"
      title={data ? bulkTitle(data) : "Bulk action"}
      description={data && isUnderWay(data) ? "You can close this; it goes on, and waits here for you." : undefined}
      actions={
        <>
          {data && isUnderWay(data) ? <Stop id={id} /> : null}
          {data && !isUnderWay(data) ? <ActOn action={data} onOpen={onOpen} /> : null}
          <Button variant="primary" onClick={close}>
            Close
          </Button>
        </>
      }
    >
      {data ? (
        <div className="grid gap-4">
          {isUnderWay(data) ? (
            <BulkProgress action={data} />
          ) : (
            <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
              <StatusPill tone={bulkActionLook[data.status].tone}>{bulkActionLook[data.status].label}</StatusPill>
              <span className="text-ink-muted">
                {`${countsOf(data)} · `}
                <RelativeTime at={data.finishedAt ?? data.createdAt} />
              </span>
            </p>
          )}
          {data.failure ? <p className="text-sm text-danger-ink">{data.failure}</p> : null}
          {data.status === "CANCELLED" ? (
            <p className="text-sm">
              {data.undoOf === null
                ? "What was changed before stays changed."
                : "What was put back before stays so; the others are still as they were changed."}
            </p>
          ) : null}
          {data.undoneAt ? <p className="text-sm">It was undone.</p> : null}
          {data.refusals.length > 0 ? (
            <section className="grid gap-2">
              <div className="flex items-center justify-between gap-2">
                <h3 className="text-sm font-medium">Left out</h3>
                <Button
                  size="sm"
                  icon={Download}
                  onClick={() => location.assign(`/api/v1/bulk-actions/${id}/refused.csv`)}
                >
                  Download as CSV
                </Button>
              </div>
              <ul className="grid rounded-lg border">
                {data.refusals.map(({ reason, count }) => (
                  <li key={reason} className="flex gap-2 px-3 py-2 text-sm not-first:border-t">
                    <span className="shrink-0 font-medium tabular-nums">{formatNumber(count)}</span>
                    <span className="min-w-0">{reason}</span>
                  </li>
                ))}
              </ul>
            </section>
          ) : null}
        </div>
      ) : error ? (
        <InlineError problem={problemOf(error)} onRetry={() => void refetch()} />
      ) : (
        <SkeletonText lines={4} />
      )}
    </Dialog>
  );
}
