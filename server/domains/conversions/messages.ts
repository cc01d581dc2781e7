import { z } from "zod";
import { defineEvent } from "#platform/events.ts";
import { CONVERSION_STATUSES } from "./rules.ts";

const about = {
  conversionId: z.string(),
  status: z.enum(CONVERSION_STATUSES),
  revenueMinor: z.int(),
  currency: z.string(),
  source: z.string(),
};

export const conversionRecorded = defineEvent("conversions.conversion-recorded", z.object(about));
/** Its source told it again, with another revenue. */
export const conversionCorrected = defineEvent(
  "conversions.conversion-corrected",
  z.object({ ...about, beforeMinor: z.int(), beforeCurrency: z.string() }),
);
