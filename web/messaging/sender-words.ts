import type { DomainCheckView, SenderView } from "#domains/messaging/sender-contract.ts";
import type { Tone } from "#web/ui/badge.tsx";
import { formatNumber, formatShare } from "#web/ui/format.ts";

type Look = { label: string; tone: Tone };

export const senderNoun = { one: "sender", other: "senders" };

/** The state of a sender in one word: what keeps it from sending comes first. */
export function senderLook({ paused, whyNot, takesNew }: Pick<SenderView, "paused" | "whyNot" | "takesNew">): Look {
  if (paused)
    return paused.cause === "person"
      ? { label: "Paused", tone: "warning" }
      : { label: "Paused itself", tone: "danger" };
  if (whyNot) return { label: "Vendor not in use", tone: "warning" };
  return takesNew ? { label: "Active", tone: "positive" } : { label: "No new leads", tone: "neutral" };
}

/** The records of a domain in one word. */
export function domainLook({
  status,
  checkedAt,
}: Pick<NonNullable<SenderView["domain"]>, "status" | "checkedAt">): Look {
  if (status === null || checkedAt === null) return { label: "Being looked up", tone: "neutral" };
  if (status === "ready") return { label: "Ready", tone: "positive" };
  return status === "incomplete"
    ? { label: "Records missing", tone: "warning" }
    : { label: "Not known", tone: "neutral" };
}

export const recordLook: Record<DomainCheckView["state"], Look> = {
  ok: { label: "Found", tone: "positive" },
  missing: { label: "Missing", tone: "warning" },
  faulty: { label: "Faulty", tone: "danger" },
  failed: { label: "Could not be looked up", tone: "neutral" },
  unasked: { label: "Selector not known", tone: "neutral" },
};

/** At these shares a sender pauses itself; judged once it has sent fifty. */
export const LIMITS = { bounces: 0.02, complaints: 0.001 } as const;
const LEAST = 50;

/** A share of the last messages with what it means; null while there are none. */
export function faultShare(
  { health }: SenderView,
  kind: "bounces" | "complaints",
): { words: string; tone: Tone } | null {
  if (health.sends === 0) return null;
  const share = health[kind] / health.sends;
  const isOver = health[kind] > 0 && health.sends >= LEAST && share >= LIMITS[kind];
  return {
    words: share === 0 ? "0%" : share < 0.001 ? "under 0.1%" : formatShare(share),
    tone: isOver ? "danger" : "neutral",
  };
}

/** "12 of 20". */
export const todayWords = ({ used, limit }: SenderView["today"]) => `${formatNumber(used)} of ${formatNumber(limit)}`;
