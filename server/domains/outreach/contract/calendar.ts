import { z } from "zod";
import { endpoint, moment, pageInput, pageOf } from "#platform/http/endpoint.ts";
import { executionSchema } from "./executions.ts";

/** Six weeks: a month on a sheet of whole weeks. */
export const MOST_DAYS = 42;

/** Its weeks end before the years do that a date can say. */
const LATEST_START = "9999-10-31";

const byChannel = z.object({ CALL: z.int(), SMS: z.int(), EMAIL: z.int() });

export const calendarSchema = z.object({
  timeZone: z.string(),
  /** The day that it is now. */
  today: z.iso.date(),
  days: z.array(
    z.object({
      day: z.iso.date(),
      /** Went out; null for days to come. */
      sent: byChannel.nullable(),
      /** Planned steps, by when windows, caps and limits let them out as far as is known. What is overdue counts today. */
      planned: byChannel,
    }),
  ),
  /** More is planned than was counted: the last days may show too little. */
  isMore: z.boolean(),
});
export type Calendar = z.infer<typeof calendarSchema>;

const tags = ["Executions"];

export const calendarOperations = {
  get: endpoint("outreach:read")
    .route({
      method: "GET",
      path: "/outreach/calendar",
      tags,
      summary: "What went out and what is planned, day by day",
    })
    .input(
      z.object({
        /** The first day, in the workspace's time zone. */
        from: z.iso.date().refine((day) => day <= LATEST_START, "Not so late"),
        days: z.coerce.number().int().min(1).max(MOST_DAYS).default(MOST_DAYS),
      }),
    )
    .output(calendarSchema),
  planned: endpoint("outreach:read")
    .route({
      method: "GET",
      path: "/executions/planned",
      tags,
      summary: "List planned steps by when they go out, the soonest first",
    })
    .input(
      pageInput.extend({
        from: moment,
        /** The first instant that is too late. */
        before: moment,
      }),
    )
    .output(pageOf(executionSchema)),
};
