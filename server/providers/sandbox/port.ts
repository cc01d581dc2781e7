/** How the other side is played: what a sandbox vendor's webhook says, and its signature. */
export {
  SANDBOX_SIGNATURE_HEADER,
  sandboxBounce,
  sandboxCallReport,
  sandboxReceipt,
  sandboxReply,
  sandboxWebhookBody,
  signSandboxWebhook,
} from "./webhook.ts";
