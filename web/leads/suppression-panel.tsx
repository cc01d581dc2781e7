import { useMutation, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import type { SuppressionView } from "#domains/leads/contract.ts";
import { api } from "#web/api.ts";
import { useActorName } from "#web/leads/actor-names.ts";
import { addressShown, kindWords, reasonWords, scopeWords } from "#web/leads/words.ts";
import { SidePanel } from "#web/shell/side-panel.tsx";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Form, FormActions, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Textarea } from "#web/ui/input.tsx";
import { Property, PropertyList } from "#web/ui/property-list.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";

const liftSchema = z.object({ reason: z.string().trim().min(3, "Say why").max(500) });

/** One suppression: what it rests on, and the way to lift it with a reason. */
export function SuppressionPanel({ suppression, onClose }: { suppression: SuppressionView; onClose: () => void }) {
  const nameOf = useActorName();
  const { liftedAt, reason, scope } = suppression;
  return (
    <SidePanel title={addressShown(suppression.value)} onClose={onClose}>
      <div className="grid gap-6">
        <PropertyList label="Suppression">
          <Property label="Kind" value={kindWords[suppression.kind]} />
          <Property label="Reason" value={reasonWords[reason].label} />
          <Property label="Closed to" value={scopeWords[scope]} />
          <Property label="By" value={nameOf(suppression.actor)} />
          <Property label="Since" value={suppression.createdAt}>
            <RelativeTime at={suppression.createdAt} />
          </Property>
          {liftedAt ? (
            <Property label="Lifted" value={liftedAt}>
              <RelativeTime at={liftedAt} />
            </Property>
          ) : null}
          {suppression.liftReason ? <Property label="Lifted because" value={suppression.liftReason} /> : null}
        </PropertyList>
        {suppression.evidence ? (
          <div className="grid gap-1 text-sm">
            <h3 className="font-medium">What it rests on</h3>
            <p className="break-words whitespace-pre-wrap text-ink-muted">{suppression.evidence}</p>
          </div>
        ) : null}
        {liftedAt ? null : <Lift suppressionId={suppression.id} onDone={onClose} />}
      </div>
    </SidePanel>
  );
}

function Lift({ suppressionId, onDone }: { suppressionId: string; onDone: () => void }) {
  const queries = useQueryClient();
  const whyNot = useWhyNot("suppressions:write");
  const form = useSchemaForm(liftSchema, { reason: "" });
  const lift = useMutation({
    ...api.leads.suppressions.lift.mutationOptions(),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: api.leads.key() });
      onDone();
    },
  });
  return (
    <Form form={form} onSubmit={({ reason }) => lift.mutateAsync({ suppressionId, reason })}>
      <FormField
        form={form}
        name="reason"
        label="Lift it because"
        hint="Somebody said no. Write down what makes it right to send again; it stays on record with your name."
      >
        {(control) => <Textarea {...control} rows={2} maxLength={500} />}
      </FormField>
      <FormActions form={form} action="Lift suppression" disabledReason={whyNot} />
    </Form>
  );
}
