import { useId, useState, type ReactNode } from "react";
import { Button } from "#web/ui/button.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Field } from "#web/ui/field.tsx";
import { Input } from "#web/ui/input.tsx";

export type ConfirmDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The question: "Delete 12 leads?" */
  title: string;
  /** The consequences, with numbers: what goes, what stays, what cannot be undone. */
  consequences: ReactNode;
  /** The verb on the button: "Delete 12 leads". */
  action: string;
  /** For acts that cannot be undone: the word the person has to type. */
  typeToConfirm?: string;
  /** The way back, where “Cancel” could be taken for the act: "Stay here". */
  back?: string;
  danger?: boolean;
  loading?: boolean;
  /** A refusal of the server, said where the person looks. */
  error?: string;
  onConfirm: () => void;
};

/** Asks before an act that cannot be undone. Acts that can be undone ask nothing and offer undo instead. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onOpenChange, title, consequences, action, typeToConfirm, back, danger = true, loading, error } = props;
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={title} description={consequences}>
      <Question
        action={action}
        word={typeToConfirm}
        back={back}
        danger={danger}
        loading={loading}
        error={error}
        onCancel={() => onOpenChange(false)}
        onConfirm={props.onConfirm}
      />
    </Dialog>
  );
}

type QuestionProps = {
  action: string;
  word?: string;
  back?: string;
  danger: boolean;
  loading?: boolean;
  error?: string;
  onCancel: () => void;
  onConfirm: () => void;
};

// Inside the dialog, so that what was typed is gone when it is opened again.
function Question({ action, word, back = "Cancel", danger, loading, error, onCancel, onConfirm }: QuestionProps) {
  const [typed, setTyped] = useState("");
  const formId = useId();
  const missing = word && typed.trim() !== word ? `Type “${word}” first` : null;
  return (
    <form
      id={formId}
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!missing && !loading) onConfirm();
      }}
    >
      {word ? (
        <Field label={`Type “${word}” to confirm`} error={error}>
          {(control) => <Input {...control} value={typed} onChange={setTyped} autoComplete="off" autoFocus />}
        </Field>
      ) : error ? (
        <p role="alert" className="text-sm text-danger-ink">
          {error}
        </p>
      ) : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>{back}</Button>
        <Button type="submit" variant={danger ? "danger" : "primary"} disabledReason={missing} loading={loading}>
          {action}
        </Button>
      </div>
    </form>
  );
}
