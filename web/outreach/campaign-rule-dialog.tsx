import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import type { CampaignDetail } from "#domains/outreach/contract/campaigns.ts";
import { api } from "#web/api.ts";
import { NarrowLeads } from "#web/leads/narrow-leads.tsx";
import { leadFilterOf, searchOfFilter, type LeadsSearch } from "#web/leads/search.ts";
import { leadNoun } from "#web/leads/words.ts";
import { useSaveCampaign } from "#web/outreach/campaign-query.ts";
import { Checkbox } from "#web/ui/choices.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Form, FormActions, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { rowCountOf } from "#web/ui/format.ts";
import { Input } from "#web/ui/input.tsx";
import { TOOK_THEIRS } from "#web/ui/took-theirs.ts";
import { toast } from "#web/ui/toast.tsx";
import { useSettled } from "#web/ui/use-settled.ts";

const schema = z.object({
  maxLeads: z
    .string()
    .trim()
    .regex(/^([1-9]\d{0,6})?$/, "Write a whole number, at least 1"),
});

/** Whom a campaign takes in by itself, and how many at most. */
export function CampaignRuleDialog({ campaign, onClose }: { campaign: CampaignDetail; onClose: () => void }) {
  const { id: campaignId, name, status, autoAssign, maxLeads } = campaign;
  const [isOn, setIsOn] = useState(autoAssign !== null);
  const [search, setSearch] = useState<LeadsSearch>(() => searchOfFilter(autoAssign?.filter ?? {}));
  const [withPresent, setWithPresent] = useState(false);
  const form = useSchemaForm(schema, { maxLeads: maxLeads === null ? "" : String(maxLeads) });
  const filter = leadFilterOf(search);
  const asked = useSettled(filter, 250);
  const count = useQuery({
    ...api.leads.count.queryOptions({ input: asked }),
    enabled: isOn,
    placeholderData: keepPreviousData,
  }).data;
  // What was there when the dialog opened: the page behind it follows what others save.
  const [begun] = useState(campaign);
  const { save } = useSaveCampaign(begun);
  const assign = useMutation(api.outreach.campaigns.assignMatching.mutationOptions());
  const onSubmit = async ({ maxLeads: most }: z.infer<typeof schema>) => {
    const rule = isOn ? { filter } : null;
    const saved = await save({ autoAssign: rule, maxLeads: most === "" ? null : Number(most) });
    if (saved !== TOOK_THEIRS && isOn && withPresent && status === "ACTIVE") {
      await assign.mutateAsync({ campaignId });
      toast.done("Leads come in", "Those who match now are put in behind this.");
    }
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      width="xl"
      title={`Who comes into “${name}”`}
      description="Being in a campaign sends nothing by itself: sequences that wait for its leads do."
    >
      <Form form={form} guard={false} onSubmit={onSubmit}>
        <Checkbox
          value={isOn}
          onChange={setIsOn}
          label="Take leads in by a rule"
          hint="Whoever is created, or changed so that they match, while the campaign is active."
        />
        {isOn ? (
          <div className="grid gap-3 rounded-lg border bg-sunken p-3">
            <NarrowLeads search={search} onChange={setSearch} />
            <p role="status" className="text-sm text-ink-muted">
              {count
                ? `${rowCountOf({ value: count.count, exact: !count.isEstimate }, leadNoun)} match now.`
                : "Counting the leads…"}
            </p>
            {status === "ACTIVE" ? (
              <Checkbox value={withPresent} onChange={setWithPresent} label="Also put in those who match now" />
            ) : null}
          </div>
        ) : null}
        <FormField form={form} name="maxLeads" label="At most" optional hint="Leads in all; nobody comes in beyond it.">
          {(control) => <Input {...control} inputMode="numeric" autoComplete="off" className="max-w-40" />}
        </FormField>
        <FormActions form={form} action="Save" onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
