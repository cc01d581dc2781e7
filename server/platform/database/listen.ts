import { Client, type ClientConfig } from "pg";

const RECONNECT_MS = 1_000;

export type Listening = {
  onNotify: (payload: string) => void;
  /** The connection was lost and is back: notifications of the time in between are gone. */
  onReconnect?: () => void;
  onError: (error: Error) => void;
};

/** LISTEN on a connection of its own, opened again whenever it is lost, until the returned function is called. */
export async function listenOn(
  settings: ClientConfig,
  channel: string,
  { onNotify, onReconnect, onError }: Listening,
): Promise<() => Promise<void>> {
  let closed = false;
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  const later = () => {
    if (!closed) timer = setTimeout(() => void reconnect(), RECONNECT_MS);
  };

  async function connect(): Promise<void> {
    const next = new Client({ ...settings, keepAlive: true });
    next.on("error", onError);
    next.on("notification", (message) => onNotify(message.payload ?? ""));
    await next.connect();
    await next.query(`listen ${next.escapeIdentifier(channel)}`);
    client = next;
    // However it ends, "end" is said exactly once.
    next.once("end", later);
  }

  async function reconnect(): Promise<void> {
    try {
      await connect();
      onReconnect?.();
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)));
      later();
    }
  }

  await connect();
  return async () => {
    closed = true;
    clearTimeout(timer);
    await client?.end();
  };
}
