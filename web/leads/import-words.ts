import type { ImportView, PreviewRowView } from "#domains/leads/contract.ts";
import type { ImportStatus } from "#domains/leads/rules.ts";
import type { ImportStep } from "#web/leads/search.ts";
import type { Tone } from "#web/ui/badge.tsx";

export const importLook: Record<ImportStatus, { label: string; tone: Tone }> = {
  UPLOADED: { label: "Not started", tone: "neutral" },
  MAPPED: { label: "Not started", tone: "neutral" },
  RUNNING: { label: "Running", tone: "accent" },
  COMPLETED: { label: "Completed", tone: "positive" },
  FAILED: { label: "Failed", tone: "danger" },
  CANCELLED: { label: "Cancelled", tone: "warning" },
};

/** The step of the wizard on which an import stands. */
export const importStepFor = (status: ImportStatus): ImportStep =>
  status === "UPLOADED" ? "map" : status === "MAPPED" ? "preview" : "run";

type Column = ImportView["columns"][number];
export type FieldChoice = Column["field"];

/** What a person chooses for a column: a field of every lead, one of the workspace's own by its key, or a new one of these. */
export type ColumnChoice = Exclude<FieldChoice, "custom"> | `custom:${string}`;
export const NEW_FIELD = "custom:";

export const choiceOf = ({ field, customKey }: Pick<Column, "field" | "customKey">): ColumnChoice =>
  field === "custom" ? `custom:${customKey ?? ""}` : field;

/** What a column can become, in the words of the wizard. */
export const columnWords: Record<Exclude<FieldChoice, "custom">, string> = {
  firstName: "First name",
  lastName: "Last name",
  fullName: "Full name",
  email: "E-mail",
  phone: "Phone",
  linkedin: "LinkedIn page",
  company: "Company",
  jobTitle: "Job title",
  website: "Website",
  status: "Status",
  tags: "Tags",
  notes: "Notes",
  source: "Source (your word for it)",
  region: "State or region",
  country: "Country",
  timeZone: "Time zone",
  createdAt: "Created at (in the other system)",
  externalId: "ID in the other system",
  meta: "Keep as it is",
  ignore: "Leave out",
};

export const outcomeLook: Record<PreviewRowView["outcome"], { label: string; tone: Tone }> = {
  create: { label: "New lead", tone: "positive" },
  update: { label: "Update", tone: "info" },
  unchanged: { label: "No change", tone: "neutral" },
  conflict: { label: "Conflict", tone: "danger" },
  faulty: { label: "Left out", tone: "danger" },
};

/** Below this a person should look at the proposal (the server's own threshold, stated in the contract). */
export const SURE_ENOUGH = 0.6;

/** Seconds that are left at the present rate; undefined where nothing can be said yet. */
export function secondsLeft({ rate, rowsTotal, rowsRead }: ImportView): number | undefined {
  if (!rate || rowsTotal === null || rowsTotal <= rowsRead) return undefined;
  return (rowsTotal - rowsRead) / rate;
}
