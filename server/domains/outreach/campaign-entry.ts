import { CHANNELS, type Channel } from "#domains/messaging/channels.ts";
import type { CampaignLeadStatus, Fault } from "./states.ts";

/** A lead as those find it who would put it into a campaign. */
export type Standing = {
  leadId: string;
  isInside: boolean;
  isErased: boolean;
  /** A suppression keeps it from being reached over every channel of the campaign. */
  isShutOff: boolean;
};

export type Refused<Code extends string = string> = { leadId: string; code: Code; reason: string };

/** Over which channels a campaign reaches people; one that names none has them all. */
export const channelsOf = ({ channels }: { channels: readonly Channel[] }): readonly Channel[] =>
  channels.length > 0 ? channels : CHANNELS;

/**
 * Why a lead is left out of a campaign, whoever brings it, or null: a place would be spent on somebody to whom nothing can go. Whoever has no
 * address is not left out, for nobody said no.
 */
export function whyNotBring({
  isErased,
  isShutOff,
}: Pick<Standing, "isErased" | "isShutOff">): Fault<"erased" | "shut_off"> | null {
  if (isErased) return { code: "erased", detail: "This person's data was erased." };
  return isShutOff
    ? { code: "shut_off", detail: "Their addresses are closed for every channel of the campaign." }
    : null;
}

export const CAMPAIGN_FULL = {
  code: "campaign_full",
  reason: "There is no place left for them in the campaign.",
} as const;

/** Between the look at them and their coming in. */
export const LEAVING = {
  code: "leaving",
  reason: "They were deleted or erased at that moment.",
} as const;

/** Who of them would come in, in the order given, who is in it already, and who is left out. Each of them is in one of the three. */
export function sortOut(standings: readonly Standing[]): { welcome: string[]; inside: string[]; refused: Refused[] } {
  const [welcome, inside, refused]: [string[], string[], Refused[]] = [[], [], []];
  for (const { leadId, isInside, ...lead } of standings) {
    const fault = isInside ? null : whyNotBring(lead);
    if (isInside) inside.push(leadId);
    else if (fault) refused.push({ leadId, code: fault.code, reason: fault.detail });
    else welcome.push(leadId);
  }
  return { welcome, inside, refused };
}

/** Why an undo leaves a lead in the campaign, or null: what has begun since is not made undone by taking them out. */
export function whyNotTakeOut({
  status,
  isEnrolled,
}: {
  status: CampaignLeadStatus;
  isEnrolled: boolean;
}): Fault<"worked" | "enrolled"> | null {
  if (status !== "PENDING") return { code: "worked", detail: "They have been contacted for the campaign since." };
  return isEnrolled
    ? { code: "enrolled", detail: "They are in a sequence for the campaign, or have been since." }
    : null;
}
