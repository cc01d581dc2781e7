import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { SequenceDetail } from "#domains/outreach/contract/sequences.ts";
import type { PublishPreviewView } from "#domains/outreach/contract/versions.ts";
import { leadNoun } from "#web/leads/words.ts";
import { publishPreviewQuery, useVersionActs } from "#web/outreach/version-query.ts";
import { CrossOverSample } from "#web/outreach/cross-over-sample.tsx";
import { ChangeList } from "#web/outreach/change-list.tsx";
import { movingOf, outcomesOf } from "#web/outreach/version-words.ts";
import { problemOf } from "#web/problem.ts";
import { Banner } from "#web/ui/banner.tsx";
import { Button } from "#web/ui/button.tsx";
import { RadioGroup } from "#web/ui/choices.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Field } from "#web/ui/field.tsx";
import { countOf, formatNumber } from "#web/ui/format.ts";
import { Input } from "#web/ui/input.tsx";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";
import { toast } from "#web/ui/toast.tsx";

type Choice = "leave" | "move";

/** What publishing would do and to whom, the one choice that there is, and then exactly that. */
export function PublishDialog({ sequence, onClose }: { sequence: SequenceDetail; onClose: () => void }) {
  const { id: sequenceId, name } = sequence;
  const preview = useQuery(publishPreviewQuery(sequenceId));
  const [choice, setChoice] = useState<Choice>("leave");
  const [note, setNote] = useState("");
  const { publish } = useVersionActs(onClose);
  const { data } = preview;
  const problem = publish.error && problemOf(publish.error);
  const isOutdated = problem?.code === "publish-preview-outdated";
  const whyNot = data ? (data.faults[0]?.detail ?? (preview.isFetching ? "Looking again…" : null)) : "Looking…";

  const send = () => {
    if (!data) return;
    publish.mutate(
      { sequenceId, seen: data.seen, move: choice === "move", note: note.trim() || null },
      {
        onSuccess: ({ version, moved }) =>
          toast.done(
            `Version ${version.number} is published`,
            moved > 0
              ? `${countOf(moved, leadNoun)} went over to it.`
              : "Whoever comes in from now on goes through it.",
          ),
        // What is shown is true again; nothing was published.
        onError: () => void preview.refetch(),
      },
    );
  };

  return (
    <Dialog
      open
      width="xl"
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={data ? `Publish version ${data.number} of “${name}”` : `Publish “${name}”`}
      description="Whoever comes in from now on goes through it."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" loading={publish.isPending} disabledReason={whyNot} onClick={send}>
            {data ? `Publish version ${data.number}` : "Publish"}
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 pt-1">
        {isOutdated ? (
          <Banner tone="warning">
            {problem.detail} Nothing was published. This is how it is now; while the sequence is paused nobody moves on.
          </Banner>
        ) : problem ? (
          <InlineError problem={problem} />
        ) : null}
        {preview.error ? (
          <InlineError problem={problemOf(preview.error)} onRetry={() => void preview.refetch()} />
        ) : data ? (
          <>
            <Before preview={data} />
            <Inside preview={data} choice={choice} onChoose={setChoice} />
            <Field label="Note" optional hint="Stands beside the version: why it was changed.">
              {(control) => <Input {...control} value={note} onChange={setNote} autoComplete="off" maxLength={500} />}
            </Field>
          </>
        ) : (
          <SkeletonText lines={6} />
        )}
      </div>
    </Dialog>
  );
}

function Before({ preview: { changes, faults } }: { preview: PublishPreviewView }) {
  return (
    <>
      {faults.length > 0 ? (
        <Banner tone="danger">
          <p className="font-medium">It cannot be published yet</p>
          <ul>
            {faults.map(({ code, detail }) => (
              <li key={`${code} ${detail}`}>{detail}</li>
            ))}
          </ul>
        </Banner>
      ) : null}
      <section aria-label="What changes" className="grid gap-2">
        <h3 className="text-sm font-medium">What changes</h3>
        <ChangeList changes={changes} />
      </section>
    </>
  );
}

type InsideProps = { preview: PublishPreviewView; choice: Choice; onChoose: (choice: Choice) => void };

function Inside({ preview: { crossOver, number }, choice, onChoose }: InsideProps) {
  const { inside, counts, sample } = crossOver;
  const moving = movingOf(crossOver);
  if (inside === 0) return <p className="text-sm text-ink-muted">Nobody is under way in it.</p>;
  return (
    <section aria-label="Who is inside" className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <RadioGroup
        label={`${countOf(inside, leadNoun)} ${inside === 1 ? "is" : "are"} under way`}
        value={choice}
        onChange={onChoose}
        options={[
          { value: "leave", label: "They finish the version they are in", hint: "Nothing changes for them." },
          {
            value: "move",
            label: `Move those who have not reached the first change: ${formatNumber(moving)} of ${formatNumber(inside)}`,
            hint: `What they have had stays; what comes next goes by version ${number}.`,
            disabled: moving === 0,
          },
        ]}
      />
      {choice === "move" ? (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-3 rounded-lg border bg-sunken p-3">
          <ul className="grid gap-1 text-sm">
            {outcomesOf(counts).map(({ turn, words }) => (
              <li key={turn} className="first-letter:uppercase">
                {words}
              </li>
            ))}
          </ul>
          <CrossOverSample sample={sample} />
        </div>
      ) : null}
    </section>
  );
}
