import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { VendorPause } from "#domains/messaging/contract.ts";
import { api } from "#web/api.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button } from "#web/ui/button.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { toast } from "#web/ui/toast.tsx";

/** The vendors that are paused because they kept failing. */
export const pausesQuery = api.messaging.vendors.pauses.queryOptions();

/** Each paused vendor with its reason and since when, and a way not to wait for the next try. */
export function VendorPauses() {
  const { data } = useQuery(pausesQuery);
  return data?.data.map((pause) => <Pause key={pause.provider} pause={pause} />);
}

function Pause({ pause: { provider, label, since, reason, retryAt, isBeingTried } }: { pause: VendorPause }) {
  const queries = useQueryClient();
  const whyNot = useWhyNot("integrations:write");
  const again = useMutation(
    api.messaging.vendors.tryAgain.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: api.messaging.key() }),
      onError: (error) => toast.problem(error),
    }),
  );
  return (
    <Banner
      tone="danger"
      action={
        <Button size="sm" disabledReason={whyNot} loading={again.isPending} onClick={() => again.mutate({ provider })}>
          Try again now<span className="sr-only"> through {label}</span>
        </Button>
      }
    >
      <p className="font-medium">Nothing is sent through {label}</p>
      <p className="break-words">
        Paused <RelativeTime at={since} />: {reason}
      </p>
      <p>
        {isBeingTried ? (
          "A few messages are trying it now."
        ) : (
          <>
            A few messages try it again <RelativeTime at={retryAt} />. Everything else waits, and nothing is lost.
          </>
        )}
      </p>
    </Banner>
  );
}
