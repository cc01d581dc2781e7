import { Readable } from "node:stream";
import { connectSandbox } from "#platform/integrations/commands/connect.ts";
import type { Context } from "#platform/context.ts";
import { inviteMember, updateSettings } from "#domains/accounts/index.ts";
import {
  changeManyLeads,
  createCustomField,
  createLead,
  findLeadsByIdentity,
  type LeadFields,
  startImport,
  suppress,
  uploadImport,
} from "#domains/leads/index.ts";
import { createSender } from "#domains/messaging/index.ts";
import {
  activateCampaign,
  answerRatesSchema,
  assignLeads,
  createCampaign,
  enrollLeads,
  pauseSequence,
  startSimulation,
} from "#domains/outreach/index.ts";
import type { App } from "../app.ts";
import {
  adSequence,
  checkInSequence,
  holidayDraft,
  offerSequence,
  reviseWelcome,
  type Scripts,
  welcomeSequence,
  writeScripts,
} from "./outreach.ts";
import { meetAtForm, openForm } from "./intake.ts";
import { AD_ENQUIRIES, FAIR_EMAILS, FAIR_LIST, FIRST_ENQUIRIES, LATE_ENQUIRY, OLD_CONTACTS } from "./people.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const HISTORY_DAYS = 10;
export const TEAM = {
  owner: { name: "Robin Demo", email: "demo@throughline.example" },
  setter: { name: "Mara Lindgren", email: "mara@northlight.example" },
} as const;

type Stage = {
  app: App;
  /** Acts as the owner, at the virtual instant. */
  ctx: Context;
  /** The end of the history: the present. */
  now: Date;
  passTo: (at: Date) => Promise<void>;
  /** Makes an account by the link of an invitation, as the page behind it does. */
  join: (link: string) => Promise<void>;
};

/** Everything that happened in the studio in the last ten days, in its order. */
export async function liveThrough({ app, ctx, now, passTo, join }: Stage): Promise<void> {
  const before = (days: number, hours = 0) => new Date(now.getTime() - days * DAY_MS - hours * HOUR_MS);

  await furnish(app, ctx);
  const scripts = await writeScripts(ctx);
  const campaigns = await planCampaigns(ctx, now);
  const form = await openForm(ctx, campaigns.spring);
  const old = await takeIn(ctx, OLD_CONTACTS);
  const welcome = await welcomeSequence(ctx, scripts);
  const first = await takeIn(ctx, FIRST_ENQUIRIES);
  await enrol(ctx, welcome, first, campaigns.spring);

  await passTo(before(9, 3));
  const { link } = await inviteMember(app.runtime, ctx, { email: TEAM.setter.email, role: "MEMBER" });
  await passTo(before(9, 1));
  await join(link);

  await passTo(before(8));
  const fair = await importFairList(app, ctx, () => passTo(before(8)));
  await enrol(ctx, welcome, fair.slice(2), campaigns.spring);
  await suppress(ctx, {
    kind: "EMAIL",
    value: "press@lanternmedia.example",
    reason: "MANUAL",
    evidence: "A competitor: never write to them.",
  });

  await passTo(before(6, 2));
  const checkIn = await checkInSequence(ctx, scripts);
  await enrol(ctx, checkIn, old.slice(0, 2), campaigns.again);
  await adSequence(ctx, scripts);
  const fromAds = await meetAdEnquiries(ctx, passTo, before);

  await passTo(before(2, 4));
  // In the middle of the sequence: whoever has become a customer is not asked again.
  await changeManyLeads(ctx, { leadIds: fair.slice(5), status: "CONVERTED", addTags: ["customer"] });
  const late = [...(await meetAtForm(app, ctx.workspace, form)), ...(await takeIn(ctx, [LATE_ENQUIRY]))];
  await enrol(ctx, welcome, late.slice(1), campaigns.spring);
  await offerWaits(ctx, scripts, fair.slice(0, 2));

  await passTo(before(2));
  await reviseWelcome(ctx, welcome);

  await passTo(before(1, 2));
  await enrol(ctx, checkIn, fair.slice(0, 2), campaigns.again);
  await inviteMember(app.runtime, ctx, { email: "accounts@northlight.example", role: "VIEWER" });

  await passTo(before(0, 3));
  await enrol(ctx, welcome, late.slice(0, 1), campaigns.spring);
  // So recent that today has its first mails whatever the hour, and the texts after them are due within a day.
  await passTo(new Date(now.getTime() - 20 * MINUTE_MS));
  await enrol(ctx, welcome, [...fair.slice(1, 2), ...fromAds.slice(2)], campaigns.spring);
  await passTo(now);
  // Asked for when all is lived through: the server that starts now carries it out, on a copy.
  await startSimulation(ctx, {
    sequenceId: welcome,
    invented: 60,
    days: 14,
    seed: 2026,
    rates: answerRatesSchema.parse({}),
  });
}

