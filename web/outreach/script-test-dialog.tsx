import type { Channel } from "#domains/messaging/channels.ts";
import { api } from "#web/api.ts";
import { TestSendDialog } from "#web/messaging/test-send-dialog.tsx";

export type ScriptTestDialogProps = {
  scriptId: string;
  channel: Channel;
  /** Whom it is filled in for; without one, an invented person. */
  leadId: string | undefined;
  onClose: () => void;
};

/** Sends the saved script to an address of one's own. */
export function ScriptTestDialog({ scriptId, channel, leadId, onClose }: ScriptTestDialogProps) {
  return (
    <TestSendDialog
      channel={channel}
      description={`The script as it was saved, filled in for ${leadId ? "the lead of the preview" : "an invented person"}. It counts as no touch, and its link to unsubscribe opts nobody out.`}
      send={(to) => api.outreach.scripts.testSend.call({ scriptId, to, leadId: leadId ?? null })}
      onClose={onClose}
    />
  );
}
