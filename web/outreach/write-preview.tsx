import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Channel } from "#domains/messaging/channels.ts";
import { api } from "#web/api.ts";
import { MessageView, Shortcomings } from "#web/outreach/script-preview.tsx";
import { problemOf } from "#web/problem.ts";
import { InlineError } from "#web/ui/states.tsx";
import { useSettled } from "#web/ui/use-settled.ts";

type Wish = { channel: Channel; content?: string; subject?: string; scriptId?: string };

/** The message as this lead would get it, or what is missing for it. */
export function WritePreview({ leadId, wish }: { leadId: string; wish: Wish }) {
  const { channel, scriptId = "", content, subject } = useSettled(wish, 400);
  const own = useQuery({
    ...api.outreach.scripts.previewDraft.queryOptions({ input: { type: channel, content, subject, leadId } }),
    enabled: !scriptId,
    placeholderData: keepPreviousData,
  });
  const kept = useQuery({
    ...api.outreach.scripts.preview.queryOptions({ input: { scriptId, leadId } }),
    enabled: scriptId !== "",
  });
  const { data, error } = scriptId ? kept : own;
  return (
    <section aria-label="Preview" className="grid gap-2">
      <h3 className="text-sm font-medium">As they get it</h3>
      {error ? <InlineError problem={problemOf(error)} /> : null}
      {data ? (
        <>
          <Shortcomings preview={data} />
          {data.message ? <MessageView message={data.message} /> : null}
        </>
      ) : null}
    </section>
  );
}
