import { z } from "zod";
import { LEAD_FIELDS, type ColumnMapping } from "../csv/mapping.ts";
import { DATE_ORDERS } from "../csv/dates.ts";
import { CONSENT_BASES, CONSENT_CHANNELS, LEAD_SOURCES, OVERWRITABLE_FIELDS, UPDATE_POLICIES } from "../rules.ts";

const fields = LEAD_FIELDS.map(({ field }) => field);

/** What one column of a file becomes. */
export const columnMappingSchema = z.object({
  column: z.int().min(0),
  header: z.string().max(1_000),
  field: z.enum(fields),
  metaKey: z.string().max(100).optional(),
  customKey: z.string().max(60).optional(),
  dateOrder: z.enum(DATE_ORDERS).optional(),
}) satisfies z.ZodType<ColumnMapping>;

/** What holds for all rows of an import. */
export const importOptionsSchema = z.object({
  /** Which leads the rows are of; ids of another system are told apart by it. */
  source: z.enum(LEAD_SOURCES).default("MANUAL"),
  /** Stands on new leads; the name of the file unless told. */
  sourceLabel: z.string().trim().min(1).max(200).optional(),
  /** ISO alpha-2: how phone numbers without a prefix are read where the row names no country. */
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, "Write the country as two capital letters")
    .optional(),
  /** IANA: the clock of dates without an offset. */
  timeZone: z.string().max(60).optional(),
  policy: z.enum(UPDATE_POLICIES).default("fill"),
  overwriteFields: z.array(z.enum(OVERWRITABLE_FIELDS)).max(OVERWRITABLE_FIELDS.length).optional(),
  /** What everybody in the file gave, recorded for each with file and line as the proof; who took it back is left out. */
  consent: z
    .object({
      basis: z.enum(CONSENT_BASES),
      channels: z.array(z.enum(CONSENT_CHANNELS)).min(1).max(CONSENT_CHANNELS.length),
      /** Which form, fair or contract it comes from. */
      source: z.string().trim().min(3, "Say where it comes from").max(300),
    })
    .optional(),
  /** Put on every lead of the file. */
  tags: z.array(z.string().trim().min(1).max(60)).max(20).optional(),
});
export type ImportOptions = z.infer<typeof importOptionsSchema>;

export const mappingSchema = z.array(columnMappingSchema).max(500);
