import { pino, type Logger } from "pino";

/** Values of these names never reach a log line, wherever they stand. */
const SECRET_PATHS = [
  "*.password",
  "*.apiKey",
  "*.authToken",
  "*.secrets",
  "*.token",
  "req.headers.authorization",
  "req.headers.cookie",
  'req.headers["x-api-key"]',
];

export function createLog(level: string, destination: NodeJS.WritableStream = process.stderr): Logger {
  return pino({ level, redact: { paths: SECRET_PATHS, censor: "[secret]" }, base: undefined }, destination);
}
