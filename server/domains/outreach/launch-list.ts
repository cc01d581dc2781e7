import { CHANNELS, type Channel } from "#domains/messaging/channels.ts";
import { legalFloor } from "#domains/messaging/floors.ts";
import { type SendWindow, hoursInWords, nextOpen } from "#domains/messaging/window.ts";
import { CHANNEL_WORDS } from "./channel-words.ts";
import type { ActivationFault } from "./states.ts";

export const LAUNCH_POINTS = ["steps", "scripts", "channel", "window", "sender"] as const;

/** One thing that a launch needs. `required`: undone, it keeps the sequence from being started. */
export type LaunchPoint = {
  code: (typeof LAUNCH_POINTS)[number];
  /** What a `channel` point is about. */
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
  /** Who sends on each channel; null where nobody does. */
  senders: ReadonlyMap<Channel, { from: string; isSandbox: boolean } | null>;
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
    ...used.map((channel) => channelPoint(channel, facts)),
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

function channelPoint(channel: Channel, { senders }: LaunchFacts): LaunchPoint {
  const sender = senders.get(channel) ?? null;
  const name = CHANNEL_WORDS[channel];
  const via = sender?.isSandbox
    ? "Goes to the sandbox: nobody is really contacted"
    : `Goes out through your integration${sender?.from ? `, from ${sender.from}` : ""}`;
  return point("channel", name, {
    channel,
    isDone: sender !== null,
    required: true,
    details: [sender ? via : `No active integration for ${name}`],
  });
}

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
function senderPoint({ settings, senders }: LaunchFacts): LaunchPoint {
  const { senderName, senderEmail, postalAddress } = settings;
  const address = senderEmail || (senders.get("EMAIL")?.from ?? "");
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
