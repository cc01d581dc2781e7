import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { LeadChoice } from "#web/leads/lead-choice.tsx";
import { MergeDialog } from "#web/leads/merge-dialog.tsx";
import { Button } from "#web/ui/button.tsx";
import { Dialog } from "#web/ui/dialog.tsx";

export type MergeWithDialogProps = { leadId: string; name: string; onClose: () => void };

/** Asks which other lead is the same person, then compares the two; ends on the page of the lead that both are. */
export function MergeWithDialog({ leadId, name, onClose }: MergeWithDialogProps) {
  const navigate = useNavigate();
  const [chosenId, setChosenId] = useState<string>();
  const [otherId, setOtherId] = useState<string>();
  if (otherId !== undefined) {
    return (
      <MergeDialog
        leadIds={[leadId, otherId]}
        onClose={onClose}
        onMerged={async (survivorId) => {
          if (survivorId !== leadId)
            await navigate({ to: "/leads/$leadId", params: { leadId: survivorId }, replace: true });
        }}
      />
    );
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Merge ${name} with another lead`}
      description="Choose the lead that is the same person. The two are compared before anything happens."
    >
      <div className="grid gap-4">
        <LeadChoice label="The other lead" value={chosenId} onChange={setChosenId} except={leadId} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            disabledReason={chosenId === undefined ? "Choose a lead first" : null}
            onClick={() => setOtherId(chosenId)}
          >
            Compare
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
