import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { laterThanBefore } from "#platform/database/later.ts";
import type { SettingsInput } from "../settings.ts";

/** The settings of a workspace: as the API shows them, with the time of the last change. */
export type WorkspaceSettings = SettingsInput & { updatedAt: Date };

const FIELDS = [
  "timeZone",
  "country",
  "senderName",
  "senderEmail",
  "postalAddress",
  "sendWindow",
  "holidays",
  "capPerChannelPerDay",
  "capPerWeek",
  "capPerDay",
  "minGapMinutes",
  "emailPerMinute",
  "smsPerMinute",
  "callPerMinute",
  "trackOpens",
  "trackClicks",
  "trackingHost",
  "consentPolicy",
  "channelLimits",
  "updatedAt",
] as const satisfies readonly (keyof WorkspaceSettings)[];

/** One read by primary key. Every workspace has its row from the moment it is made. */
export async function getWorkspaceSettings({ db, workspace }: Context): Promise<WorkspaceSettings> {
  return db
    .selectFrom("workspaceSettings")
    .select(FIELDS)
    .where("workspaceId", "=", workspace)
    .executeTakeFirstOrThrow();
}

export async function lockSettings({ db, workspace }: Context): Promise<WorkspaceSettings> {
  return db
    .selectFrom("workspaceSettings")
    .select(FIELDS)
    .where("workspaceId", "=", workspace)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

export async function updateSettingsRow(tx: Context, change: Partial<SettingsInput>): Promise<void> {
  const { sendWindow, holidays, consentPolicy, channelLimits, ...plain } = change;
  await tx.db
    .updateTable("workspaceSettings")
    .set({
      ...plain,
      ...(sendWindow && { sendWindow: sql<SettingsInput["sendWindow"]>`${JSON.stringify(sendWindow)}::jsonb` }),
      ...(holidays && { holidays: sql<string[]>`${JSON.stringify(holidays)}::jsonb` }),
      ...(consentPolicy && {
        consentPolicy: sql<SettingsInput["consentPolicy"]>`${JSON.stringify(consentPolicy)}::jsonb`,
      }),
      ...(channelLimits && {
        channelLimits: sql<SettingsInput["channelLimits"]>`${JSON.stringify(channelLimits)}::jsonb`,
      }),
      updatedAt: laterThanBefore(tx),
    })
    .where("workspaceId", "=", tx.workspace)
    .execute();
}
