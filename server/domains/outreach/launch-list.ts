import { CHANNELS, type Channel } from "#domains/messaging/channels.ts";
import { legalFloor } from "#domains/messaging/floors.ts";
import type { PoolStanding } from "#domains/messaging/index.ts";
import { type SendWindow, hoursInWords, nextOpen } from "#domains/messaging/window.ts";
import { CHANNEL_WORDS } from "./channel-words.ts";
import type { ActivationFault } from "./states.ts";

export const LAUNCH_POINTS = [
  "steps",
  "scripts",
  "conditions",
  "trigger",
  "words",
  "channel",
  "senders",
  "window",
  "sender",
] as const;

/** One thing that a launch needs. `required`: undone, it keeps the sequence from being started. */
export type LaunchPoint = {
  code: (typeof LAUNCH_POINTS)[number];
  /** What a `channel` or `senders` point is about. */
  channel: Channel | null;
  isDone: boolean;
  required: boolean;
  title: string;
  /** What is there, or everything that is missing. */
  details: string[];
  /** When the sending hours open; an instant that is not after now means that they are open. */
  opensAt: Date | null;
};

export type LaunchFacts = {
  /** Channels of the steps in use, each as often as there are such steps. */
  steps: readonly Channel[];
  /** As `whyNotActivateSequence` lists them. */
  faults: readonly ActivationFault[];
  /** What `checkScript` warns of in the scripts of the steps in use, each script by its name. */
  warnings: readonly { script: string; detail: string }[];
  /** Who sends on each channel; null where nobody does. */
  senders: ReadonlyMap<Channel, { from: string; isSandbox: boolean } | null>;
  /** The channels that have senders of their own, and how these stand. */
  pools: ReadonlyMap<Channel, PoolStanding>;
  settings: { senderName: string; senderEmail: string; postalAddress: string; timeZone: string; country: string };
  window: SendWindow;
  holidays: readonly string[];
  now: Date;
};

/** Everything that a sequence needs before its first touch, done or not, in the order in which one sees to it. */
export function launchPoints(facts: LaunchFacts): LaunchPoint[] {
  const { steps, faults } = facts;
  const used = CHANNELS.filter((channel) => steps.includes(channel));
  const about = (...codes: ActivationFault["code"][]) =>
    faults.filter(({ code }) => codes.includes(code)).map(({ detail }) => detail);
  const scripts = about("step_without_script", "script_not_found", "script_of_other_channel", "script_fault");
  const hasSteps = steps.length > 0;
  return [
    point("steps", "Steps", {
      isDone: hasSteps,
      required: true,
      details: [hasSteps ? `${steps.length} ${steps.length === 1 ? "step" : "steps"} in use` : "No step is in use yet"],
    }),
    ...(hasSteps
      ? [
          point("scripts", "Scripts", {
            isDone: scripts.length === 0,
            required: true,
            details: scripts.length > 0 ? scripts : ["Every step has a script without faults"],
          }),
        ]
      : []),
    ...gonePoint("conditions", "Conditions", about("condition_gone")),
    ...gonePoint("trigger", "Trigger", about("trigger_gone")),
    ...wordsPoint(facts),
    ...used.map((channel) => channelPoint(channel, facts)),
    ...used.flatMap((channel) => poolPoint(channel, facts.pools.get(channel))),
    windowPoint(used, facts),
    ...(used.includes("EMAIL") ? [senderPoint(facts)] : []),
  ];
}

function point(
  code: LaunchPoint["code"],
  title: string,
  rest: Pick<LaunchPoint, "isDone" | "required" | "details"> & Partial<LaunchPoint>,
): LaunchPoint {
  return { code, title, channel: null, opensAt: null, ...rest };
}

/** Only where something is gone that the sequence asks for: then it does not start, rather than going out to everybody or nobody. */
const gonePoint = (code: "conditions" | "trigger", title: string, details: string[]): LaunchPoint[] =>
  details.length === 0 ? [] : [point(code, title, { isDone: false, required: true, details })];

