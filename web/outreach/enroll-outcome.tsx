import { leadNoun } from "#web/leads/words.ts";
import { plainDetail } from "#web/outreach/enrollment-words.ts";
import { Banner } from "#web/ui/banner.tsx";
import { countOf } from "#web/ui/format.ts";

export type EnrollOutcomeProps = {
  results: readonly { leadId: string; kind: "enrolled" | "already" | "refused"; reason: string | null }[];
  nameOf: (leadId: string) => string;
};

/** Refusals that a person may overrule: the lead has been in the sequence before. */
const ONCE_MORE = ["no_reentry", "reentry_too_early"];

/** May a person let this lead in once more, although the sequence's rule of re-entry refused? */
export const mayComeAgain = (code: string | null): boolean => code !== null && ONCE_MORE.includes(code);

/** How many came in, and of each that stayed out why. */
export function EnrollOutcome({ results, nameOf }: EnrollOutcomeProps) {
  const enrolled = results.filter(({ kind }) => kind === "enrolled").length;
  const others = results.filter(({ kind }) => kind !== "enrolled");
  return (
    <>
      <Banner tone={enrolled > 0 ? "positive" : "warning"}>
        {enrolled > 0 ? `${countOf(enrolled, leadNoun)} enrolled` : "Nobody was enrolled"}
      </Banner>
      {others.length > 0 ? (
        <ul className="grid gap-2 text-sm">
          {others.map(({ leadId, kind, reason }) => (
            <li key={leadId}>
              <span className="font-medium">{nameOf(leadId)}</span>:{" "}
              {reason ? plainDetail(reason) : kind === "already" ? "is in the sequence already" : "was refused"}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
