import { ListFilter, Pause, Play, UserPlus } from "lucide-react";
import type { SequenceDetail } from "#domains/outreach/contract/sequences.ts";
import { leadNoun } from "#web/leads/words.ts";
import type { SequenceActs } from "#web/outreach/sequence-query.ts";
import { underWay } from "#web/outreach/words.ts";
import { problemOf } from "#web/problem.ts";
import { Button } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";
import { DropdownMenu } from "#web/ui/dropdown-menu.tsx";
import { countOf } from "#web/ui/format.ts";

/** The ways to take leads in: by name, or all of a filter. */
export function EnrollMenu({
  whyNot,
  onChoose,
}: {
  whyNot: string | null;
  onChoose: (way: "enroll" | "bulk") => void;
}) {
  const button = (
    <Button variant="primary" icon={UserPlus} disabledReason={whyNot}>
      Enrol leads
    </Button>
  );
  if (whyNot) return button;
  return (
    <DropdownMenu
      trigger={button}
      sections={[
        {
          items: [
            { label: "Choose leads by name", icon: UserPlus, onSelect: () => onChoose("enroll") },
            { label: "All leads of a filter", icon: ListFilter, onSelect: () => onChoose("bulk") },
          ],
        },
      ]}
    />
  );
}

export type StartOrPauseProps = {
  sequence: SequenceDetail;
  acts: SequenceActs;
  whyNot: string | null;
  /** What keeps it from being started, besides. */
  whyNotStart: string | null;
};

/** What one does next with a sequence in its state; nothing with one that is archived. */
export function StartOrPause({ sequence, acts, whyNot, whyNotStart }: StartOrPauseProps) {
  const { id: sequenceId, status, updatedAt: expectedUpdatedAt } = sequence;
  const { activate, pause, resume } = acts;
  if (status === "ARCHIVED") return null;
  if (status === "ACTIVE") {
    return (
      <Button
        icon={Pause}
        disabledReason={whyNot}
        loading={pause.isPending}
        onClick={() => pause.mutate({ sequenceId })}
      >
        Pause sequence
      </Button>
    );
  }
  const isFirst = status === "DRAFT";
  return (
    <Button
      variant="primary"
      icon={Play}
      disabledReason={whyNot ?? whyNotStart}
      loading={(isFirst ? activate : resume).isPending}
      // What is started for the first time is what is shown, or nothing.
      onClick={() => (isFirst ? activate.mutate({ sequenceId, expectedUpdatedAt }) : resume.mutate({ sequenceId }))}
    >
      {isFirst ? "Start sequence" : "Resume sequence"}
    </Button>
  );
}

export type EndSequenceDialogsProps = {
  sequence: SequenceDetail;
  acts: SequenceActs;
  open: "archive" | "delete" | undefined;
  onClose: () => void;
};

/** Asks before a sequence ends for everybody, or is gone. */
export function EndSequenceDialogs({ sequence, acts, open, onClose }: EndSequenceDialogsProps) {
  const { id: sequenceId, name, enrolled, steps } = sequence;
  const { archive, remove } = acts;
  return (
    <>
      <ConfirmDialog
        open={open === "archive"}
        onOpenChange={onClose}
        title={`Archive “${name}”?`}
        consequences={`It ends for ${countOf(underWay(enrolled), leadNoun)} under way: nothing more goes out to them. It cannot be started again.`}
        action="Archive sequence"
        loading={archive.isPending}
        error={archive.error ? problemOf(archive.error).title : undefined}
        onConfirm={() => archive.mutate({ sequenceId })}
      />
      <ConfirmDialog
        open={open === "delete"}
        onOpenChange={onClose}
        title={`Delete “${name}”?`}
        consequences={`Its ${countOf(steps.length, { one: "step", other: "steps" })} are gone for good; the scripts stay. Nobody was ever in it.`}
        action="Delete sequence"
        loading={remove.isPending}
        error={remove.error ? problemOf(remove.error).title : undefined}
        onConfirm={() => remove.mutate({ sequenceId })}
      />
    </>
  );
}
