import type { Delivery } from "#web/messaging/deliveries.ts";
import { ReplyForm } from "#web/messaging/reply-form.tsx";
import { takesReceipt, useSandboxActs } from "#web/messaging/sandbox-acts.ts";
import { Button } from "#web/ui/button.tsx";

/** One mail: who, what, its headers, and its HTML in a frame in which nothing can run. What can be done with it stays in view. */
export function MailReader({ mail }: { mail: Delivery }) {
  const headers = Object.entries(mail.headers);
  return (
    <div className="scroll-quiet relative flex min-h-0 grow flex-col overflow-y-auto">
      <div className="grid shrink-0 gap-2 p-3 text-sm">
        <h3 className="text-base font-semibold break-words">{mail.subject || "No subject"}</h3>
        <p className="break-words text-ink-muted">
          {mail.from} to {mail.to}
        </p>
        {takesReceipt(mail) ? <Receipts mail={mail} /> : null}
        {headers.length > 0 ? (
          <details>
            <summary className="w-fit cursor-pointer text-xs font-medium text-ink-muted hover:text-ink">
              Headers
            </summary>
            <dl className="mt-2 grid gap-1 rounded-lg border bg-sunken p-3 font-mono text-xs">
              {headers.map(([name, value]) => (
                <div key={name} className="break-all">
                  <dt className="inline text-ink-muted">{name}: </dt>
                  <dd className="inline">{typeof value === "string" ? value : JSON.stringify(value)}</dd>
                </div>
              ))}
            </dl>
          </details>
        ) : null}
      </div>
      {mail.html === null ? (
        <p className="grow border-y p-3 text-sm break-words whitespace-pre-wrap">{mail.text}</p>
      ) : (
        <iframe
          title={`Mail: ${mail.subject || "No subject"}`}
          // No scripts, no forms, no access to this page. Links, such as the one to unsubscribe, open beside it.
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          srcDoc={`<base target="_blank">${mail.html}`}
          // Mails are written for white paper, in the dark theme too. It scrolls by itself: the answer below stays in view.
          className="h-0 min-h-40 w-full grow border-y bg-[white] scheme-light"
        />
      )}
      <div className="shrink-0 p-3">
        {mail.direction === "outbound" && mail.messageId === null ? (
          <p className="text-xs text-ink-muted">A mail of Throughline itself to a member; nobody answers it.</p>
        ) : (
          <ReplyForm deliveryId={mail.id} address={mail.direction === "outbound" ? mail.to : mail.from} />
        )}
      </div>
    </div>
  );
}

/** Plays the mail server's word on what became of the mail. */
function Receipts({ mail }: { mail: Delivery }) {
  const { receipt, whyNot } = useSandboxActs();
  const report = (outcome: "delivered" | "bounced", label: string) => (
    <Button
      size="sm"
      disabledReason={whyNot}
      loading={receipt.isPending && receipt.variables.outcome === outcome}
      onClick={() => receipt.mutate({ deliveryId: mail.id, outcome })}
    >
      {label}
    </Button>
  );
  return (
    <div className="flex flex-wrap gap-2">
      {report("delivered", "Report delivered")}
      {report("bounced", "Report bounced")}
    </div>
  );
}
