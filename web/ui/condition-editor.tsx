import { useState } from "react";
import { Button } from "#web/ui/button.tsx";
import { Input } from "#web/ui/input.tsx";
import { Select } from "#web/ui/select.tsx";

/** One way to ask for a value. Without `input` there is nothing to compare with: "is known". */
export type Operator = { value: string; label: string; input?: "text" | "number" | "date" };

export type ConditionEditorProps = {
  label: string;
  operators: readonly Operator[];
  /** `above:5`, `set`; empty while nothing is chosen. */
  value: string;
  /** Empty: the condition goes. */
  onChange: (value: string) => void;
};

/** Splits `above:5` at its first colon. */
export function readCondition(text: string): { operator: string; operand: string } {
  const at = text.indexOf(":");
  return at < 0 ? { operator: text, operand: "" } : { operator: text.slice(0, at), operand: text.slice(at + 1) };
}

/** How a value is asked for, and what it is compared with. */
export function ConditionEditor({ label, operators, value, onChange }: ConditionEditorProps) {
  const given = readCondition(value);
  const [chosen, setChosen] = useState(given.operator || (operators[0]?.value ?? ""));
  const [operand, setOperand] = useState(given.operand);
  const operator = operators.find((one) => one.value === chosen);
  // A thousand is written 1,000 too.
  const compared = operator?.input === "number" ? operand.replaceAll(/[\s,]/g, "") : operand.trim();
  const missing = !operator?.input
    ? null
    : compared === ""
      ? "Say what to compare with"
      : operator.input === "number" && !Number.isFinite(Number(compared))
        ? "Write a number"
        : null;
  const apply = () => {
    if (operator && !missing) onChange(operator.input ? `${operator.value}:${compared}` : operator.value);
  };
  return (
    <form
      className="grid gap-2 p-2"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <Select
        label={`${label}: how it is compared`}
        value={chosen}
        onChange={setChosen}
        options={operators.map(({ value: id, label: words }) => ({ value: id, label: words }))}
        className="w-full"
      />
      {operator?.input ? (
        <Input
          key={operator.input}
          label={label}
          type={operator.input === "date" ? "date" : "text"}
          inputMode={operator.input === "number" ? "decimal" : undefined}
          value={operand}
          onChange={setOperand}
          maxLength={200}
        />
      ) : null}
      <Button type="submit" disabledReason={missing}>
        Apply
      </Button>
    </form>
  );
}
