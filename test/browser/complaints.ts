import type { BrowserContext, ConsoleMessage, Request } from "playwright-core";

/**
 * What a browser complained about: errors on the console (among them everything that the content security policy refused, and every answer of
 * 400 and more), exceptions that nobody caught, and requests that got no answer.
 */
export class Complaints {
  #found: string[] = [];
  readonly #expected: RegExp[] = [];

  /** From now on a complaint like this is part of the test. */
  expect(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  watch(context: BrowserContext): void {
    context.on("console", (message) => {
      if (message.type() === "error") this.#add(`console: ${message.text()}${placeOf(message)}`);
    });
    context.on("weberror", (error) => this.#add(`exception: ${error.error().stack ?? error.error().message}`));
    context.on("requestfailed", (request) => {
      if (!isGivenUp(request)) this.#add(`no answer: ${request.method()} ${request.url()}: ${reasonOf(request)}`);
    });
  }

  /** Fails when there was one that the test did not expect. Afterwards there was none. */
  refuse(): void {
    const unexpected = this.#found.filter((complaint) => !this.#expected.some((pattern) => pattern.test(complaint)));
    this.#found = [];
    // Told in words of our own: a report shows an error's message, and not always what it differs in.
    if (unexpected.length > 0) throw new Error(["The browser complained.", ...unexpected].join("\n"));
  }

  #add(complaint: string): void {
    this.#found.push(complaint);
  }
}

const placeOf = (message: ConsoleMessage) => (message.location().url ? ` (${message.location().url})` : "");
const reasonOf = (request: Request) => request.failure()?.errorText ?? "unknown";

/** The page itself gave it up: it went elsewhere, or has no more use for the answer. */
const isGivenUp = (request: Request) => reasonOf(request) === "net::ERR_ABORTED";
