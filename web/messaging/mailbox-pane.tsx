import { clsx } from "clsx";
import { ChevronLeft, Inbox, MailOpen } from "lucide-react";
import type { Deliveries } from "#web/messaging/deliveries.ts";
import { MailReader } from "#web/messaging/mail-reader.tsx";
import { LoadEarlier, Pane } from "#web/messaging/pane.tsx";
import { Badge } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { EmptyState } from "#web/ui/states.tsx";

export type MailboxPaneProps = {
  source: Deliveries;
  mailId: string | undefined;
  onMail: (mailId?: string) => void;
  /** List and mail one above the other; otherwise one at a time. */
  isWide: boolean;
};

/** The leads' mailbox: every mail as it would arrive, and the answers. */
export function MailboxPane({ source, mailId, onMail, isWide }: MailboxPaneProps) {
  const chosen = source.rows.find(({ id }) => id === mailId);
  const list = (
    <div
      className={clsx(
        "scroll-quiet relative overflow-y-auto",
        isWide ? clsx(chosen ? "max-h-2/5" : "max-h-3/5", "shrink-0 border-b") : "min-h-0 grow",
      )}
    >
      <ul>
        {source.rows.map((mail) => (
          <li key={mail.id} className="not-first:border-t">
            <button
              type="button"
              aria-current={mail.id === mailId ? "true" : undefined}
              className="grid w-full gap-1 px-3 py-2 text-left text-sm hover:bg-hover focus-visible:-outline-offset-2 aria-[current]:bg-accent-soft"
              onClick={() => onMail(mail.id)}
            >
              <span className="flex items-center gap-2">
                <span className="min-w-0 grow truncate font-medium">{mail.subject || "No subject"}</span>
                {mail.direction === "inbound" ? <Badge>answer</Badge> : null}
                <span className="text-xs text-ink-subtle">
                  <RelativeTime at={mail.at} />
                </span>
              </span>
              <span className="truncate text-ink-muted">
                {mail.direction === "inbound" ? `From ${mail.from}` : `To ${mail.leadName ?? mail.to}`}
                {mail.direction === "outbound" && mail.leadName ? (
                  <span className="text-ink-subtle"> {mail.to}</span>
                ) : null}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <LoadEarlier source={source} />
    </div>
  );
  return (
    <Pane
      title="Mailbox"
      icon={Inbox}
      source={source}
      empty={{ title: "No mail yet", words: "E-mail to any lead lands here, exactly as a mail program would show it." }}
    >
      {isWide || !chosen ? list : null}
      {chosen ? (
        <>
          {isWide ? null : (
            <div className="border-b px-2 py-1">
              <Button size="sm" variant="ghost" icon={ChevronLeft} onClick={() => onMail(undefined)}>
                All mails
              </Button>
            </div>
          )}
          <MailReader key={chosen.id} mail={chosen} />
        </>
      ) : isWide ? (
        <EmptyState icon={MailOpen} title="Choose a mail">
          It is shown here as the lead would see it.
        </EmptyState>
      ) : null}
    </Pane>
  );
}
