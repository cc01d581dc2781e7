import { Link } from "@tanstack/react-router";
import type { SubmissionView } from "#domains/leads/contract.ts";
import { providerWords, submissionLook } from "#web/leads/intake-words.ts";
import { SubmissionAction } from "#web/leads/submission-action.tsx";
import { fieldName, fileLink } from "#web/leads/words.ts";
import { SidePanel } from "#web/shell/side-panel.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Property, PropertyList } from "#web/ui/property-list.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";

/** What came in once: what was written, what became of it, and why. */
export function SubmissionPanel({ submission, onClose }: { submission: SubmissionView; onClose: () => void }) {
  const { status, leadId, leadName, detail, faults, answers, tries, dueAt, pageUrl } = submission;
  const { tone, label } = submissionLook[status];
  return (
    <SidePanel title={leadName ?? submission.label ?? "Submission"} onClose={onClose}>
      <div className="grid gap-6">
        <div className="flex flex-wrap items-center gap-3">
          <StatusPill tone={tone}>{label}</StatusPill>
          {leadId ? (
            <Link to="/leads/$leadId" params={{ leadId }} className={fileLink}>
              Open the lead
            </Link>
          ) : null}
          <SubmissionAction submission={submission} variant="secondary" />
        </div>
        {detail ? <Banner tone={status === "FAILED" ? "danger" : "warning"}>{detail}</Banner> : null}
        {faults.length > 0 ? (
          <Banner tone="warning">
            {faults.map(({ field, reason }) => (
              <p key={`${field} ${reason}`}>{field ? `${fieldName(field)}: ${reason}` : reason}</p>
            ))}
          </Banner>
        ) : null}
        <PropertyList label="Submission">
          <Property label="From" value={submission.label ?? providerWords(submission.provider)} />
          <Property label="By way of" value={providerWords(submission.provider)} />
          <Property label="Came" value={submission.receivedAt}>
            <RelativeTime at={submission.receivedAt} />
          </Property>
          {dueAt && tries > 0 ? (
            <Property label="Tried again" value={dueAt}>
              <RelativeTime at={dueAt} />
            </Property>
          ) : null}
          {pageUrl ? <Property label="Page" value={pageUrl} /> : null}
        </PropertyList>
        {answers.length > 0 ? (
          <div className="grid gap-1">
            <h3 className="text-sm font-semibold">What was written</h3>
            <PropertyList label="What was written">
              {answers.map(({ name, value }) => (
                <Property key={name} label={name} value={value} />
              ))}
            </PropertyList>
          </div>
        ) : (
          <p className="text-sm text-ink-muted">What was written is not here yet, or was erased.</p>
        )}
      </div>
    </SidePanel>
  );
}
