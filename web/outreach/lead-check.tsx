import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { LeadCheck } from "#domains/outreach/contract/lead-check.ts";
import { leadName, leadNoun } from "#web/leads/words.ts";
import { variableInWords } from "#web/outreach/variable-words.ts";
import { Banner } from "#web/ui/banner.tsx";
import { Button } from "#web/ui/button.tsx";
import { channelLook } from "#web/ui/channel-icon.tsx";
import { countOf, formatNumber } from "#web/ui/format.ts";

type Step = LeadCheck["steps"][number];
type Touch = LeadCheck["leads"][number]["touches"][number];

/** Who would miss a touch, what they lack for it, and whom a step cannot reach. */
export function LeadCheckResult({ check }: { check: LeadCheck }) {
  const [isOpen, setIsOpen] = useState(false);
  const { looked, isMore, failing, variables, errors, steps, leads } = check;
  const unreached = steps.filter(({ noAddress, suppressed }) => noAddress + suppressed > 0);
  const first = isMore ? `the first ${formatNumber(looked)} leads` : countOf(looked, leadNoun);
  if (looked === 0) return null;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2 text-sm">
      {failing === 0 ? (
        <Banner tone="positive">{`Nothing is missing for ${first}: every text can be filled in.`}</Banner>
      ) : (
        <Banner
          tone="warning"
          action={
            <Button size="sm" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
              {isOpen ? "Hide the leads" : "Show the leads"}
            </Button>
          }
        >
          <p className="font-medium">{`${formatNumber(failing)} of ${first} would miss a touch`}</p>
          <ul>
            {variables.map(({ name, leads: count }) => (
              <li key={name}>{`${variableInWords(name)} is missing for ${countOf(count, leadNoun)}`}</li>
            ))}
            {errors.map(({ detail, leads: count }) => (
              <li key={detail} className="wrap-anywhere">{`For ${countOf(count, leadNoun)}: ${detail}`}</li>
            ))}
          </ul>
        </Banner>
      )}
      {isOpen && failing > 0 ? (
        <div className="grid gap-1 rounded-lg border p-3">
          <ul aria-label="Leads that would miss a touch" className="relative grid max-h-60 gap-2 overflow-y-auto">
            {leads.map((lead) => (
              <li key={lead.id} className="min-w-0 wrap-anywhere">
                <Link
                  to="/leads/$leadId"
                  params={{ leadId: lead.id }}
                  className="rounded-md font-medium underline-offset-4 hover:underline"
                >
                  {leadName(lead)}
                </Link>
                <ul className="text-ink-muted">
                  {lead.touches.map((touch, index) => (
                    <li key={touch.stepOrder ?? index}>{`${stepInWords(touch)}: ${lackOf(touch)}`}</li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
          {failing > leads.length ? (
            <p className="text-ink-subtle">{`and ${formatNumber(failing - leads.length)} more`}</p>
          ) : null}
        </div>
      ) : null}
      {unreached.length > 0 ? (
        <ul className="grid gap-1 text-ink-muted">
          {unreached.map((step, index) => (
            <li key={step.stepOrder ?? index}>{`${stepInWords(step)} passes over ${unreachedInWords(step)}.`}</li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

const stepInWords = ({ stepOrder, channel }: Pick<Step, "stepOrder" | "channel">): string =>
  stepOrder === null ? channelLook[channel].name : `Step ${stepOrder + 1} (${channelLook[channel].name})`;

function lackOf({ missing, error }: Touch): string {
  const names = missing.map(variableInWords).join(", ");
  return [names ? `${names} missing` : null, error].filter(Boolean).join("; ");
}

function unreachedInWords({ channel, noAddress, suppressed }: Step): string {
  const address = channel === "EMAIL" ? "e-mail address" : "phone number";
  return [
    noAddress > 0 ? `${countOf(noAddress, leadNoun)} without ${channel === "EMAIL" ? "an" : "a"} ${address}` : null,
    suppressed > 0 ? `${countOf(suppressed, leadNoun)} who may not be contacted` : null,
  ]
    .filter(Boolean)
    .join(" and ");
}
