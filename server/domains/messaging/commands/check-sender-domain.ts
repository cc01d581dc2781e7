import { type Context, allow, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { findIntegration } from "#platform/integrations/queries.ts";
import { Conflict, NotFound } from "#platform/problems.ts";
import { senderDomainChecked } from "../messages.ts";
import { claimDomainChecks, findSender, lockSender, setDomain } from "../queries/senders.ts";
import { checkDomain, domainOf, domainStatusOf } from "../senders/domain-records.ts";
import { mailServiceOf } from "../senders/mail-hosts.ts";

const DAY_MS = 86_400_000;
/** A few seconds each at worst, when no name server answers. */
const BATCH = 10;

/** Looks up the records of a sender's domain now, and keeps what was found. Not to be called inside a transaction. */
export async function checkDomainNow(ctx: Context, id: string): Promise<void> {
  allow(ctx, "integrations:write");
  const sender = await findSender(ctx, id);
  if (!sender) throw NotFound();
  if (sender.channel !== "EMAIL") throw Conflict("Only an e-mail sender has a domain.");
  await lookUp(ctx, sender);
}

/** As asked for when a sender was added or changed; one that is gone by then has nothing to look up. */
export async function checkAddedSender(ctx: Context, { senderId }: { senderId: string }): Promise<void> {
  const sender = await findSender(ctx, senderId);
  if (sender?.channel === "EMAIL") await lookUp(ctx, sender);
}

/** Looks up, once a day, the domains of a workspace's senders. Answers whether there may be more. */
export async function checkDomainsDaily(ctx: Context): Promise<boolean> {
  const before = new Date(ctx.now().getTime() - DAY_MS);
  const ids = await inTransaction(ctx, (tx) => claimDomainChecks(tx, before, BATCH));
  await Promise.all(ids.map((senderId) => checkAddedSender(ctx, { senderId })));
  return ids.length === BATCH;
}

async function lookUp(
  ctx: Context,
  {
    id,
    address,
    integrationId,
    dkimSelector,
  }: { id: string; address: string; integrationId: string | null; dkimSelector: string | null },
): Promise<void> {
  const integration = integrationId === null ? undefined : await findIntegration(ctx, integrationId);
  const { provider, config } = integration ?? (await activeIntegration(ctx));
  const host = config["host"];
  const checks = await checkDomain(ctx.providers.dns, {
    domain: domainOf(address),
    service: mailServiceOf(provider, typeof host === "string" ? host : null),
    selector: dkimSelector,
  });
  const status = domainStatusOf(checks);
  await inTransaction(ctx, async (tx) => {
    const before = await lockSender(tx, id);
    if (!before) return;
    await setDomain(tx, id, { status, checks, at: tx.now() });
    if (before.domainStatus === status) return;
    const about = { senderId: id, channel: before.channel, address, status };
    await emit(tx, senderDomainChecked, about, { subjectId: id });
  });
}

/** A sender that belongs to no integration goes through whichever the channel sends through. */
async function activeIntegration(ctx: Context): Promise<{ provider: string | null; config: Record<string, unknown> }> {
  const active = await ctx.providers.active(ctx, "EMAIL");
  const row = active?.integrationId ? await findIntegration(ctx, active.integrationId) : undefined;
  return row ?? { provider: null, config: {} };
}
