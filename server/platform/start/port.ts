import { createServer } from "node:net";

/** Throws what `listen` would (EADDRINUSE, EACCES), before a database has been started for nothing. */
export function assertPortFree(host: string, port: number): Promise<void> {
  return new Promise((free, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(port, host, () => probe.close(() => free()));
  });
}
