import type { Method, Reply, World } from "#test/world.ts";
import { createWorkspaceWithOwner, type OwnedWorkspace } from "./commands/create-workspace-with-owner.ts";

export const PASSWORD = "correct horse battery";

/** A browser of a test: it keeps its cookies and says which site its page is from. */
export type Browser = {
  request(method: Method, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  cookie(): string;
};

export function openBrowser({ app, runtime }: World, from: { address?: string; cookie?: string } = {}): Browser {
  const site = new URL(runtime.config.publicUrl);
  const jar = new Map<string, string>();
  const cookie = () => from.cookie ?? [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  return {
    cookie,
    async request(method, path, body, headers = {}) {
      const kept: Record<string, string> = cookie() === "" ? {} : { cookie: cookie() };
      const json: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
      const response = await app.server.inject({
        method,
        url: path.startsWith("/api") ? path : `/api/v1${path}`,
        headers: { host: site.host, origin: site.origin, ...kept, ...json, ...headers },
        payload: body === undefined ? undefined : JSON.stringify(body),
        remoteAddress: from.address ?? "127.0.0.1",
      });
      for (const set of [response.headers["set-cookie"] ?? []].flat()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        if (value === "") jar.delete(name);
        else jar.set(name, value);
      }
      const parsed: unknown = response.body === "" ? null : JSON.parse(response.body);
      return { status: response.statusCode, headers: response.headers, body: parsed, text: response.body };
    },
  };
}

/** A browser in which somebody has just signed in with a password. Throws with the status when they are refused. */
export async function signIn(world: World, email: string, password = PASSWORD): Promise<Browser> {
  const browser = openBrowser(world);
  const { status, text } = await browser.request("POST", "/api/auth/sign-in/email", { email, password });
  if (status !== 200) throw new Error(`The sign-in of ${email} answered ${status}: ${text}`);
  return browser;
}

let owners = 0;

/** One more workspace, whose owner can sign in with PASSWORD. */
export const ownWorkspace = ({ runtime }: World): Promise<OwnedWorkspace> =>
  createWorkspaceWithOwner(runtime, {
    workspaceName: "Northwind",
    name: "Nora Owner",
    email: `nora${++owners}@northwind.example`,
    password: PASSWORD,
  });
