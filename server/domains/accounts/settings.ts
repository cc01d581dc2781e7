import { z } from "zod";
import { isTimeZone } from "./rules.ts";

const regions = new Intl.DisplayNames("en", { type: "region", fallback: "none" });

/** An ISO 3166-1 alpha-2 code that names a country. */
const isCountry = (code: string) => /^[A-Z]{2}$/.test(code) && regions.of(code) !== undefined;

/** Days are ISO numbers, 1 (Monday) to 7; an end before the start is on the next day. `zone` fixes the clock, else the lead's own counts. */
const sendWindow = z
  .strictObject({
    days: z
      .array(z.int().min(1).max(7))
      .min(1, "Choose at least one day")
      .max(7)
      .refine((days) => new Set(days).size === days.length, "Each day once"),
    start: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Write the time as HH:MM"),
    end: z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, "Write the time as HH:MM"),
    zone: z.string().refine(isTimeZone, "Not a time zone").optional(),
  })
  .refine(({ start, end }) => start !== end, {
    path: ["end"],
    error: "The window would open and close at once; a whole day is 00:00 to 24:00",
  });

/** A host name with at least two labels (RFC 1123): no scheme, port or path. */
const isHostName = (host: string) =>
  /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(host);

/** Ten years of public holidays; a list that long is read at every decision to send. */
const MAX_HOLIDAYS = 200;

/** Messages of one channel in a day of the workspace; with a ramp, `start` of them on the day `since` and `step` more each day, up to `perDay`. */
const dayLimit = z.strictObject({
  perDay: z.int().min(1).max(10_000_000).nullable(),
  ramp: z
    .strictObject({
      start: z.int().min(1).max(1_000_000),
      step: z.int().min(1).max(1_000_000),
      since: z.iso.date("Write the date as YYYY-MM-DD"),
    })
    .nullable(),
});
export type DayLimit = z.infer<typeof dayLimit>;

/** What a workspace says once for all its leads, scripts and sequences, as the API and the browser's form validate it. */
export const settingsSchema = z.object({
  timeZone: z.string().refine(isTimeZone, "Not a time zone"),
  country: z.string().refine(isCountry, "Not a country: write its two letters, such as US"),
  senderName: z.string().trim().max(200),
  senderEmail: z
    .string()
    .trim()
    .toLowerCase()
    .max(254)
    .pipe(z.email("Write an e-mail address").or(z.literal(""))),
  postalAddress: z.string().trim().max(500),
  sendWindow,
  holidays: z
    .array(z.iso.date("Write the date as YYYY-MM-DD"))
    .max(MAX_HOLIDAYS)
    .refine((dates) => new Set(dates).size === dates.length, "Each date once"),
  capPerChannelPerDay: z.int().min(1).max(50),
  capPerWeek: z.int().min(1).max(350),
  /** Touches of one lead in a day on all channels together; null: no such cap. */
  capPerDay: z.int().min(1).max(50).nullable(),
  /** Minutes between two touches of one lead, at most a week; null: none. */
  minGapMinutes: z.int().min(1).max(10_080).nullable(),
  emailPerMinute: z.int().min(1).max(100_000),
  smsPerMinute: z.int().min(1).max(100_000),
  callPerMinute: z.int().min(1).max(10_000),
  /** Whether openings of mails and clicks on links of mails and texts are noted. */
  trackOpens: z.boolean(),
  trackClicks: z.boolean(),
  /** A host name of the workspace's own that points here, for the links of its messages; empty: the server's own address. */
  trackingHost: z
    .string()
    .trim()
    .toLowerCase()
    .max(253)
    .refine((host) => host === "" || isHostName(host), "Write a host name, such as go.example.com"),
  /** Channels whose messages wait for a basis on record: any for e-mail and SMS, express consent for calls, whose voice is artificial. */
  consentPolicy: z.strictObject({
    EMAIL: z.boolean().optional(),
    SMS: z.boolean().optional(),
    CALL: z.boolean().optional(),
  }),
  /** Channels whose days are limited; a channel that is not named is not. */
  channelLimits: z.strictObject({
    EMAIL: dayLimit.optional(),
    SMS: dayLimit.optional(),
    CALL: dayLimit.optional(),
  }),
});
export type SettingsInput = z.infer<typeof settingsSchema>;
