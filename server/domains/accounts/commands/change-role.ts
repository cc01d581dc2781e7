import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import type { Role } from "#platform/permissions.ts";
import { NotFound } from "#platform/problems.ts";
import { findChanger } from "../actors.ts";
import { roleChanged } from "../messages.ts";
import { countOwners, findMember, type MemberRow, setRole } from "../queries/members.ts";
import { lockWorkspace } from "../queries/workspaces.ts";
import { refused, whyNotChangeRole } from "../rules.ts";

/** The new role counts from the member's next request on. */
export async function changeRole(ctx: Context, memberId: string, role: Role): Promise<MemberRow> {
  allow(ctx, "members:write");
  return inTransaction(ctx, async (tx) => {
    await lockWorkspace(tx);
    const member = await findMember(tx, memberId);
    if (!member) throw NotFound();
    const refusal = whyNotChangeRole(await findChanger(tx), member.role, role, await countOwners(tx));
    if (refusal) throw refused(refusal, member, tx.actor.kind === "user" && tx.actor.id === member.userId);
    if (member.role === role) return member;
    await setRole(tx, memberId, role);
    await emit(tx, roleChanged, { userId: member.userId, from: member.role, to: role }, { subjectId: member.userId });
    return { ...member, role };
  });
}
