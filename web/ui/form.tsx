import "#platform/fault-words.ts";
import { clsx } from "clsx";
import { zodResolver } from "@hookform/resolvers/zod";
import { useBlocker } from "@tanstack/react-router";
import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from "react";
import {
  Controller,
  useForm,
  type DefaultValues,
  type FieldPath,
  type FieldPathValue,
  type FieldValues,
  type UseFormReturn,
} from "react-hook-form";
import type { z } from "zod";
import { problemOf, sortFaults, type Problem } from "#web/problem.ts";
import { Banner } from "#web/ui/banner.tsx";
import { Button } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";
import { Field, type FieldControl, type FieldProps } from "#web/ui/field.tsx";

/** A form over the same zod schema that the server checks. `Input` is what the screen holds, `Output` what is sent. */
export function useSchemaForm<Input extends FieldValues, Output extends FieldValues>(
  schema: z.ZodType<Output, Input>,
  defaultValues: DefaultValues<Input>,
): UseFormReturn<Input, unknown, Output> {
  return useForm<Input, unknown, Output>({ resolver: zodResolver(schema), defaultValues, mode: "onTouched" });
}

// The fields on the screen in their order, each with the way to show a fault: what is not shown cannot take one.
type ShowFault = (message: string, focus: boolean) => void;
const ShownFields = createContext<Map<string, ShowFault>>(new Map());

export type FormProps<Input extends FieldValues, Output extends FieldValues> = {
  form: UseFormReturn<Input, unknown, Output>;
  /** Sends the values; throws the API's error. Its faults land on their fields, the rest above the form. */
  onSubmit: (values: Output) => Promise<unknown>;
  /** Warn before the page is left with unsaved words. On by default; off inside dialogs. */
  guard?: boolean;
  /** For buttons that stand outside of it, as at the foot of a dialog. */
  id?: string;
  className?: string;
  children: ReactNode;
};

/** A form that keeps what was typed, puts each fault on its field and warns before losing work. */
export function Form<Input extends FieldValues, Output extends FieldValues>(props: FormProps<Input, Output>) {
  const { form, onSubmit, guard = true, id, className, children } = props;
  const [problem, setProblem] = useState<{ title: string; lines: readonly string[] }>();
  const [shown] = useState(() => new Map<string, ShowFault>());

  // Enter pressed twice comes before anything is drawn that could refuse it.
  const isSending = useRef(false);

  const sendOnce = async (values: Output) => {
    if (isSending.current) return;
    isSending.current = true;
    setProblem(undefined);
    try {
      await onSubmit(values);
      form.reset(form.getValues());
    } catch (error) {
      setProblem(placeFaults(shown, problemOf(error)));
    } finally {
      isSending.current = false;
    }
  };

  return (
    <form
      id={id}
      noValidate
      onSubmit={(event) => void form.handleSubmit(sendOnce)(event)}
      className={clsx("grid content-start gap-4", className)}
    >
      {problem ? (
        <div ref={showInView}>
          <Banner tone="danger">
            <p className="font-medium">{problem.title}</p>
            {problem.lines.map((line) => (
              <p key={line}>{line}</p>
            ))}
          </Banner>
        </div>
      ) : null}
      <ShownFields value={shown}>{children}</ShownFields>
      {guard ? <LeaveGuard dirty={form.formState.isDirty && !form.formState.isSubmitting} /> : null}
    </form>
  );
}

/** A long form is sent from its foot, where its head is out of sight. */
const showInView = (element: HTMLElement | null): void => element?.scrollIntoView({ block: "nearest" });

/** Puts each fault on its field and gives back what belongs to none; undefined when all found a place. */
function placeFaults(
  shown: ReadonlyMap<string, ShowFault>,
  problem: Problem,
): { title: string; lines: readonly string[] } | undefined {
  const { byField, rest } = sortFaults(problem, [...shown.keys()]);
  let first = true;
  for (const [name, show] of shown) {
    const message = byField.get(name);
    if (message === undefined) continue;
    show(message, first);
    first = false;
  }
  if (byField.size > 0 && rest.length === 0) return undefined;
  const lines = [problem.detail, ...rest].filter((line) => line !== undefined);
  return { title: problem.title, lines };
}

