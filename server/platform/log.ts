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

/** What an error says of itself; never the objects that libraries hang on it, such as a whole connection. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const cause = error.cause === undefined ? undefined : describeError(error.cause);
  return { type: error.name, message: error.message, code, stack: error.stack, cause };
}

export function createLog(level: string, destination: NodeJS.WritableStream = process.stderr): Logger {
  return pino(
    {
      level,
      redact: { paths: SECRET_PATHS, censor: "[secret]" },
      base: undefined,
      serializers: { err: describeError },
    },
    destination,
  );
}
