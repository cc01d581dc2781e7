import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit, emitMany } from "#platform/events.ts";
import { NotFound } from "#platform/problems.ts";
import { findChanger } from "../actors.ts";
import { apiKeyRevoked, memberRemoved } from "../messages.ts";
import { deleteApiKeysOf } from "../queries/api-keys.ts";
import { countOwners, deleteMember, findMember, findMemberByUser, type MemberRow } from "../queries/members.ts";
import { lockWorkspace } from "../queries/workspaces.ts";
import { PersonNeeded, refused, whyNotRemoveMember } from "../rules.ts";

/** Ends a membership and the API keys made under it, from the next request on. */
export async function removeMember(ctx: Context, memberId: string): Promise<void> {
  allow(ctx, "members:write");
  await endMembership(ctx, (tx) => findMember(tx, memberId));
}

/** Everyone may go, except the last owner. */
export async function leaveWorkspace(ctx: Context): Promise<void> {
  const { actor } = ctx;
  if (actor.kind !== "user") throw PersonNeeded();
  await endMembership(ctx, (tx) => findMemberByUser(tx, actor.id));
}

async function endMembership(ctx: Context, find: (tx: Context) => Promise<MemberRow | undefined>): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    await lockWorkspace(tx);
    const member = await find(tx);
    if (!member) throw NotFound();
    const left = tx.actor.kind === "user" && tx.actor.id === member.userId;
    const refusal = whyNotRemoveMember(await findChanger(tx), member.role, await countOwners(tx), left);
    if (refusal) throw refused(refusal, member, left);
    const keys = await deleteApiKeysOf(tx, member.userId);
    await deleteMember(tx, member.id);
    await emitMany(
      tx,
      apiKeyRevoked,
      keys.map((key) => ({
        payload: { apiKeyId: key.id, name: key.name, because: "member-removed" as const },
        subjectId: key.id,
      })),
    );
    await emit(tx, memberRemoved, { userId: member.userId, email: member.email, left }, { subjectId: member.userId });
  });
}
