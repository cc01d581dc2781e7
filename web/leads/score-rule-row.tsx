import { X } from "lucide-react";
import { useId } from "react";
import { INTEREST_KINDS, SCORE_FIELDS, SCORE_TESTS } from "#domains/leads/score/sets.ts";
import { LEAD_SOURCES } from "#domains/leads/sets.ts";
import type { RuleFault, RuleRow } from "#web/leads/score-rule-form.ts";
import { testWords } from "#web/leads/score-words.ts";
import { fieldName, sourceWords } from "#web/leads/words.ts";
import { IconButton } from "#web/ui/button.tsx";
import { FieldError } from "#web/ui/field.tsx";
import { Input } from "#web/ui/input.tsx";
import { Select } from "#web/ui/select.tsx";

const INTERESTS = { reply: "Replies", click: "Follows a link", booking: "Books a call" };

export type ScoreRuleRowProps = {
  row: RuleRow;
  place: number;
  fault: RuleFault | undefined;
  /** Why the rule can only be read, or null. */
  whyNot: string | null;
  onChange: (row: RuleRow) => void;
  onRemove: () => void;
};

/** One rule of the score, with what is wrong with it under its fields. */
export function ScoreRuleRow({ row, place, fault, whyNot, onChange, onRemove }: ScoreRuleRowProps) {
  const n = place + 1;
  const faultId = useId();
  const { rule } = row;
  const disabled = whyNot !== null;
  const toFault = (at: RuleFault["at"]) =>
    fault?.at === at ? { "aria-invalid": true, "aria-describedby": faultId } : undefined;
  return (
    <li className="grid gap-1 rounded-md border p-2">
      <div className="flex flex-wrap items-center gap-2">
        {rule.kind === "field" ? (
          <>
            <Select
              disabled={disabled}
              label={`Field of rule ${n}`}
              className="sm:w-36"
              value={rule.field}
              options={SCORE_FIELDS.map((value) => ({ value, label: fieldName(value) }))}
              onChange={(field) => onChange({ ...row, rule: { ...rule, field } })}
            />
            <Select
              disabled={disabled}
              label={`Test of rule ${n}`}
              className="sm:w-28"
              value={rule.test}
              options={SCORE_TESTS.map((value) => ({ value, label: testWords[value] }))}
              onChange={(test) =>
                onChange({ ...row, rule: { ...rule, test, value: test === "isSet" ? "" : rule.value } })
              }
            />
            {rule.test === "isSet" ? (
              <span className="grow" />
            ) : (
              <Text
                disabled={disabled}
                {...toFault("words")}
                label={`Words of rule ${n}`}
                value={rule.value}
                onChange={(value) => onChange({ ...row, rule: { ...rule, value } })}
              />
            )}
          </>
        ) : null}
        {rule.kind === "tag" ? (
          <>
            <span className="text-sm">Tag</span>
            <Text
              disabled={disabled}
              {...toFault("words")}
              label={`Tag of rule ${n}`}
              value={rule.tag}
              onChange={(tag) => onChange({ ...row, rule: { ...rule, tag } })}
            />
          </>
        ) : null}
        {rule.kind === "source" ? (
          <>
            <Select
              disabled={disabled}
              label={`Source of rule ${n}`}
              className="sm:w-40"
              value={rule.source}
              options={LEAD_SOURCES.map((value) => ({ value, label: sourceWords[value] }))}
              onChange={(source) => onChange({ ...row, rule: { ...rule, source } })}
            />
            <Text
              disabled={disabled}
              label={`Form or file of rule ${n}`}
              placeholder="any form"
              value={rule.label}
              onChange={(label) => onChange({ ...row, rule: { ...rule, label } })}
            />
          </>
        ) : null}
        {rule.kind === "interest" ? (
          <>
            <Select
              disabled={disabled}
              label={`Deed of rule ${n}`}
              className="sm:w-40"
              value={rule.interest}
              options={INTEREST_KINDS.map((value) => ({ value, label: INTERESTS[value] }))}
              onChange={(interest) => onChange({ ...row, rule: { ...rule, interest } })}
            />
            <span className="grow" />
            <Points
              disabled={disabled}
              {...toFault("atMost")}
              label={`Together at most, rule ${n}`}
              suffix="at most"
              value={row.atMost}
              onChange={(atMost) => onChange({ ...row, atMost })}
            />
          </>
        ) : null}
        <Points
          disabled={disabled}
          {...toFault("points")}
          label={`Points of rule ${n}`}
          suffix="points"
          value={row.points}
          onChange={(points) => onChange({ ...row, points })}
        />
        <IconButton icon={X} size="sm" label={`Leave out rule ${n}`} disabledReason={whyNot} onClick={onRemove} />
      </div>
      {fault ? <FieldError id={faultId}>{fault.detail}</FieldError> : null}
    </li>
  );
}

type TextProps = {
  label: string;
  value: string;
  onChange: (text: string) => void;
  placeholder?: string;
  disabled?: boolean;
  "aria-invalid"?: boolean;
  "aria-describedby"?: string;
};

const Text = (props: TextProps) => (
  <div className="min-w-24 grow basis-24">
    <Input {...props} maxLength={200} autoComplete="off" />
  </div>
);

const Points = (props: TextProps & { suffix: string }) => (
  <div className="w-28">
    <Input {...props} inputMode="text" autoComplete="off" />
  </div>
);
