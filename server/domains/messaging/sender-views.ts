import type { Context } from "#platform/context.ts";
import { instantOrNull } from "#platform/http/instants.ts";
import { NotFound } from "#platform/problems.ts";
import { z } from "zod";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import type { Channel } from "./channels.ts";
import { CHANNELS } from "./channels.ts";
import { type SenderRow, countThreads, findSender, healthOf, listDays } from "./queries/senders.ts";
import { type SenderDetail, type SenderView, domainCheckSchema } from "./sender-contract.ts";
import { domainOf } from "./senders/domain-records.ts";
import { dayOf, limitOn, rampEndsOn } from "./senders/ramp.ts";
import { dateOfDay } from "./zone.ts";

/** As many days as the panel of a sender shows. */
const DAYS_SHOWN = 14;

const checksSchema = z.array(domainCheckSchema);

/** Senders as the API shows them: with what today allows and how their last messages went, in a fixed number of reads. */
export async function viewSenders(ctx: Context, rows: readonly SenderRow[]): Promise<SenderView[]> {
  const { timeZone } = await getWorkspaceSettings(ctx);
  const day = dayOf(timeZone, ctx.now());
  const ids = rows.map(({ id }) => id);
  const health = await healthOf(ctx, ids);
  const used = new Map(
    (await listDays(ctx, ids, day)).filter((one) => one.day === day).map((one) => [one.senderId, one.used]),
  );
  const through = new Map<Channel, string | null>();
  for (const channel of CHANNELS) {
    const active = await ctx.providers.active(ctx, channel);
    if (active) through.set(channel, active.integrationId);
  }
  return rows.map((row): SenderView => {
    const end = rampEndsOn(row, timeZone);
    const { sends, bounces, complaints } = health.get(row.id) ?? { sends: 0, bounces: 0, complaints: 0 };
    const active = through.get(row.channel);
    const isElsewhere = row.integrationId !== null && active !== undefined && active !== row.integrationId;
    return {
      id: row.id,
      channel: row.channel,
      address: row.address,
      displayName: row.displayName,
      integrationId: row.integrationId,
      takesNew: row.isActive,
      status: row.status,
      paused:
        row.pauseCause && row.pausedAt
          ? { cause: row.pauseCause, reason: row.pauseReason ?? "", at: row.pausedAt.toISOString() }
          : null,
      whyNot: isElsewhere ? "Its integration is not the one that the channel sends through now" : null,
      perMinute: row.perMinute,
      perDay: row.perDay,
      ramp: row.rampStartedAt
        ? { startedAt: row.rampStartedAt.toISOString(), full: end === null ? null : dateOfDay(end) }
        : null,
      today: { day: dateOfDay(day), used: used.get(row.id) ?? 0, limit: limitOn(row, timeZone, day) },
      health: { sends, bounces, complaints, since: row.countsFrom.toISOString() },
      domain:
        row.channel === "EMAIL"
          ? {
              name: domainOf(row.address),
              status: row.domainStatus,
              // The daily look-up writes its time first: until there is an outcome, nothing is known.
              checkedAt: row.domainStatus === null ? null : instantOrNull(row.domainCheckedAt),
              checks: checksSchema.parse(row.domainChecks),
              selector: row.dkimSelector,
            }
          : null,
      createdAt: row.createdAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
    };
  });
}

/** One sender with its last days. Throws NotFound. */
export async function viewSender(ctx: Context, id: string): Promise<SenderDetail> {
  const row = await findSender(ctx, id);
  if (!row) throw NotFound();
  const [view] = await viewSenders(ctx, [row]);
  if (!view) throw NotFound();
  const { timeZone } = await getWorkspaceSettings(ctx);
  const today = dayOf(timeZone, ctx.now());
  const first = today - DAYS_SHOWN + 1;
  const used = new Map((await listDays(ctx, [id], first)).map((one) => [one.day, one.used]));
  const added = dayOf(timeZone, row.createdAt);
  const days = Array.from({ length: DAYS_SHOWN }, (_, place) => first + place).filter((day) => day >= added);
  return {
    ...view,
    threads: await countThreads(ctx, id),
    days: days.map((day) => ({ day: dateOfDay(day), used: used.get(day) ?? 0, limit: limitOn(row, timeZone, day) })),
  };
}
