import { type Context, inTransaction } from "#platform/context.ts";
import { isUniqueViolation } from "#platform/database/faults.ts";
import { forEach } from "#platform/loops.ts";
import type { Lookup } from "#providers/lookup.ts";
import { ABSENT_AFTER_MS, nextAskAt } from "../asking.ts";
import { findByProviderRefs, lockMessages } from "../queries/outbound.ts";
import { type UnknownSend, claimUnknown, planAsking } from "../queries/unknown.ts";
import { type VendorFact, applyFacts } from "./apply-facts.ts";

const BATCH = 20;
const ASKED_AT_ONCE = 5;

/**
 * Asks vendors about messages that were handed over and never answered for, and writes down what they say. Whom the vendor knows is settled;
 * whom it certainly never had has failed, ten minutes after the hand-over at the soonest; not while it has a message to that person that is nobody's. All else stays unknown, and nothing is sent again.
 * Answers whether there may be more.
 */
export async function askVendors(ctx: Context): Promise<boolean> {
  const claimed = await inTransaction(ctx, async (tx) => {
    const unknown = await claimUnknown(tx, BATCH);
    const known = await lookups(tx, unknown);
    // Planned before it is asked: a process that dies in between has left out one question, and asks no vendor twice at once.
    await planAsking(
      tx,
      unknown.map(({ id, handedAt }) => ({ id, at: known.has(id) ? nextAskAt(handedAt, tx.now()) : null })),
    );
    return { unknown, known };
  });
  await forEach(claimed.unknown, ASKED_AT_ONCE, async (message) => {
    const lookup = claimed.known.get(message.id);
    // Erased meanwhile: there is nothing left to recognise it by.
    if (lookup && message.to !== "") await heed(ctx, message, await lookup());
  });
  return claimed.unknown.length === BATCH;
}

/** How to ask about each; those whose vendor cannot be asked are missing. */
async function lookups(ctx: Context, unknown: readonly UnknownSend[]): Promise<Map<string, () => Promise<Lookup>>> {
  const asked = new Map<string, () => Promise<Lookup>>();
  for (const [provider, messages] of Map.groupBy(unknown, (message) => message.provider)) {
    const vendor = (await ctx.providers.byName(ctx, provider))?.vendor;
    if (!vendor?.lookup) continue;
    for (const { id, from, to, text, handedAt } of messages)
      asked.set(id, async () => (await vendor.lookup?.({ messageId: id, from, to, text, handedAt })) ?? NOT_ASKED);
  }
  return asked;
}

const NOT_ASKED: Lookup = { kind: "no_answer", detail: "the vendor cannot be asked" };

async function heed(ctx: Context, message: UnknownSend, answer: Lookup): Promise<void> {
  if (answer.kind === "no_answer") {
    ctx.log.info({ message: message.id, detail: answer.detail }, "a vendor could not be asked about a message");
    return;
  }
  try {
    await inTransaction({ ...ctx, actor: { kind: "vendor", id: message.provider } }, (tx) =>
      settle(tx, message, answer),
    );
  } catch (error) {
    // Another message has got the reference meanwhile: this one is asked about again.
    if (!isUniqueViolation(error)) throw error;
  }
}

async function settle(tx: Context, message: UnknownSend, answer: Lookup & { kind: "answered" }): Promise<void> {
  const open = (await lockMessages(tx, [message.id])).get(message.id);
  if (open?.status !== "unknown") return;
  const { doubts = [] } = answer;
  const refs = [...answer.candidates.flatMap((facts) => facts[0]?.providerRef ?? []), ...doubts];
  const taken = await findByProviderRefs(tx, message.provider, refs);
  // What is another message's is not this one.
  const free = answer.candidates.filter(([first]) => {
    const owner = first?.providerRef ? taken.get(first.providerRef) : undefined;
    return owner === undefined || owner === message.id;
  });
  const [only] = free;
  // Two that look alike: which is which, nobody can tell.
  if (free.length > 1) return;
  if (only)
    return void (await applyFacts(
      tx,
      message.provider,
      only.map((fact): VendorFact => ({ eventId: message.id, fact })),
    ));
  // It may be ours in words that the vendor has changed: whoever believed that it never came would write to the person twice.
  if (doubts.some((ref) => !taken.has(ref))) return;
  if (!answer.isComplete || tx.now().getTime() - message.handedAt.getTime() < ABSENT_AFTER_MS) return;
  const fact = {
    kind: "status" as const,
    externalId: `${message.id}:absent`,
    providerRef: null,
    messageId: message.id,
    status: "failed" as const,
    hard: false,
    detail: "the vendor was asked and never had it",
    at: tx.now(),
  };
  await applyFacts(tx, message.provider, [{ eventId: message.id, fact }]);
}
