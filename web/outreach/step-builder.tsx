import { useFieldArray, useWatch } from "react-hook-form";
import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { clsx } from "clsx";
import { Fragment, useEffect, useState } from "react";
import { MOST_STEPS, type SequenceDetail, type StepView } from "#domains/outreach/contract/sequences.ts";
import { EXECUTION_STATUSES } from "#domains/outreach/states.ts";
import {
  newStep,
  stepsFormSchema,
  stepsToSave,
  typedSteps,
  waitInWords,
  type StepTyped,
} from "#web/outreach/step-form.ts";
import { StepSettings } from "#web/outreach/step-settings.tsx";
import { executionWords } from "#web/outreach/words.ts";
import { Badge } from "#web/ui/badge.tsx";
import { Button, IconButton } from "#web/ui/button.tsx";
import { ChannelIcon } from "#web/ui/channel-icon.tsx";
import { Form, useSchemaForm } from "#web/ui/form.tsx";
import { formatNumber } from "#web/ui/format.ts";

export type StepBuilderProps = {
  sequence: SequenceDetail;
  /** Sends all steps in their order; throws the API's refusal. */
  onSave: (steps: ReturnType<typeof stepsToSave>) => Promise<unknown>;
  /** Why the steps cannot be changed now. */
  whyNot: string | null;
  /** Told whenever something is unsaved, or no longer. */
  onDirty: (isDirty: boolean) => void;
};

/** The path as cards joined by waits, and beside it the settings of the chosen card. */
export function StepBuilder({ sequence, onSave, whyNot, onDirty }: StepBuilderProps) {
  const form = useSchemaForm(stepsFormSchema, typedSteps(sequence));
  const list = useFieldArray({ control: form.control, name: "steps", keyName: "key" });
  const steps = useWatch({ control: form.control, name: "steps" });
  const [wanted, setChosen] = useState(0);
  // Steps may have gone since one was chosen.
  const chosen = Math.max(0, Math.min(wanted, steps.length - 1));
  const { isDirty, isSubmitting } = form.formState;
  const { reset } = form;

  useEffect(() => {
    // What somebody else saved shows at once, but never over unsaved changes.
    if (!isDirty) reset(typedSteps(sequence));
  }, [sequence, isDirty, reset]);
  useEffect(() => onDirty(isDirty), [isDirty, onDirty]);

  const saved = new Map(sequence.steps.map((step) => [step.id, step]));
  const stepOf = (index: number) => saved.get(steps[index]?.id ?? "");
  const add = () => {
    list.append(newStep(list.fields.length), { shouldFocus: false });
    setChosen(list.fields.length);
  };
  const move = (from: number, to: number) => {
    list.move(from, to);
    setChosen(to);
  };
  const remove = (index: number) => {
    list.remove(index);
    setChosen((now) => Math.max(0, now >= index ? now - 1 : now));
  };
  const chosenStep = steps[chosen];
  const whyNotAdd = whyNot ?? (list.fields.length >= MOST_STEPS ? `At most ${MOST_STEPS} steps` : null);

  return (
    <Form
      form={form}
      onSubmit={(checked) => onSave(stepsToSave(checked))}
      className="min-h-0 grow grid-rows-[auto_minmax(0,1fr)] content-stretch"
    >
      <div className="scroll-quiet relative flex min-h-0 min-w-0 flex-col overflow-y-auto border-t lg:flex-row lg:overflow-hidden">
        <div className="min-w-0 grow px-4 py-4 sm:px-6 lg:relative lg:overflow-y-auto">
          <ol className="mx-auto grid max-w-lg gap-2" aria-label="Steps">
            {list.fields.map(({ key }, index) => {
              const step = steps[index];
              if (!step) return null;
              return (
                <Fragment key={key}>
                  <li className="grid gap-2">
                    <Wait step={step} isFirst={index === 0} />
                    <StepCard
                      step={step}
                      saved={stepOf(index)}
                      position={index}
                      isChosen={index === chosen}
                      onChoose={() => setChosen(index)}
                      whyNot={whyNot}
                      onUp={index > 0 ? () => move(index, index - 1) : undefined}
                      onDown={index < list.fields.length - 1 ? () => move(index, index + 1) : undefined}
                      onRemove={() => remove(index)}
                    />
                  </li>
                </Fragment>
              );
            })}
          </ol>
          <div className="mx-auto flex max-w-lg flex-wrap items-center justify-between gap-2 pt-4">
            <Button icon={Plus} disabledReason={whyNotAdd} onClick={add}>
              Add step
            </Button>
            {isDirty ? (
              <div className="flex flex-wrap items-center gap-2">
                <span role="status" className="text-sm text-warning-ink">
                  Unsaved changes
                </span>
                <Button onClick={() => reset(typedSteps(sequence))}>Discard</Button>
                <Button type="submit" variant="primary" loading={isSubmitting} disabledReason={whyNot}>
                  Save steps
                </Button>
              </div>
            ) : null}
          </div>
        </div>
        <section
          aria-label="Settings of the chosen step"
          className="shrink-0 px-4 py-4 max-lg:border-t sm:px-6 lg:relative lg:w-80 lg:overflow-y-auto lg:border-l"
        >
          {chosenStep ? (
            <>
              <h2 className="pb-4 text-base font-semibold">Step {chosen + 1}</h2>
              {whyNot ? <p className="pb-4 text-sm text-ink-muted">{whyNot}</p> : null}
              <fieldset disabled={whyNot !== null} className="min-w-0">
                <StepSettings
                  key={list.fields[chosen]?.key}
                  form={form}
                  index={chosen}
                  step={chosenStep}
                  isUsed={Object.keys(stepOf(chosen)?.executions ?? {}).length > 0}
                />
              </fieldset>
            </>
          ) : (
            <p className="text-sm text-ink-muted">Add a step to say what goes out, over which channel, and when.</p>
          )}
        </section>
      </div>
    </Form>
  );
}

