import { type Context, allow, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { newId } from "#platform/ids.ts";
import { findIntegration } from "#platform/integrations/queries.ts";
import { enqueue } from "#platform/jobs.ts";
import { Invalid } from "#platform/problems.ts";
import { normaliseSender } from "#domains/leads/index.ts";
import type { Channel } from "../channels.ts";
import { checkSenderDomain, senderAdded } from "../messages.ts";
import { SenderExists } from "../problems.ts";
import { insertSender } from "../queries/senders.ts";
import { whyNotSenderAddress } from "../senders/sender-address.ts";

export type SenderWanted = {
  channel: Channel;
  address: string;
  displayName: string;
  integrationId: string | null;
  takesNew: boolean;
  perMinute: number;
  perDay: number;
  hasRamp: boolean;
  dkimSelector: string | null;
};

/** Adds an identity that a channel sends from; its domain is looked up behind the commit. Answers its id. Throws SenderExists and Invalid. */
export async function createSender(ctx: Context, wanted: SenderWanted): Promise<string> {
  allow(ctx, "integrations:write");
  const { channel, displayName, integrationId, perMinute, perDay } = wanted;
  const address = normaliseSender(channel, wanted.address);
  const fault = whyNotSenderAddress(channel, address);
  if (fault) throw Invalid(undefined, [{ pointer: "/address", detail: fault }]);
  return inTransaction(ctx, async (tx) => {
    await refuseForeign(tx, channel, integrationId);
    const id = newId("snd");
    const isNew = await insertSender(tx, {
      id,
      channel,
      integrationId,
      address,
      displayName,
      isActive: wanted.takesNew,
      perMinute,
      perDay,
      rampStartedAt: wanted.hasRamp ? tx.now() : null,
      dkimSelector: channel === "EMAIL" ? wanted.dkimSelector : null,
    });
    if (!isNew) throw SenderExists();
    await emit(tx, senderAdded, { senderId: id, channel, address, what: "added" }, { subjectId: id });
    if (channel === "EMAIL") await enqueue(tx, checkSenderDomain, { senderId: id });
    return id;
  });
}

/** A sender belongs to an integration of its own channel. */
export async function refuseForeign(tx: Context, channel: Channel, integrationId: string | null): Promise<void> {
  if (integrationId === null) return;
  const integration = await findIntegration(tx, integrationId);
  if (integration?.type === channel) return;
  throw Invalid(undefined, [
    { pointer: "/integrationId", detail: "There is no integration of this channel with this id" },
  ]);
}