export type FormFieldControl<Value> = FieldControl & {
  name: string;
  value: Value;
  onChange: (value: Value) => void;
  onBlur: () => void;
  ref: (element: HTMLElement | null) => void;
};

export type FormFieldProps<Input extends FieldValues, Output extends FieldValues, Name extends FieldPath<Input>> = Omit<
  FieldProps,
  "children" | "error"
> & {
  form: UseFormReturn<Input, unknown, Output>;
  name: Name;
  children: (control: FormFieldControl<FieldPathValue<Input, Name>>) => ReactNode;
};

/** A Field bound to one value of the form: `<FormField form={form} name="email" label="E-mail">{(c) => <Input {...c} />}</FormField>`. */
export function FormField<Input extends FieldValues, Output extends FieldValues, Name extends FieldPath<Input>>(
  props: FormFieldProps<Input, Output, Name>,
) {
  const { form, name, children, ...words } = props;
  const shown = useContext(ShownFields);
  const { setError } = form;
  useEffect(() => {
    shown.set(name, (message, shouldFocus) => setError(name, { type: "server", message }, { shouldFocus }));
    return () => void shown.delete(name);
  }, [shown, name, setError]);
  return (
    <Controller
      control={form.control}
      name={name}
      render={({ field, fieldState: { error, isTouched }, formState: { isSubmitted } }) => {
        // What was just added is not wrong before anybody has been at it; lists are checked as a whole.
        const shownError = isTouched || isSubmitted || error?.type === "server" ? error?.message : undefined;
        return (
          <Field {...words} error={shownError}>
            {(control) => children({ ...control, ...field })}
          </Field>
        );
      }}
    />
  );
}

export type FormValueProps<Input extends FieldValues, Output extends FieldValues, Name extends FieldPath<Input>> = Pick<
  FormFieldProps<Input, Output, Name>,
  "form" | "name"
> & {
  children: (control: Omit<FormFieldControl<FieldPathValue<Input, Name>>, "id">) => ReactNode;
};

/** A value of the form whose control brings its own label: Checkbox, Switch, RadioGroup. */
export function FormValue<Input extends FieldValues, Output extends FieldValues, Name extends FieldPath<Input>>({
  form,
  name,
  children,
}: FormValueProps<Input, Output, Name>) {
  return <Controller control={form.control} name={name} render={({ field }) => <>{children(field)}</>} />;
}

export type FormActionsProps = {
  form: { formState: { isSubmitting: boolean } };
  /** The verb: "Create campaign". */
  action: string;
  disabledReason?: string | null;
  onCancel?: () => void;
  /** The id of the form, where the buttons stand outside of it: at the foot of a dialog, they stay in view. */
  formId?: string;
};

/** The buttons under a form. */
export function FormActions({ form, formId, action, disabledReason, onCancel }: FormActionsProps) {
  return (
    <div className="flex flex-wrap justify-end gap-2">
      {onCancel ? <Button onClick={onCancel}>Cancel</Button> : null}
      <Button
        type="submit"
        form={formId}
        variant="primary"
        loading={form.formState.isSubmitting}
        disabledReason={disabledReason}
      >
        {action}
      </Button>
    </div>
  );
}

function LeaveGuard({ dirty }: { dirty: boolean }) {
  const blocker = useBlocker({
    // Another tab or filter of the same page keeps the form.
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      open={blocker.status === "blocked"}
      onOpenChange={(open) => (open ? undefined : blocker.reset?.())}
      title="Leave without saving?"
      consequences="What you changed on this page is not saved and will be gone."
      action="Leave the page"
      back="Stay here"
      onConfirm={() => blocker.proceed?.()}
    />
  );
}