function Wait({ step, isFirst }: { step: StepTyped; isFirst: boolean }) {
  return <p className="text-center text-sm text-ink-muted">{waitInWords(step, isFirst)}</p>;
}

type StepCardProps = {
  step: StepTyped;
  saved: StepView | undefined;
  position: number;
  isChosen: boolean;
  whyNot: string | null;
  onChoose: () => void;
  onUp: (() => void) | undefined;
  onDown: (() => void) | undefined;
  onRemove: () => void;
};

function StepCard({ step, saved, position, isChosen, whyNot, onChoose, onUp, onDown, onRemove }: StepCardProps) {
  const name = `step ${position + 1}`;
  return (
    <div
      className={clsx(
        "flex flex-wrap items-center gap-2 rounded-lg border bg-canvas p-2",
        isChosen && "border-accent bg-accent-soft",
      )}
    >
      <button
        type="button"
        aria-pressed={isChosen}
        onClick={onChoose}
        className="grid min-w-0 grow basis-40 gap-1 rounded-md px-2 py-1 text-left hover:bg-hover"
      >
        <span className="flex min-w-0 items-center gap-2 text-base font-medium">
          <ChannelIcon channel={step.channel} />
          <span className="truncate">
            {position + 1}. {step.scriptName ?? "No script yet"}
          </span>
          {step.isActive ? null : <Badge>Switched off</Badge>}
        </span>
        {step.notConverted ? <span className="text-xs text-ink-muted">Only while not converted</span> : null}
        <Counts executions={saved?.executions} />
      </button>
      <span className="flex">
        <IconButton
          icon={ArrowUp}
          label={`Move ${name} up`}
          size="sm"
          disabledReason={whyNot ?? (onUp ? null : "It is the first step")}
          onClick={onUp}
        />
        <IconButton
          icon={ArrowDown}
          label={`Move ${name} down`}
          size="sm"
          disabledReason={whyNot ?? (onDown ? null : "It is the last step")}
          onClick={onDown}
        />
        <IconButton icon={Trash2} label={`Remove ${name}`} size="sm" disabledReason={whyNot} onClick={onRemove} />
      </span>
    </div>
  );
}

/** What became of everybody who came to the step; nothing before it runs. */
function Counts({ executions = {} }: { executions?: StepView["executions"] }) {
  const words = EXECUTION_STATUSES.flatMap((status) => {
    const count = executions[status];
    return count ? [`${formatNumber(count)} ${executionWords[status]}`] : [];
  });
  return words.length > 0 ? <span className="text-xs text-ink-muted tabular-nums">{words.join(" · ")}</span> : null;
}
