import { useState } from "react";
import { OVERRIDABLE_CHECKS } from "#domains/messaging/gate.ts";
import type { OneOffOutcome } from "#domains/outreach/contract/one-off.ts";
import { plainDetail } from "#web/outreach/enrollment-words.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button } from "#web/ui/button.tsx";
import { Field } from "#web/ui/field.tsx";
import { Input } from "#web/ui/input.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";

export type OutcomeOfWritingProps = {
  outcome: OneOffOutcome;
  isPending: boolean;
  /** Leave it to the queue. */
  onLater: () => void;
  onOverrule: (reason: string) => void;
};

const CANNOT_BE_OVERRULED = "The law, a suppression or a missing consent stands in the way";

/** Why a message was not sent, and what one can do about it. */
export function OutcomeOfWriting({ outcome, isPending, onLater, onOverrule }: OutcomeOfWritingProps) {
  const { kind, reason, until, checks } = outcome;
  const [why, setWhy] = useState("");
  const whyNotOverrule = useWhyNot("messages:override");
  if (kind === "sent" || kind === "queued") return null;
  const inTheWay = checks.filter((one) => one.outcome !== "pass" && one.outcome !== "not_applicable");
  const mayBeOverruled =
    inTheWay.length > 0 && inTheWay.every(({ check }) => OVERRIDABLE_CHECKS.some((one) => one === check));
  const whyNot = whyNotOverrule ?? (mayBeOverruled ? null : CANNOT_BE_OVERRULED);
  return (
    <div role="alert" className="grid gap-3">
      <Banner tone={kind === "waits" || kind === "busy" ? "warning" : "danger"}>
        <p className="font-medium">Nothing was sent</p>
        {inTheWay.length === 0 ? <p className="first-letter:uppercase">{plainDetail(reason ?? "")}</p> : null}
        <ul>
          {inTheWay.map(({ check, detail }) => (
            <li key={check} className="first-letter:uppercase">
              {plainDetail(detail)}
            </li>
          ))}
        </ul>
        {until ? (
          <p>
            It may go out <RelativeTime at={until} />.
          </p>
        ) : null}
      </Banner>
      {kind === "waits" ? (
        <Button className="justify-self-start" loading={isPending} onClick={onLater}>
          Send it then
        </Button>
      ) : null}
      {inTheWay.length > 0 ? (
        <div className="flex flex-wrap items-end gap-2">
          <Field label="Send all the same, because" className="min-w-0 grow">
            {(control) => (
              <Input
                {...control}
                value={why}
                maxLength={500}
                autoComplete="off"
                disabled={whyNot !== null}
                onChange={setWhy}
              />
            )}
          </Field>
          <Button
            loading={isPending}
            disabledReason={whyNot ?? (why.trim().length < 3 ? "Say why first: the reason is kept" : null)}
            onClick={() => onOverrule(why.trim())}
          >
            Overrule
          </Button>
        </div>
      ) : null}
    </div>
  );
}
