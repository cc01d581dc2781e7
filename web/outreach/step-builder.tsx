import { useFieldArray, useWatch } from "react-hook-form";
import { clsx } from "clsx";
import { Plus } from "lucide-react";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { MOST_STEPS, type SequenceDetail } from "#domains/outreach/contract/sequences.ts";
import type { StepStatsView } from "#domains/outreach/contract/stats.ts";
import { StepCard } from "#web/outreach/step-card.tsx";
import { newStep, stepsFormSchema, stepsToSave, typedSteps, waitInWords } from "#web/outreach/step-form.ts";
import { StepSettings } from "#web/outreach/step-settings.tsx";
import { useRecordForm } from "#web/shell/record-form.ts";
import { Button } from "#web/ui/button.tsx";
import { Form, useSchemaForm } from "#web/ui/form.tsx";
import { useStepDrag } from "#web/outreach/use-step-drag.ts";

export type StepBuilderProps = {
  sequence: SequenceDetail;
  /** Sends all steps in their order, made from the draft of `base`; throws the API's refusal. */
  onSave: (
    steps: ReturnType<typeof stepsToSave>,
    base: SequenceDetail,
    scriptNames: ReadonlyMap<string, string>,
  ) => Promise<unknown>;
  /** Why the steps cannot be changed now. */
  whyNot: string | null;
  /** Told whenever something is unsaved, or no longer. */
  onDirty: (isDirty: boolean) => void;
  /** What became of everybody who came to each step; undefined while it is not known. */
  stats: readonly StepStatsView[] | undefined;
  /** Stands above the path. */
  head?: ReactNode;
};

const namesIn = (steps: readonly { scriptId: string | null; scriptName: string | null }[]) =>
  new Map(
    steps.flatMap(({ scriptId, scriptName }) => (scriptId && scriptName ? [[scriptId, scriptName] as const] : [])),
  );

/** The path as cards joined by waits, and beside it the settings of the chosen card. */
export function StepBuilder({ sequence, onSave, whyNot, onDirty, stats, head }: StepBuilderProps) {
  const form = useSchemaForm(stepsFormSchema, typedSteps(sequence));
  const list = useFieldArray({ control: form.control, name: "steps", keyName: "key" });
  const steps = useWatch({ control: form.control, name: "steps" });
  const [wanted, setChosen] = useState(0);
  // Steps may have gone since one was chosen.
  const chosen = Math.max(0, Math.min(wanted, steps.length - 1));
  const { isDirty, isSubmitting } = form.formState;
  const { reset } = form;

  const base = useRecordForm(form, sequence, typedSteps);
  useEffect(() => onDirty(isDirty), [isDirty, onDirty]);

  const saved = new Map(sequence.steps.map((step) => [step.id, step]));
  const stepOf = (index: number) => saved.get(steps[index]?.id ?? "");
  const add = () => {
    list.append(newStep(list.fields.length), { shouldFocus: false });
    setChosen(list.fields.length);
  };
  const [moved, setMoved] = useState("");
  const path = useRef<HTMLOListElement>(null);
  const held = useRef<Element>(null);
  const move = (from: number, to: number) => {
    if (from === to) return;
    held.current = document.activeElement;
    list.move(from, to);
    setChosen(to);
    setMoved(`Step ${from + 1} is now step ${to + 1} of ${list.fields.length}`);
  };
  const keys = list.fields.map(({ key }) => key);
  const dragging = useStepDrag(path, keys, whyNot === null, move);
  useEffect(() => {
    // A card that was put elsewhere in the page loses the focus on the way.
    const { current } = held;
    held.current = null;
    if (current instanceof HTMLElement && path.current?.contains(current)) current.focus();
  });
  const remove = (index: number) => {
    list.remove(index);
    setChosen((now) => Math.max(0, now >= index ? now - 1 : now));
  };
  const chosenStep = steps[chosen];
  const whyNotAdd = whyNot ?? (list.fields.length >= MOST_STEPS ? `At most ${MOST_STEPS} steps` : null);

  return (
    <Form
      form={form}
      onSubmit={(checked) => onSave(stepsToSave(checked), base, namesIn(checked.steps))}
      // The refusal above, where there is one; the path and the settings take the rest of the height.
      className="min-h-0 min-w-0 grow grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)] content-stretch gap-y-0!"
    >
      <div className="scroll-quiet relative row-start-2 flex min-h-0 min-w-0 flex-col overflow-y-auto lg:flex-row lg:overflow-hidden">
        <div className="min-w-0 grow px-4 py-4 sm:px-6 lg:relative lg:overflow-y-auto">
          {head ? <div className="mx-auto max-w-lg pb-6">{head}</div> : null}
          <ol ref={path} className="mx-auto grid max-w-lg gap-2" aria-label="Steps">
            {list.fields.map(({ key }, index) => {
              const step = steps[index];
              if (!step) return null;
              const edge = dragging?.over?.index === index && dragging.dragged !== index && dragging.over.edge;
              return (
                <li key={key} className="relative grid gap-2">
                  {edge ? (
                    <span
                      aria-hidden
                      className={clsx(
                        "pointer-events-none absolute inset-x-0 h-0.5 rounded-full bg-accent",
                        edge === "top" ? "-top-1" : "-bottom-1",
                      )}
                    />
                  ) : null}
                  <p className="text-center text-sm text-ink-muted">{waitInWords(step, index === 0)}</p>
                  <StepCard
                    step={step}
                    refs={steps.map(({ ref }) => ref)}
                    stats={stats?.find(({ stepId }) => stepId === step.id)}
                    position={index}
                    isChosen={index === chosen}
                    isDragged={index === dragging?.dragged}
                    onChoose={() => setChosen(index)}
                    whyNot={whyNot}
                    onUp={index > 0 ? () => move(index, index - 1) : undefined}
                    onDown={index < list.fields.length - 1 ? () => move(index, index + 1) : undefined}
                    onRemove={() => remove(index)}
                  />
                </li>
              );
            })}
          </ol>
          <p role="status" className="sr-only">
            {moved}
          </p>
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
                  {sequence.version === null ? "Save steps" : "Save draft"}
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
                  earlier={steps.slice(0, chosen).map(({ ref, scriptName }, place) => ({
                    ref,
                    label: `${place + 1}. ${scriptName ?? "No script yet"}`,
                  }))}
                  isUsed={stepOf(chosen)?.isPublished === true}
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
