import { inTransaction } from "#platform/context.ts";
import { Problem } from "#platform/problems.ts";
import type { Runtime } from "#platform/runtime.ts";
import { userActor } from "../actors.ts";
import { lockUser, type Person } from "../queries/people.ts";
import { setActiveWorkspace } from "../queries/sessions.ts";
import { belongsSomewhere } from "../queries/workspaces.ts";
import { acceptInvitation } from "./accept-invitation.ts";
import { NAME_MAX } from "../rules.ts";
import { contextOfNewWorkspace, foundWorkspace } from "./create-workspace.ts";

/**
 * Nobody who signs in stands outside: whoever follows an invitation joins its workspace, whoever belongs nowhere gets one of their own. Runs
 * after each sign-in and not only after the first, so a crash in between heals by itself.
 */
export async function settleNewcomer(
  runtime: Runtime,
  person: Person,
  session: { id: string; invitation: string | null; timeZone?: string },
): Promise<void> {
  if (session.invitation && (await isAccepted(runtime, person, session.invitation, session.id))) return;
  if (await belongsSomewhere(runtime.database.forWorkspace(""), person.id)) return;
  await inTransaction(contextOfNewWorkspace(runtime, userActor(person, "OWNER")), async (tx) => {
    await lockUser(tx.db, person.id);
    if (await belongsSomewhere(tx.db, person.id)) return;
    await foundWorkspace(tx, `${person.name}'s workspace`.slice(0, NAME_MAX), person, session.timeZone);
    await setActiveWorkspace(tx.db, session.id, tx.workspace);
  });
}

/** False when it was closed since it was checked, a moment ago: the account is made by now, so its person gets a workspace of their own. */
async function isAccepted(runtime: Runtime, person: Person, token: string, sessionId: string): Promise<boolean> {
  try {
    await acceptInvitation(runtime, person, token, sessionId);
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}
