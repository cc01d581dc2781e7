import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { api } from "#web/api.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button } from "#web/ui/button.tsx";
import { late } from "#web/ui/late.tsx";
import { toast } from "#web/ui/toast.tsx";

const ConfirmDialog = late(() => import("#web/ui/confirm-dialog.tsx").then((module) => module.ConfirmDialog));

const CALLED = { CALL: "call", SMS: "text", EMAIL: "e-mail" } as const;

type Settled = { id: string; leadName: string | null; to: string; channel: keyof typeof CALLED };

/** What a person does about a message of which the vendor never said whether it went out. */
export function SettleMessage({ message: { id: messageId, leadName, to, channel } }: { message: Settled }) {
  const queries = useQueryClient();
  const whyNot = useWhyNot("messages:send");
  const [isAsking, setIsAsking] = useState(false);
  const settle = useMutation({
    ...api.messaging.messages.settle.mutationOptions(),
    onSuccess: () => queries.invalidateQueries({ queryKey: api.messaging.key() }),
    onError: (error) => toast.problem(error),
  });
  const again = useMutation({
    ...api.messaging.messages.sendAgain.mutationOptions(),
    onSuccess: ({ waitsUntil }) => {
      toast.done(waitsUntil ? "It waits, and goes out as soon as it may" : "Sent again");
      return queries.invalidateQueries({ queryKey: api.messaging.key() });
    },
    onError: (error) => toast.problem(error),
    onSettled: () => setIsAsking(false),
  });
  const mark = (outcome: "sent" | "failed", label: string) => (
    <Button
      size="sm"
      disabledReason={whyNot}
      loading={settle.isPending && settle.variables.outcome === outcome}
      onClick={() => settle.mutate({ messageId, outcome })}
    >
      {label}
    </Button>
  );
  const who = leadName || to;
  return (
    <Banner tone="warning">
      <p className="font-medium">The vendor never said whether this went out</p>
      <p>
        Vendors that can be asked are asked for six hours. Look it up there, then say what became of it. It is not sent
        again by itself; sending it again may reach the person twice.
      </p>
      <div className="flex flex-wrap gap-2 pt-2">
        {mark("sent", "Mark as sent")}
        {mark("failed", "Mark as failed")}
        <Button size="sm" disabledReason={whyNot} loading={again.isPending} onClick={() => setIsAsking(true)}>
          Send again
        </Button>
      </div>
      <Suspense>
        {isAsking ? (
          <ConfirmDialog
            open
            onOpenChange={setIsAsking}
            title={channel === "CALL" ? `Call ${who} again?` : `Send this ${CALLED[channel]} to ${who} again?`}
            consequences={`${who} may get it twice: nobody knows whether the first one reached ${to}. It goes out once more in your name, and the first one counts as failed.`}
            action={`Send again to ${who}`}
            loading={again.isPending}
            onConfirm={() => again.mutate({ messageId })}
          />
        ) : null}
      </Suspense>
    </Banner>
  );
}
