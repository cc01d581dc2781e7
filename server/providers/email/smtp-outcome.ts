import { clip, rejected } from "../outcome.ts";
import type { SendOutcome } from "../outcome.ts";

/** What nodemailer says of a send that went wrong. `command` is the SMTP command that the server answered. */
export interface SmtpFailure {
  message: string;
  code?: string | undefined;
  responseCode?: number | undefined;
  response?: string | undefined;
  command?: string | undefined;
}

/**
 * Enhanced status codes (RFC 3463) that condemn the address: 5.1.1 no such mailbox, 5.1.2 no such domain, 5.1.3 bad
 * syntax, 5.1.6 moved, 5.1.10 the domain takes no mail (null MX), 5.2.1 mailbox disabled.
 */
const HARD_STATUSES = new Set(["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"]);

/** Whether an enhanced status code says that the address must never be tried again. */
export const isHardStatus = (code: string): boolean => HARD_STATUSES.has(code);

/** How servers without enhanced codes say that a mailbox does not exist. A bare 550 may as well be policy. */
const NO_SUCH_MAILBOX =
  /(user|mailbox|recipient|address|account)\b.{0,40}\b(unknown|not found|does not exist|doesn't exist|disabled|invalid)|no such (user|mailbox|recipient)|unknown (user|mailbox|recipient)|(invalid|bad) (mailbox|recipient)/i;

/**
 * The outcome of a failed SMTP send. `handedOver`: the message's content had begun to go out. An answer from the server
 * is definite whatever it is; without one, only the content decides between "may be retried" and "unknown".
 */
export function smtpOutcome(failure: SmtpFailure, handedOver: boolean): SendOutcome {
  const detail = clip(failure.response ?? failure.message);
  const code = failure.responseCode;
  if (code === undefined) {
    if (failure.code === "EAUTH" || failure.code === "ENOAUTH") return rejected("auth", detail);
    // nodemailer refuses an address with a line break or bracket before it says a word to the server.
    if (failure.code === "EENVELOPE") {
      return /sender/i.test(failure.message)
        ? rejected("unverified_sender", detail)
        : rejected("invalid_address", detail, true);
    }
    if (failure.code === "EMESSAGE") return rejected("content_refused", detail);
    return { kind: handedOver ? "unknown" : "failed", detail };
  }
  if (code < 500) return { kind: "failed", detail };
  if (failure.code === "EAUTH" || code === 530 || code === 534 || code === 535 || code === 538) {
    return rejected("auth", detail);
  }
  // 503 says that the session was out of step, not that the message was refused.
  if (code === 503) return { kind: "failed", detail };
  return permanent(failure, detail);
}

function permanent(failure: SmtpFailure, detail: string): SendOutcome {
  const enhanced = /^\d{3}[ -](5\.\d{1,3}\.\d{1,3})\b/.exec(failure.response ?? "")?.[1];
  if (enhanced ? HARD_STATUSES.has(enhanced) : NO_SUCH_MAILBOX.test(failure.response ?? "")) {
    return rejected("invalid_address", detail, true);
  }
  if (failure.command === "MAIL FROM") return rejected("unverified_sender", detail);
  if (enhanced?.startsWith("5.7.") || enhanced?.startsWith("5.6.") || failure.command === "DATA") {
    return rejected("content_refused", detail);
  }
  if (failure.command === "RCPT TO") return rejected("invalid_address", detail);
  // Refused before the envelope: an EHLO or greeting with 5xx, which another time or host may not get.
  return { kind: "failed", detail };
}
