import { clsx } from "clsx";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Channel } from "#domains/messaging/channels.ts";
import { api } from "#web/api.ts";
import { MessageView, Shortcomings } from "#web/outreach/script-preview.tsx";
import { problemOf } from "#web/problem.ts";
import { InlineError } from "#web/ui/states.tsx";
import { useSettled } from "#web/ui/use-settled.ts";

type Wish = { channel: Channel; content?: string; subject?: string; scriptId?: string };

export type WritePreviewProps = {
  leadId: string;
  wish: Wish;
  /** Why there is nothing to show yet. */
  whyNot: string | null;
};

/** The message as this lead would get it, or what is missing for it. */
export function WritePreview({ leadId, wish, whyNot }: WritePreviewProps) {
  const { channel, scriptId = "", content, subject } = useSettled(wish, 400);
  const own = useQuery({
    ...api.outreach.scripts.previewDraft.queryOptions({ input: { type: channel, content, subject, leadId } }),
    enabled: !scriptId && whyNot === null,
    placeholderData: keepPreviousData,
  });
  const kept = useQuery({
    ...api.outreach.scripts.preview.queryOptions({ input: { scriptId, leadId } }),
    enabled: scriptId !== "" && whyNot === null,
  });
  const { data, error } = scriptId ? kept : own;
  return (
    <section aria-label="Preview" className="grid gap-2">
      <h3 className="text-sm font-medium">As they get it</h3>
      {error ? <InlineError problem={problemOf(error)} /> : null}
      {/* As high from the start as a mail is: the button below must not move away from under a hand. */}
      <div className={clsx("grid content-start gap-2", wish.channel === "EMAIL" && "min-h-120")}>
        {whyNot ? (
          <p className="text-sm text-ink-muted">{`${whyNot}.`}</p>
        ) : data ? (
          <>
            <Shortcomings preview={data} />
            {data.message ? <MessageView message={data.message} /> : null}
          </>
        ) : null}
      </div>
    </section>
  );
}
