import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Invitation, Member } from "#domains/accounts/contract.ts";
import { ROLES, type Role } from "#platform/permissions.ts";
import { roleLook, roleOptions } from "#web/accounts/words.ts";
import { api } from "#web/api.ts";
import { problemOf } from "#web/problem.ts";
import { useViewer, useWhyNot } from "#web/shell/viewer.tsx";
import { Button } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";
import { Select } from "#web/ui/select.tsx";
import { toast } from "#web/ui/toast.tsx";

const OWNERS_ONLY = "Only an owner may change an owner";

/** Why this person may not touch this member, or null. The server says the rest: a workspace keeps an owner. */
function useWhyNotMember(member: Member): string | null {
  const isOwner = useViewer().role === "OWNER";
  return useWhyNot("members:write") ?? (member.role === "OWNER" && !isOwner ? OWNERS_ONLY : null);
}

/** The role, to be changed where it stands. Saved at once, with the way back. */
export function MemberRole({ member }: { member: Member }) {
  const queries = useQueryClient();
  const isOwner = useViewer().role === "OWNER";
  const whyNot = useWhyNotMember(member);
  const change = useMutation(
    api.accounts.members.changeRole.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: api.accounts.key() }),
      onError: (error) => toast.problem(error),
    }),
  );
  if (whyNot) return <span title={whyNot}>{roleLook[member.role].label}</span>;
  const choose = (role: Role) => {
    if (role === member.role) return;
    const back = { memberId: member.id, role: member.role };
    change.mutate(
      { memberId: member.id, role },
      {
        onSuccess: ({ name }) =>
          toast.undo(`${name} is now ${roleLook[role].label.toLowerCase()}`, () => change.mutate(back)),
      },
    );
  };
  return (
    <Select
      label={`Role of ${member.name}`}
      value={change.isPending ? change.variables.role : member.role}
      onChange={choose}
      options={roleOptions(ROLES, isOwner)}
      disabled={change.isPending}
      className="h-7 border-transparent bg-transparent text-sm"
    />
  );
}

/** Asks, then takes the member out of the workspace. */
export function RemoveMember({ member }: { member: Member }) {
  const [asking, setAsking] = useState(false);
  const queries = useQueryClient();
  const whyNot = useWhyNotMember(member);
  const { workspace } = useViewer();
  const remove = useMutation(
    api.accounts.members.remove.mutationOptions({
      onSuccess: async () => {
        setAsking(false);
        await queries.invalidateQueries({ queryKey: api.accounts.key() });
      },
    }),
  );
  return (
    <>
      <Button
        size="sm"
        variant="ghost"
        disabledReason={member.isYou ? "You leave under Settings, Workspace" : whyNot}
        onClick={() => setAsking(true)}
      >
        Remove
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={(open) => {
          remove.reset();
          setAsking(open);
        }}
        title={`Remove ${member.name}?`}
        consequences={`They lose access to ${workspace.name} at once, and their API keys stop working. What they did stays.`}
        action={`Remove ${member.name}`}
        loading={remove.isPending}
        error={remove.error ? problemOf(remove.error).title : undefined}
        onConfirm={() => remove.mutate({ memberId: member.id })}
      />
    </>
  );
}

/** Send again or cancel, while the invitation can still be accepted or opened anew. */
export function InvitationActs({ invitation }: { invitation: Invitation }) {
  const queries = useQueryClient();
  const whyNot = useWhyNot("members:write");
  const options = { onError: (error: Error) => toast.problem(error) };
  const refresh = () => queries.invalidateQueries({ queryKey: api.accounts.invitations.key() });
  const resend = useMutation(
    api.accounts.invitations.resend.mutationOptions({
      ...options,
      onSuccess: async ({ delivery }) => {
        await refresh();
        if (delivery === "failed") {
          toast.done(
            "The mail could not be sent",
            "The invitation is open. Set up system mail, or invite again to copy a link.",
          );
        } else toast.done(`Sent to ${invitation.email} again`);
      },
    }),
  );
  const cancel = useMutation(api.accounts.invitations.cancel.mutationOptions({ ...options, onSuccess: refresh }));
  if (invitation.state !== "open" && invitation.state !== "expired") return null;
  const input = { invitationId: invitation.id };
  return (
    <span className="flex">
      <Button
        size="sm"
        variant="ghost"
        loading={resend.isPending}
        disabledReason={whyNot}
        onClick={() => resend.mutate(input)}
      >
        Send again
      </Button>
      {invitation.state === "open" ? (
        <Button
          size="sm"
          variant="ghost"
          loading={cancel.isPending}
          disabledReason={whyNot}
          onClick={() => cancel.mutate(input)}
        >
          Cancel
        </Button>
      ) : null}
    </span>
  );
}
