import type { StatusFact } from "../webhook.ts";
import { isHardStatus } from "./smtp-outcome.ts";

/** Our own Message-IDs are `<message id>@<domain>`. */
const OWN_MESSAGE_ID = /^(?:X-)?(?:Original-)?Message-ID:\s*<(msg_[0-9a-z]{26})@[^>\s]+>/im;

/**
 * A delivery status notification (RFC 3464) that a mail server wrote about a message of ours, as the fact that it tells; null for any other mail,
 * and for reports that name no message of ours. `raw`: the whole mail as it came; `externalId`: its key against repeats. Who forges one must
 * have the message's id, and so be the person it went to: they could close their own address and nobody else's.
 */
export function readDeliveryReport(raw: Buffer, externalId: string): StatusFact[] | null {
  const text = raw.toString("latin1").replace(/\r\n/g, "\n");
  const [head = ""] = text.split("\n\n", 1);
  const contentType = /^content-type:((?:.|\n[ \t])*)/im.exec(head)?.[1] ?? "";
  if (!/multipart\/report/i.test(contentType) || !/report-type="?delivery-status/i.test(contentType)) return null;
  const body = text.slice(head.length).replace(/\n[ \t]+/g, " ");
  const messageId = OWN_MESSAGE_ID.exec(body)?.[1];
  const action = /^Action:\s*(\w+)/im.exec(body)?.[1]?.toLowerCase();
  if (messageId === undefined || action === undefined) return null;
  const status = action === "failed" ? "bounced" : action === "delivered" ? "delivered" : null;
  // Delayed, relayed and expanded say nothing about how it ends.
  if (status === null) return [];
  const code = /^Status:\s*([245]\.\d{1,3}\.\d{1,3})/im.exec(body)?.[1] ?? "";
  const diagnosis = /^Diagnostic-Code:\s*(?:smtp;)?\s*(.+)$/im.exec(body)?.[1]?.trim();
  return [
    {
      kind: "status",
      externalId,
      providerRef: null,
      messageId,
      status,
      hard: status === "bounced" && isHardStatus(code),
      detail: status === "bounced" ? (diagnosis ?? (code || "reported as undeliverable")).slice(0, 500) : null,
      at: null,
    },
  ];
}
