import { expect, test } from "vitest";
import { type Asked, type BotReason, BOT_REASONS, botReasonByTime, botReasonOf } from "./bots.ts";

const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36";
const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
const asked = (change: Partial<Asked>): Asked => ({
  kind: "CLICK",
  isHead: false,
  purpose: null,
  userAgent: CHROME,
  ...change,
});

test.each<[Partial<Asked>, BotReason | null]>([
  [{}, null],
  [{ userAgent: IPHONE }, null],
  [
    {
      kind: "OPEN",
      userAgent: "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    },
    null,
  ],
  [{ kind: "OPEN", userAgent: "Mozilla/5.0" }, "prefetch"],
  [
    {
      kind: "OPEN",
      userAgent:
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0",
    },
    "prefetch",
  ],
  [{ isHead: true }, "head_request"],
  [{ purpose: "prefetch;prerender" }, "prefetch"],
  [{ userAgent: "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)" }, "scanner"],
  [{ userAgent: "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" }, "scanner"],
  [{ userAgent: "WhatsApp/2.23.20.0" }, "scanner"],
  [{ userAgent: "Mozilla/5.0 BarracudaCentral" }, "scanner"],
  [{ userAgent: "python-requests/2.32" }, "datacenter"],
  [{ userAgent: "curl/8.5.0" }, "datacenter"],
  [{ userAgent: "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/120.0" }, "datacenter"],
  [{ userAgent: null }, "datacenter"],
])("a request that says %j is taken for %s", (request, reason) => {
  expect(botReasonOf(asked(request))).toBe(reason);
});

const T0 = Date.parse("2026-03-02T12:00:00Z");
const click = (ms: number, url = "https://a.example") => ({ at: new Date(T0 + ms), url });

test("a click before two seconds are over is a machine's, and a later one is a person's", () => {
  expect(botReasonByTime(click(1_999), new Date(T0), [])).toBe("too_soon");
  expect(botReasonByTime(click(2_000), new Date(T0), [])).toBeNull();
  expect(botReasonByTime(click(0), null, [])).toBeNull();
});

test("three links within a second are a machine's, whichever came first; one link three times, or two links, are a person's", () => {
  const [a, b, c] = [click(60_000, "a"), click(60_500, "b"), click(61_000, "c")] as const;
  expect([a, b, c].map((one) => botReasonByTime(one, new Date(T0), [a, b, c]))).toEqual(["burst", "burst", "burst"]);
  expect(botReasonByTime(a, new Date(T0), [a, b])).toBeNull();
  expect(botReasonByTime(a, new Date(T0), [a, click(60_100, "a"), click(60_200, "a")])).toBeNull();
  expect(botReasonByTime(a, new Date(T0), [a, b, click(61_001, "c")])).toBeNull();
});

test("each reason is named once", () => {
  expect(new Set(BOT_REASONS).size).toBe(BOT_REASONS.length);
});
