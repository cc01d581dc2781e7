import { createTransport, type Transporter } from "nodemailer";
import { recordSystemMail } from "#platform/integrations/sandbox-store.ts";
import type { Runtime } from "#platform/runtime.ts";

/** A mail about an account itself. `link` is the one thing to do. */
export type SystemMail = { to: string; subject: string; lines: string[]; button: string; link: string; footer: string };

/** `mailed`: the mail server took it. `sandbox`: it waits on the workspace's sandbox page. `failed`: nobody will get it, the log says why. */
export type Delivery = "mailed" | "sandbox" | "failed";

const transports = new WeakMap<Runtime, Transporter>();

/** Mail servers that do not answer must not hold up a request for minutes, which is nodemailer's default. */
const TIMEOUT_MS = 15_000;

function transportOf(runtime: Runtime, smtpUrl: string): Transporter {
  const known = transports.get(runtime);
  if (known) return known;
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  transports.set(runtime, transport);
  return transport;
}

/**
 * Sends by SMTP_URL, or else puts it into the sandbox mailbox of `workspaceId`. Never throws, and never logs the link: whoever reads the log
 * must not be able to use it.
 */
export async function sendSystemMail(
  runtime: Runtime,
  workspaceId: string | null,
  mail: SystemMail,
): Promise<Delivery> {
  const { systemMail, sandboxAllowed, publicUrl } = runtime.config;
  const text = toText(mail);
  const html = toHtml(mail);
  try {
    if (systemMail) {
      await transportOf(runtime, systemMail.smtpUrl).sendMail({
        from: systemMail.from,
        to: mail.to,
        subject: mail.subject,
        text,
        html,
      });
      return "mailed";
    }
    if (sandboxAllowed && workspaceId) {
      const ctx = runtime.contextFor(workspaceId, { kind: "system", id: "accounts.system-mail" });
      await recordSystemMail(ctx, {
        from: `throughline@${new URL(publicUrl).hostname}`,
        to: mail.to,
        subject: mail.subject,
        text,
        html,
      });
      return "sandbox";
    }
    runtime.log.error({ subject: mail.subject }, "a mail could not be sent: set SMTP_URL and MAIL_FROM");
  } catch (error) {
    runtime.log.error({ err: error, subject: mail.subject }, "a mail could not be sent");
  }
  return "failed";
}

const toText = ({ lines, link, footer }: SystemMail) => [...lines, link, footer].join("\n\n");

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escape = (text: string) => text.replaceAll(/[&<>"]/g, (character) => escapes[character] ?? character);

// Tables, inline styles and system fonts: what mail programs understand.
function toHtml({ lines, button, link, footer }: SystemMail): string {
  const paragraphs = lines.map((line) => `<p style="margin:0 0 16px">${escape(line)}</p>`).join("");
  return `<!doctype html><html><body style="margin:0;background:#f4f4f5">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:520px;background:#ffffff;border-radius:12px"><tr>
<td style="padding:32px;font:15px/1.6 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;color:#18181b">
${paragraphs}
<p style="margin:24px 0"><a href="${escape(link)}" style="display:inline-block;padding:10px 20px;border-radius:8px;background:#18181b;color:#ffffff;text-decoration:none">${escape(button)}</a></p>
<p style="margin:0;color:#71717a;font-size:13px">${escape(footer)}</p>
</td></tr></table></td></tr></table></body></html>`;
}
