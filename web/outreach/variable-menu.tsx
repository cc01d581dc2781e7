import { useQuery } from "@tanstack/react-query";
import { Braces } from "lucide-react";
import { useState } from "react";
import { STANDARD_VARIABLES } from "#domains/outreach/render/values.ts";
import { customFieldsQuery } from "#web/leads/custom-field-words.ts";
import { leadQuery } from "#web/leads/lead-query.ts";
import { variableInWords } from "#web/outreach/variable-words.ts";
import { Button } from "#web/ui/button.tsx";
import { OptionList } from "#web/ui/combobox.tsx";
import { Popover } from "#web/ui/popover.tsx";

export type VariableMenuProps = {
  /** Whom the preview is for: their own fields are offered too. */
  leadId: string | undefined;
  /** Given the variable's name: `firstName`, `custom.budget`. */
  onInsert: (name: string) => void;
  disabledReason: string | null;
};

/** Everything a script may speak of, found by name, put where the cursor stands. */
export function VariableMenu({ leadId, onInsert, disabledReason }: VariableMenuProps) {
  const [open, setOpen] = useState(false);
  const lead = useQuery({ ...leadQuery(leadId ?? ""), enabled: open && leadId !== undefined }).data;
  const fields = useQuery({ ...customFieldsQuery, enabled: open }).data?.data ?? [];
  const kept = Object.keys(lead?.meta ?? {}).filter(
    (key) =>
      key !== "raw" &&
      key !== "custom" &&
      /^[A-Za-z_][A-Za-z0-9_-]*$/.test(key) &&
      !fields.some((one) => one.key === key),
  );
  const options = [
    // `lead.company` and `company` are one thing; the shorter is offered.
    ...STANDARD_VARIABLES.filter((name) => !name.startsWith("lead.")).map((name) => ({
      value: name,
      label: variableInWords(name),
      hint: `{{ ${name} }}`,
    })),
    ...fields.map(({ key, label }) => ({ value: `custom.${key}`, label, hint: `{{ custom.${key} }}` })),
    ...kept.map((key) => ({ value: `custom.${key}`, label: key, hint: `{{ custom.${key} }}` })),
  ];
  const trigger = (
    <Button size="sm" variant="ghost" icon={Braces} disabledReason={disabledReason}>
      Insert variable
    </Button>
  );
  if (disabledReason) return trigger;
  return (
    <Popover label="Variables" trigger={trigger} open={open} onOpenChange={setOpen} className="w-60 p-0">
      <OptionList
        options={options}
        chosen={[]}
        emptyText="No such variable"
        onChoose={(name) => {
          setOpen(false);
          onInsert(name);
        }}
      />
    </Popover>
  );
}