/** Settings, what the studio keeps about people, and two channels tied to their sandbox by name: nothing of the demo can leave this machine. */
async function furnish({ runtime }: App, ctx: Context): Promise<void> {
  await updateSettings(ctx, {
    senderName: "Northlight Studio",
    senderEmail: "robin@northlight.example",
    postalAddress: "12 Harbour Lane, Portland, ME 04101",
  });
  await createCustomField(ctx, { label: "Package", type: "select", options: ["Starter", "Growth", "Full service"] });
  await createCustomField(ctx, { label: "Monthly budget", type: "number", options: [] });
  await createCustomField(ctx, { label: "Site goes live", type: "date", options: [] });
  await connectSandbox(runtime, ctx, "sandbox-sms");
  await connectSandbox(runtime, ctx, "sandbox-voice");
  // Two numbers that share the texts; the sandbox sends from whichever it is told.
  for (const address of ["+12075550118", "+12075550142"])
    await createSender(ctx, {
      channel: "SMS",
      address,
      displayName: "",
      integrationId: null,
      takesNew: true,
      perMinute: 20,
      perDay: 200,
      hasRamp: false,
      dkimSelector: null,
    });
}

async function planCampaigns(ctx: Context, now: Date): Promise<{ spring: string; again: string }> {
  const inDays = (days: number) => new Date(now.getTime() + days * DAY_MS).toISOString();
  const spring = await createCampaign(ctx, {
    name: "Spring Outreach",
    description: "Everybody who asks about a new site.",
    channels: ["EMAIL", "SMS", "CALL"],
    startDate: inDays(-HISTORY_DAYS),
    endDate: inDays(60),
  });
  await activateCampaign(ctx, spring);
  const again = await createCampaign(ctx, {
    name: "Re-engagement",
    description: "Those we have met and not heard from since.",
    channels: ["SMS", "EMAIL"],
  });
  await activateCampaign(ctx, again);
  await createCampaign(ctx, {
    name: "Holiday",
    description: "A card to all customers.",
    channels: ["EMAIL"],
    startDate: inDays(20),
    endDate: inDays(40),
  });
  await holidayDraft(ctx);
  return { spring, again };
}

async function takeIn(ctx: Context, people: readonly LeadFields[]): Promise<string[]> {
  const ids: string[] = [];
  for (const fields of people) ids.push((await createLead(ctx, fields)).leadId);
  return ids;
}

async function enrol(ctx: Context, sequenceId: string, leadIds: readonly string[], campaignId: string): Promise<void> {
  await assignLeads(ctx, campaignId, leadIds);
  await enrollLeads(ctx, { sequenceId, leadIds, campaignId, by: "person" });
}

/** Imports the list of the trade fair and returns those that it brought, in the order of the file. */
async function importFairList({ runtime }: App, ctx: Context, run: () => Promise<void>): Promise<string[]> {
  const stream = Readable.from([Buffer.from(FAIR_LIST)]);
  const { dataDir } = runtime.config;
  const { importId } = await uploadImport(ctx, dataDir, { fileName: "trade-fair.csv", mimeType: "text/csv", stream });
  await startImport(ctx, dataDir, importId);
  await run();
  const found = await findLeadsByIdentity(
    ctx,
    FAIR_EMAILS.map((value) => ({ kind: "EMAIL", value })),
  );
  return FAIR_EMAILS.flatMap((email) => found.get(`EMAIL ${email}`) ?? []);
}

/** They come one by one; the sequence takes each in by itself. */
async function meetAdEnquiries(
  ctx: Context,
  passTo: Stage["passTo"],
  before: (days: number, hours?: number) => Date,
): Promise<string[]> {
  const ids: string[] = [];
  for (const [at, person] of AD_ENQUIRIES.entries()) {
    if (at > 0) await passTo(at === 1 ? before(5) : before(3, 5));
    ids.push(...(await takeIn(ctx, [person])));
  }
  return ids;
}

async function offerWaits(ctx: Context, scripts: Scripts, leadIds: readonly string[]): Promise<void> {
  const offer = await offerSequence(ctx, scripts);
  await enrollLeads(ctx, { sequenceId: offer, leadIds, by: "person" });
  await pauseSequence(ctx, offer);
}
