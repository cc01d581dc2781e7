import type { VoiceConfig } from "../voice/port.ts";

/** One thing that a sandbox provider "sent": a message on the phone, in the mailbox, or a call in the log. */
export interface SandboxEntry {
  /** Equals the providerRef, and is made of the message id: the same message again is the same entry. */
  id: string;
  channel: "EMAIL" | "SMS" | "CALL";
  /** Our message id. */
  messageId: string;
  from: string;
  to: string;
  subject: string | null;
  text: string;
  html: string | null;
  headers: Record<string, string> | null;
  call: { config: VoiceConfig; variables: Record<string, string> } | null;
  /** What `send` answered: a message that timed out may have arrived, so it is kept too. */
  outcome: "accepted" | "unknown";
  at: Date;
}

export interface SandboxStore {
  /** Keeps an entry. An entry whose id is already there replaces it. */
  record(entry: SandboxEntry): Promise<void>;
}

/** A store for tests: what was sent, in order. */
export function memorySandboxStore(): SandboxStore & { readonly entries: SandboxEntry[] } {
  const entries: SandboxEntry[] = [];
  return {
    entries,
    async record(entry) {
      const index = entries.findIndex((known) => known.id === entry.id);
      if (index === -1) entries.push(entry);
      else entries[index] = entry;
    },
  };
}
