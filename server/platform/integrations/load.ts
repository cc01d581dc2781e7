import { PROVIDERS, type ProviderName } from "#providers/registry.ts";
import { elapsed } from "../clock.ts";
import { deriveSecret, isSigned, openText, sealText, sign } from "../crypto.ts";
import type { Context } from "../context.ts";
import { type Dns, systemDns } from "../dns.ts";
import type { Runtime } from "../runtime.ts";
import { isHiddenAddress, lookupFor } from "../ssrf.ts";
import { type Credentials, findDefinition, unseal, urlsIn, type Vendor } from "./credentials.ts";
import type { ActiveLeadAds, ActiveProvider, Channel, Providers } from "./providers.ts";
import { type IntegrationRow, listIntegrations } from "./queries.ts";
import { databaseSandboxStore } from "./sandbox-store.ts";

/** A change made by another process is noticed within this time; one of this process at once. */
const FRESH_MS = 5_000;

type Active = ActiveProvider | ActiveLeadAds;
type Adapter = { row: IntegrationRow; version: string; active: Active | null };
type Shelf = { adapters: Map<string, Adapter>; sandbox: Map<string, Active>; readAt: number };

const SANDBOX_OF: Record<Channel, ProviderName> = { EMAIL: "sandbox-email", SMS: "sandbox-sms", CALL: "sandbox-voice" };
const SANDBOX_LEADS: ProviderName = "sandbox-leads";
/** Whoever sends a message asks for a channel's vendor, and must get no other. */
const ofChannels = (active: Active | null): ActiveProvider | null => (active?.channel === "LEADS" ? null : active);

/** What an adapter is made of. Its health may change without a new one. */
const versionOf = ({ id, provider, config, secrets }: IntegrationRow) =>
  JSON.stringify([id, provider, config, secrets]);

const UNSUBSCRIBE = "unsubscribe";

/**
 * Names the message whose receiver says no; nobody can make one for another. With an address, which it carries sealed: the message is deleted
 * with its lead, and whoever has it in their mailbox still says no.
 */
function unsubscribeToken(secretKey: Buffer, workspaceId: string, messageId: string, email: string | null): string {
  const about = `${workspaceId}.${messageId}`;
  if (email === null) return `${about}.${sign(secretKey, UNSUBSCRIBE, about)}`;
  return `${about}.${SEALED}${sealText(secretKey, UNSUBSCRIBE, email, about)}`;
}

/** What may be a token, in a line that a mail program may have added to. */
const TOKEN = /ws_[0-9a-z]+\.msg_[0-9a-z]+\.[\w~-]+/g;

/** Marks a sealed address in a token: no signature begins with it. */
const SEALED = "~";

/** The workspace and message of a token that we made, and the e-mail address it carries; null for any other text. */
export function readUnsubscribeToken(
  secretKey: Buffer,
  token: string,
): { workspaceId: string; messageId: string; email: string | null } | null {
  const [workspaceId, messageId, proof] = token.split(".");
  if (!workspaceId || !messageId || !proof) return null;
  const about = `${workspaceId}.${messageId}`;
  if (!proof.startsWith(SEALED))
    return isSigned(secretKey, UNSUBSCRIBE, about, proof) ? { workspaceId, messageId, email: null } : null;
  const email = openText(secretKey, UNSUBSCRIBE, proof.slice(SEALED.length), about);
  return email === null ? null : { workspaceId, messageId, email };
}

/** Where a vendor reports to; each workspace has its own, so that the path alone says whose message it is. */
export const webhookUrlOf = (publicUrl: string, workspaceId: string, provider: string) =>
  `${publicUrl}/webhooks/${workspaceId}/${provider}`;

/**
 * The vendors of every workspace. Adapters hold connections and are kept as long as their credentials stay the same; the rows are read again
 * when they are older than five seconds, one indexed query on a table of a few rows, so no message between processes can be lost.
 */
