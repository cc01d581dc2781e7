import type { Context } from "#platform/context.ts";
import { listCustomers } from "#domains/conversions/index.ts";
import { type LeadForSend, listLeadsForSend, matchFilter } from "#domains/leads/index.ts";
import { type LastContacts, listEngagement, listLastContacts } from "#domains/messaging/index.ts";
import { type ConditionFacts, failingParts } from "../conditions/evaluate.ts";
import {
  STEP_OUTCOMES,
  type StepConditions,
  type StepOutcome,
  type TestKind,
  elseOf,
  readConditions,
  rootOf,
  testsIn,
} from "../conditions/language.ts";
import { failureInWords } from "../conditions/words.ts";
import { type StepResult, listStepResults } from "../queries/step-results.ts";
import { knowNames, whyNotAsk } from "./condition-names.ts";
import type { ConditionRuling } from "./terms.ts";

/** A touch whose step may have conditions. `key`: the caller's own for the answer. */
export type ConditionAsk = {
  key: string;
  enrollmentId: string;
  run: number;
  /** The version by whose places the conditions name steps. */
  versionId: string;
  leadId: string;
  enrolledAt: Date;
  conditions: unknown;
};

type Read = ConditionAsk & { conditions: StepConditions };

/**
 * Do the conditions of these touches' steps hold now? In a fixed number of statements for the batch, each only where some condition asks for what it
 * brings: nothing is read where no step has any. Touches without conditions are missing from the answer.
 */
export async function judgeConditions(
  ctx: Context,
  asks: readonly ConditionAsk[],
): Promise<Map<string, ConditionRuling>> {
  const rulings = new Map<string, ConditionRuling>();
  const read: Read[] = [];
  for (const ask of asks) {
    const { conditions } = ask;
    if (typeof conditions === "object" && conditions !== null && Object.keys(conditions).length === 0) continue;
    const answer = readConditions(conditions);
    if (!answer.ok)
      // Something was held back for a reason that nobody can read any more: it stays held back.
      rulings.set(ask.key, { outcome: "skip", detail: "the step's conditions cannot be read" });
    else if (rootOf(answer.conditions)) read.push({ ...ask, conditions: answer.conditions });
  }
  if (read.length === 0) return rulings;

  const { factsOf, known } = await loadFacts(ctx, read);
  for (const ask of read) {
    const root = rootOf(ask.conditions);
    // Whom it was to leave out, nobody can say any more: "has not the tag" must not become everybody.
    const [gone] = whyNotAsk(known, ask.conditions);
    if (gone !== undefined) {
      rulings.set(ask.key, { outcome: "skip", detail: gone });
      continue;
    }
    const failing = root ? failingParts(root, factsOf(ask)) : [];
    rulings.set(
      ask.key,
      failing.length === 0
        ? { outcome: "pass", detail: "the step's conditions hold" }
        : { outcome: elseOf(ask.conditions), detail: failureInWords(failing, known.names) },
    );
  }
  return rulings;
}

async function loadFacts(ctx: Context, asks: readonly Read[]) {
  const tests = asks.flatMap(({ conditions }) => testsIn(rootOf(conditions)).map(({ test }) => test));
  const kinds = new Set<TestKind>(tests.map(({ on }) => on));
  const asksFor = (...wanted: TestKind[]) => wanted.some((kind) => kinds.has(kind));
  const leadIds = [...new Set(asks.map(({ leadId }) => leadId))];
  const leads = asksFor("field", "custom", "tag", "converted", "days_since")
    ? await listLeadsForSend(ctx, leadIds)
    : new Map<string, LeadForSend>();
  const customers = asksFor("converted") ? await listCustomers(ctx, leadIds) : new Set<string>();
  const isAboutContact = tests.some((test) => test.on === "days_since" && test.of.startsWith("last_"));
  const contacts: LastContacts = isAboutContact ? await listLastContacts(ctx, leadIds) : new Map();
  const results = asksFor("step") ? await listStepResults(ctx, asks) : [];
  const isAboutReading = tests.some(
    (test) => test.on === "step" && (test.outcome === "opened" || test.outcome === "clicked"),
  );
  const engagement = isAboutReading
    ? await listEngagement(
        ctx,
        results.flatMap(({ messageId }) => messageId ?? []),
      )
    : new Map<string, { opened: boolean; clicked: boolean }>();
  const known = await knowNames(ctx, tests);
  const segmentIds = [...new Set(tests.flatMap((test) => (test.on === "segment" ? [test.segmentId] : [])))];
  const members = new Map<string, Set<string>>();
  // By segment, not by lead: few are named.
  for (const segment of segmentIds) {
    const filter = known.filters.get(segment);
    if (filter) members.set(segment, await matchFilter(ctx, filter.filter, leadIds));
  }
  const resultsOf = Map.groupBy(results, ({ key }) => key);
  const now = ctx.now();

  const factsOf = ({ key, leadId, enrolledAt }: Read): ConditionFacts => {
    const lead = leads.get(leadId);
    const contact = contacts.get(leadId);
    const own = resultsOf.get(key) ?? [];
    return {
      now,
      fields: lead ?? {},
      custom: customOf(lead),
      tagIds: new Set(lead?.tags.map(({ id }) => id)),
      segmentIds: new Set(segmentIds.filter((segment) => members.get(segment)?.has(leadId))),
      hasConverted: customers.has(leadId) || lead?.status === "CONVERTED",
      steps: new Map(
        own.map((result) => [result.stepOrder, outcomesOf(result, engagement.get(result.messageId ?? ""))]),
      ),
      since: {
        created: lead?.createdAt ?? null,
        enrolled: enrolledAt,
        last_contact: contact?.contactAt ?? null,
        last_reply: contact?.replyAt ?? null,
      },
    };
  };
  return { factsOf, known };
}

/** A lead's own fields are kept in its meta data, under one key. */
function customOf(lead: LeadForSend | undefined): Readonly<Record<string, unknown>> {
  const custom = lead?.meta["custom"];
  return typeof custom === "object" && custom !== null ? Object.fromEntries(Object.entries(custom)) : {};
}

function outcomesOf(
  { isDelivered, hasReplied, wasPickedUp }: StepResult,
  read: { opened: boolean; clicked: boolean } | undefined,
): Set<StepOutcome> {
  const came: Record<StepOutcome, boolean> = {
    delivered: isDelivered,
    opened: read?.opened ?? false,
    clicked: read?.clicked ?? false,
    replied: hasReplied,
    answered: hasReplied || wasPickedUp,
  };
  return new Set(STEP_OUTCOMES.filter((outcome) => came[outcome]));
}
