import { clsx } from "clsx";
import { ChevronLeft, Ellipsis, Smartphone } from "lucide-react";
import { threadsOf, type Deliveries, type Delivery, type Thread } from "#web/messaging/deliveries.ts";
import { LoadEarlier, Pane } from "#web/messaging/pane.tsx";
import { ReplyForm } from "#web/messaging/reply-form.tsx";
import { takesReceipt, useReceiptMenu } from "#web/messaging/sandbox-acts.ts";
import { Button, IconButton } from "#web/ui/button.tsx";
import { DropdownMenu } from "#web/ui/dropdown-menu.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";

export type PhonePaneProps = { source: Deliveries; number: string | undefined; onNumber: (number?: string) => void };

/** The leads' phone: conversations by number, seen from their side. */
export function PhonePane({ source, number, onNumber }: PhonePaneProps) {
  const threads = threadsOf(source.rows);
  const chosen = threads.find((thread) => thread.number === number);
  return (
    <Pane
      title="Phone"
      icon={Smartphone}
      source={source}
      empty={{ title: "No texts yet", words: "SMS to any lead lands here instead of on a real phone." }}
    >
      {chosen ? (
        <Conversation key={chosen.number} thread={chosen} source={source} onBack={() => onNumber(undefined)} />
      ) : (
        <div className="scroll-quiet relative min-h-0 grow overflow-y-auto">
          <ul>
            {threads.map(({ number: address, entries, latest }) => (
              <li key={address} className="border-b">
                <button
                  type="button"
                  className="grid w-full gap-1 px-3 py-2 text-left text-sm hover:bg-hover focus-visible:-outline-offset-2"
                  onClick={() => onNumber(address)}
                >
                  <span className="flex items-center justify-between gap-2">
                    <span className="min-w-0 truncate font-medium tabular-nums">
                      {nameOf(entries) ?? address}
                      {nameOf(entries) ? <span className="font-normal text-ink-subtle"> {address}</span> : null}
                    </span>
                    <span className="text-xs text-ink-subtle">
                      <RelativeTime at={latest.at} />
                    </span>
                  </span>
                  <span className="line-clamp-2 break-words text-ink-muted">{latest.text}</span>
                </button>
              </li>
            ))}
          </ul>
          <LoadEarlier source={source} />
        </div>
      )}
    </Pane>
  );
}

type ConversationProps = { thread: Thread<Delivery>; source: Deliveries; onBack: () => void };

function Conversation({ thread, source, onBack }: ConversationProps) {
  const { number, entries, latest } = thread;
  const menuOf = useReceiptMenu();
  return (
    <>
      <div className="flex items-center gap-2 border-b px-2 py-1">
        <Button size="sm" variant="ghost" icon={ChevronLeft} onClick={onBack}>
          All numbers
        </Button>
        <h3 className="truncate text-sm font-medium tabular-nums">
          {nameOf(entries) ?? number}
          {nameOf(entries) ? <span className="font-normal text-ink-subtle"> {number}</span> : null}
        </h3>
      </div>
      <div
        role="log"
        aria-label={`Texts with ${number}`}
        tabIndex={0}
        className="scroll-quiet relative grid min-h-0 grow content-start gap-3 overflow-y-auto p-3 focus-visible:-outline-offset-2"
      >
        <LoadEarlier source={source} />
        {entries.map((entry) => (
          <div key={entry.id} className={clsx("grid gap-1", entry.direction === "inbound" ? "justify-items-end" : "")}>
            <p
              className={clsx(
                "w-fit max-w-[85%] rounded-lg px-3 py-2 text-sm break-words whitespace-pre-wrap",
                entry.direction === "inbound" ? "bg-accent text-on-accent" : "bg-pressed",
              )}
            >
              <span className="sr-only">{entry.direction === "inbound" ? "The lead: " : "You: "}</span>
              {entry.text}
            </p>
            <div className="flex items-center gap-1 text-xs text-ink-subtle">
              <RelativeTime at={entry.at} />
              {takesReceipt(entry) ? (
                <DropdownMenu
                  align="start"
                  trigger={<IconButton size="sm" icon={Ellipsis} label="Report what became of it" />}
                  sections={menuOf(entry)}
                />
              ) : null}
            </div>
          </div>
        ))}
        <span key={latest.id} ref={showNewest} />
      </div>
      <div className="border-t p-3">
        <ReplyForm
          deliveryId={latest.id}
          address={number}
          hint="STOP, START and HELP work as they do on a real phone."
        />
      </div>
    </>
  );
}

/** Who was written to last at this number: households share one. */
const nameOf = (entries: readonly Delivery[]) => entries.findLast(({ leadName }) => leadName !== null)?.leadName;

// The end of the list is a new element with each new text, so the phone goes down to it as phones do.
function showNewest(end: HTMLElement | null) {
  const list = end?.parentElement;
  list?.scrollTo({ top: list.scrollHeight });
}