export function createProviders(
  parts: Pick<Runtime, "config" | "clock" | "log" | "database"> & { dns?: Dns },
): Providers & { close(): Promise<void> } {
  const { config, clock, log, database, dns = systemDns() } = parts;
  const shelves = new Map<string, Shelf>();
  /** How often each workspace's integrations were changed by this process: a read that a change overtook is not fresh. */
  const changes = new Map<string, number>();

  const optionsFor = (workspaceId: string, provider: string) => ({
    webhookUrl: webhookUrlOf(config.publicUrl, workspaceId, provider),
    now: () => clock.now(),
    store: databaseSandboxStore(database, workspaceId),
    lookup: lookupFor(config),
  });

  function open(ctx: Context, row: IntegrationRow): Active | null {
    const definition = findDefinition(row.provider);
    // A database that comes from a trial must not go on playing in production.
    if (definition?.sandbox && !config.sandboxAllowed) return null;
    const credentials = unseal(config, row);
    if (!definition || !credentials) {
      log.error(
        { integration: row.id, provider: row.provider },
        "an integration's credentials cannot be read: enter them again",
      );
      return null;
    }
    if (urlsIn(credentials).some(([, url]) => isHiddenAddress(config, url))) {
      log.error({ integration: row.id, provider: row.provider }, "an integration's URL is not on the public internet");
      return null;
    }
    try {
      return activate(definition, credentials, row.id, optionsFor(ctx.workspace, row.provider));
    } catch {
      // The message of a schema's error could quote what it refused.
      log.error(
        { integration: row.id, provider: row.provider },
        "an integration's credentials no longer fit the vendor: enter them again",
      );
      return null;
    }
  }

  function close(adapter: Active | null): void {
    adapter?.vendor
      .close()
      .catch((error: unknown) => log.error({ err: error }, "a vendor's connections did not close"));
  }

  async function shelfOf(ctx: Context): Promise<Shelf> {
    const known = shelves.get(ctx.workspace);
    if (known && elapsed() - known.readAt < FRESH_MS) return known;
    const startedAt = elapsed();
    const changesBefore = changes.get(ctx.workspace);
    const rows = await listIntegrations(ctx);
    const shelf = shelves.get(ctx.workspace) ?? { adapters: new Map<string, Adapter>(), sandbox: new Map(), readAt: 0 };
    shelves.set(ctx.workspace, shelf);
    const before = new Map(shelf.adapters);
    shelf.adapters.clear();
    for (const row of rows) {
      const version = versionOf(row);
      const old = before.get(row.provider);
      const active = old?.version === version ? old.active : open(ctx, row);
      if (old && old.active !== active) close(old.active);
      before.delete(row.provider);
      shelf.adapters.set(row.provider, { row, version, active });
    }
    for (const gone of before.values()) close(gone.active);
    shelf.readAt = changes.get(ctx.workspace) === changesBefore ? startedAt : Number.NEGATIVE_INFINITY;
    return shelf;
  }

  function sandboxOf(shelf: Shelf, ctx: Context, name: ProviderName): Active | null {
    if (!config.sandboxAllowed) return null;
    const known = shelf.sandbox.get(name);
    if (known) return known;
    const webhookSecret = sandboxWebhookSecret(config.secretKey, ctx.workspace);
    const made = activate(PROVIDERS[name], { webhookSecret }, null, optionsFor(ctx.workspace, name));
    shelf.sandbox.set(name, made);
    return made;
  }

  return {
    publicUrl: config.publicUrl,
    dns,
    async active(ctx, channel) {
      const shelf = await shelfOf(ctx);
      const ofChannel = [...shelf.adapters.values()].filter(({ row }) => row.type === channel);
      if (ofChannel.length === 0) return ofChannels(sandboxOf(shelf, ctx, SANDBOX_OF[channel]));
      return ofChannels(ofChannel.find(({ row }) => row.isActive)?.active ?? null);
    },
    async byName(ctx, provider) {
      const shelf = await shelfOf(ctx);
      const connected = shelf.adapters.get(provider);
      if (connected) return ofChannels(connected.active);
      const name = Object.values(SANDBOX_OF).find((known) => known === provider);
      return name ? ofChannels(sandboxOf(shelf, ctx, name)) : null;
    },
    async leadAds(ctx, provider) {
      const shelf = await shelfOf(ctx);
      const connected = shelf.adapters.get(provider);
      const active =
        provider === SANDBOX_LEADS
          ? sandboxOf(shelf, ctx, SANDBOX_LEADS)
          : connected?.row.isActive
            ? connected.active
            : null;
      return active?.channel === "LEADS" ? active : null;
    },
    unsubscribeUrl(ctx, messageId, email) {
      return `${config.publicUrl}/u/${unsubscribeToken(config.secretKey, ctx.workspace, messageId, email)}`;
    },
    readUnsubscribe(ctx, text) {
      for (const token of text.match(TOKEN) ?? []) {
        const named = readUnsubscribeToken(config.secretKey, token);
        if (named?.workspaceId === ctx.workspace) return { messageId: named.messageId, email: named.email };
      }
      return null;
    },
    forget(workspaceId) {
      changes.set(workspaceId, (changes.get(workspaceId) ?? 0) + 1);
      const shelf = shelves.get(workspaceId);
      if (shelf) shelf.readAt = Number.NEGATIVE_INFINITY;
    },
    async close() {
      const opened = [...shelves.values()].flatMap((shelf) => [...shelf.adapters.values()].map(({ active }) => active));
      shelves.clear();
      for (const adapter of opened) await adapter?.vendor.close();
    },
  };
}

/** What the sandbox page signs with when it plays the vendor of a workspace. */
export const sandboxWebhookSecret = (secretKey: Buffer, workspaceId: string) =>
  deriveSecret(secretKey, `sandbox-webhook:${workspaceId}`);

function activate(
  definition: Vendor,
  credentials: Credentials,
  integrationId: string | null,
  options: Parameters<Vendor["create"]>[1],
): Active {
  if (definition.type === "LEADS")
    return { channel: "LEADS", integrationId, vendor: definition.create(credentials, options) };
  const from = senderIn(definition.credentials.parse(credentials));
  if (definition.type === "EMAIL") {
    return { channel: "EMAIL", integrationId, from, vendor: definition.create(credentials, options) };
  }
  if (definition.type === "SMS") {
    return { channel: "SMS", integrationId, from, vendor: definition.create(credentials, options) };
  }
  return { channel: "CALL", integrationId, from, vendor: definition.create(credentials, options) };
}

/** The address, number or number's id that a vendor sends from unless told otherwise. */
function senderIn(credentials: Credentials): string {
  const sender = credentials["fromEmail"] ?? credentials["fromNumber"] ?? credentials["phoneNumberId"];
  return typeof sender === "string" ? sender : "";
}
