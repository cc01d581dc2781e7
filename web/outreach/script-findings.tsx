import { CircleAlert, Info } from "lucide-react";
import type { ScriptDraft } from "#domains/outreach/contract/scripts.ts";
import { checkScript } from "#domains/outreach/render/check-script.ts";
import { useSettled } from "#web/ui/use-settled.ts";

/** Long enough that half a word is not found fault with. */
const PAUSE_MS = 600;

/** What filters, mail programs and people will find in the text, as it is typed. None of it keeps it from being sent. */
export function ScriptFindings({ draft }: { draft: ScriptDraft }) {
  const findings = checkScript(useSettled(draft, PAUSE_MS));
  return (
    <section aria-label="Spam and link checks" className="grid gap-2 text-sm">
      <h3 className="font-medium">Spam and link checks</h3>
      <ul aria-live="polite" className="grid gap-2">
        {findings.length === 0 ? (
          <li className="text-ink-muted">Nothing found that filters are known to mind.</li>
        ) : (
          findings.map(({ code, severity, detail, advice }) => (
            <li key={code} className="flex items-start gap-2">
              {severity === "warning" ? (
                <CircleAlert className="icon mt-0.5 shrink-0 text-warning-ink" role="img" aria-label="Warning" />
              ) : (
                <Info className="icon mt-0.5 shrink-0 text-info-ink" role="img" aria-label="Hint" />
              )}
              <span className="min-w-0 wrap-anywhere">
                {detail}. <span className="text-ink-muted">{advice}</span>
              </span>
            </li>
          ))
        )}
      </ul>
    </section>
  );
}
