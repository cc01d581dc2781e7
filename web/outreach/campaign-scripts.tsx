import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FileText, Plus } from "lucide-react";
import { Suspense, useState } from "react";
import { api } from "#web/api.ts";
import { problemOf } from "#web/problem.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { ChannelIcon } from "#web/ui/channel-icon.tsx";
import { Button } from "#web/ui/button.tsx";
import { late } from "#web/ui/late.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#web/ui/states.tsx";

const NewScriptDialog = late(() =>
  import("#web/outreach/new-script-dialog.tsx").then((module) => module.NewScriptDialog),
);

export const campaignScriptsQuery = (campaignId: string) =>
  api.outreach.scripts.list.queryOptions({ input: { campaignId, limit: 200 } });

/** The scripts that were written for a campaign. */
export function CampaignScripts({ campaignId }: { campaignId: string }) {
  const { data, error, refetch } = useQuery(campaignScriptsQuery(campaignId));
  const whyNot = useWhyNot("outreach:write");
  const [isNew, setIsNew] = useState(false);
  const begin = (
    <>
      <Button icon={Plus} disabledReason={whyNot} onClick={() => setIsNew(true)}>
        New script
      </Button>
      <Suspense>{isNew ? <NewScriptDialog campaignId={campaignId} onClose={() => setIsNew(false)} /> : null}</Suspense>
    </>
  );
  if (!data) {
    return error ? (
      <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />
    ) : (
      <div className="px-4 sm:px-6">
        <SkeletonText lines={6} />
      </div>
    );
  }
  if (data.data.length === 0) {
    return (
      <EmptyState icon={FileText} title="No script belongs to this campaign" action={begin}>
        Scripts that are written for a campaign stand here. Sequences may send any other script to its leads too.
      </EmptyState>
    );
  }
  return (
    <div className="scroll-quiet relative -mt-4 h-[calc(100%+1rem)] overflow-y-auto">
      <div className="flex justify-end border-b px-4 py-2 sm:px-6">{begin}</div>
      <ul>
        {data.data.map(({ id, name, type, subject, updatedAt }) => (
          <li key={id} className="flex h-9 items-center gap-3 border-b px-4 text-sm sm:px-6">
            <ChannelIcon channel={type} />
            <Link
              to="/scripts/$scriptId"
              params={{ scriptId: id }}
              className="min-w-0 truncate rounded-md font-medium underline-offset-4 hover:underline"
            >
              {name}
            </Link>
            <span className="min-w-0 grow truncate text-ink-muted max-sm:hidden">{subject}</span>
            <span className="ml-auto shrink-0 text-ink-muted">
              <RelativeTime at={updatedAt} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
