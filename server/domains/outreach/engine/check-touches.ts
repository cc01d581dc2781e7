import { setImmediate as others } from "node:timers/promises";
import type { Context } from "#platform/context.ts";
import { type LeadForSend, listLeadsForSend, listSuppressions } from "#domains/leads/index.ts";
import { type Channel, type Surroundings, loadSurroundings } from "#domains/messaging/index.ts";
import { type LeadCheck, MOST_LOOKED_AT, NAMED_LEADS } from "../contract/lead-check.ts";
import type { TouchScript } from "../queries/scripts.ts";
import { fillTouch } from "./render-touch.ts";

/** A touch to be looked at: a step of one or more versions of a sequence, or a script by itself (`stepOrder` and `versionIds` null). */
export type CheckedTouch = {
  stepOrder: number | null;
  versionIds: ReadonlySet<string> | null;
  channel: Channel;
  script: TouchScript | null;
};

/** A lead to be looked at. Steps before `fromOrder` lie behind them; those of another version than theirs they never come to. */
export type CheckedLead = { leadId: string; versionId: string | null; fromOrder: number; campaignName: string | null };

type FailedTouch = LeadCheck["leads"][number]["touches"][number];

/** Leads that are read in one go. */
const READ = 500;
/** Texts between two turns of everybody else: a few milliseconds of work. */
const TURN = 20;
/** Texts of one request: about ten seconds of a slow processor when all of them are letters. */
const MOST_TEXTS = 30_000;

/** How many leads are looked at in so many touches. */
export const mostLeads = (touches: number): number =>
  Math.min(MOST_LOOKED_AT, Math.floor(MOST_TEXTS / Math.max(touches, 1)));

/**
 * Makes every touch's text for every lead, by the code that makes it when it is sent, and counts for whom it cannot be made. Who has no
 * address for a channel, or one that is suppressed, is counted as that: nothing is made for them when it is sent either. Three statements for
 * 500 leads; writes nothing. `unsubscribeUrl` stands in for each message's own.
 */
export async function checkTouches(
  ctx: Context,
  touches: readonly CheckedTouch[],
  wanted: readonly CheckedLead[],
  unsubscribeUrl: string,
): Promise<Omit<LeadCheck, "isMore">> {
  const around = await loadSurroundings(ctx, new Set(touches.map(({ channel }) => channel)));
  const steps = touches.map(({ stepOrder, channel, script }) => ({
    stepOrder,
    channel,
    scriptId: script?.id ?? null,
    scriptName: script?.name ?? null,
    failing: 0,
    noAddress: 0,
    suppressed: 0,
  }));
  const variables = new Map<string, number>();
  const errors = new Map<string, number>();
  const named: LeadCheck["leads"] = [];
  let [looked, failing, made] = [0, 0, 0];

  for (let start = 0; start < wanted.length; start += READ) {
    const batch = wanted.slice(start, start + READ);
    const leads = await listLeadsForSend(
      ctx,
      batch.map(({ leadId }) => leadId),
    );
    const suppressed = await listSuppressions(ctx, addressesOf(leads.values()));
    for (const { leadId, versionId, fromOrder, campaignName } of batch) {
      const lead = leads.get(leadId);
      if (!lead) continue;
      looked += 1;
      const failed: FailedTouch[] = [];
      for (const [index, { stepOrder, versionIds, channel, script }] of touches.entries()) {
        const step = steps[index];
        if (!step || (stepOrder ?? 0) < fromOrder) continue;
        if (versionId !== null && versionIds?.has(versionId) === false) continue;
        const address = addressFor(lead, channel);
        if (!address) step.noAddress += 1;
        else if (suppressed.find(channel, address)) step.suppressed += 1;
        else {
          if (++made % TURN === 0) await others();
          const from = fromOf(around, channel);
          const filled = fillTouch({ script, channel, lead, campaignName, from, around, unsubscribeUrl });
          if (filled.ok) continue;
          step.failing += 1;
          const { missing, error = null } = filled;
          failed.push({ stepOrder, channel, scriptName: script?.name ?? null, missing, error });
        }
      }
      if (failed.length === 0) continue;
      failing += 1;
      countEach(variables, new Set(failed.flatMap(({ missing }) => missing)));
      countEach(errors, new Set(failed.flatMap(({ error }) => error ?? [])));
      const { id, firstName, lastName, email, phone } = lead;
      if (named.length < NAMED_LEADS) named.push({ id, firstName, lastName, email, phone, touches: failed });
    }
  }
  return {
    looked,
    failing,
    steps,
    leads: named,
    variables: mostFirst(variables).map(([name, count]) => ({ name, leads: count })),
    errors: mostFirst(errors).map(([detail, count]) => ({ detail, leads: count })),
  };
}

const fromOf = ({ providers }: Surroundings, channel: Channel) => providers.get(channel)?.from ?? "";

const addressFor = (lead: LeadForSend, channel: Channel) => (channel === "EMAIL" ? lead.email : lead.phone);

function addressesOf(leads: Iterable<LeadForSend>): { kind: "EMAIL" | "PHONE"; value: string }[] {
  return [...leads].flatMap(({ email, phone }) => [
    ...(email ? [{ kind: "EMAIL" as const, value: email }] : []),
    ...(phone ? [{ kind: "PHONE" as const, value: phone }] : []),
  ]);
}

function countEach(counts: Map<string, number>, names: ReadonlySet<string>): void {
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
}

const mostFirst = (counts: ReadonlyMap<string, number>) =>
  [...counts].toSorted(([a, x], [b, y]) => y - x || a.localeCompare(b));