/** Only where there is something to say: a text without a warning needs nothing. */
function wordsPoint({ warnings }: LaunchFacts): LaunchPoint[] {
  if (warnings.length === 0) return [];
  return [
    point("words", "Words and links", {
      isDone: false,
      required: false,
      details: warnings.map(({ script, detail }) => `${script}: ${detail}`),
    }),
  ];
}

function channelPoint(channel: Channel, { senders, pools }: LaunchFacts): LaunchPoint {
  const sender = senders.get(channel) ?? null;
  const name = CHANNEL_WORDS[channel];
  const from = pools.has(channel) ? "your senders" : sender?.from;
  const via = sender?.isSandbox
    ? "Goes to the sandbox: nobody is really contacted"
    : `Goes out through your integration${from ? `, from ${from}` : ""}`;
  return point("channel", name, {
    channel,
    isDone: sender !== null,
    required: true,
    details: [sender ? via : `No active integration for ${name}`],
  });
}

/** Nothing of it keeps a sequence from being started: touches wait for senders, and mail without records goes out, if not always in. */
function poolPoint(channel: Channel, pool: PoolStanding | undefined): LaunchPoint[] {
  if (!pool) return [];
  const { total, open, paused, unready } = pool;
  const faults = [
    ...(open === 0 ? ["No sender takes new leads: their touches wait"] : []),
    ...(paused.length > 0 ? [`Paused: ${inWords(paused)}`] : []),
    ...unready.map(({ domain, records }) => `${domain} needs ${inWords(records)}`),
  ];
  return [
    point("senders", `${CHANNEL_WORDS[channel]} senders`, {
      channel,
      isDone: faults.length === 0,
      required: false,
      details: faults.length > 0 ? faults : [`${open} of ${total} ${open === 1 ? "takes" : "take"} new leads`],
    }),
  ];
}

const NAMED = 3;
const inWords = (names: readonly string[]): string =>
  names.length > NAMED ? `${names.slice(0, NAMED).join(", ")} and ${names.length - NAMED} more` : names.join(", ");

/** Hours are asked on the workspace's clock and by its country's law: each lead's own are asked again for every touch. */
function windowPoint(used: readonly Channel[], { settings, window, holidays, now }: LaunchFacts): LaunchPoint {
  const { timeZone, country } = settings;
  const openings = used.map((channel) => ({
    channel,
    at: nextOpen(now, timeZone, window, legalFloor(channel, country), holidays),
  }));
  const never = openings.filter(({ at }) => at === null).map(({ channel }) => CHANNEL_WORDS[channel]);
  const known = openings.flatMap(({ at }) => at ?? []);
  const first = known.toSorted((a, b) => a.getTime() - b.getTime())[0];
  const anyway = used.length === 0 ? nextOpen(now, timeZone, window, null, holidays) : null;
  const isDone = never.length === 0 && (used.length > 0 || anyway !== null);
  return point("window", "Sending hours", {
    isDone,
    required: false,
    details: [
      hoursInWords(window),
      ...(isDone ? [] : [`They never open${never.length > 0 ? ` for ${never.join(", ")}` : ""}`]),
    ],
    opensAt: first ?? anyway,
  });
}

/** Every e-mail carries the postal address, by law; one without it is held as it would be with any other value that is missing. */
function senderPoint({ settings, senders, pools }: LaunchFacts): LaunchPoint {
  const { senderName, senderEmail, postalAddress } = settings;
  const address = pools.has("EMAIL") ? "from your senders" : senderEmail || (senders.get("EMAIL")?.from ?? "");
  const lacks = [
    ...(postalAddress.trim() ? [] : ["The postal address is missing: no e-mail goes out without it"]),
    ...(senderName.trim() ? [] : ["The sender's name is missing"]),
    ...(address ? [] : ["The sender's address is missing"]),
  ];
  return point("sender", "Sender", {
    isDone: lacks.length === 0,
    required: postalAddress.trim() === "",
    details: lacks.length > 0 ? lacks : [`${senderName}, ${address}`, postalAddress],
  });
}
