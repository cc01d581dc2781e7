import type { FastifyInstance } from "fastify";
import { NotFound, type ProblemDefinition, findProblem, listProblems } from "../problems.ts";
import { escapeHtml, htmlPage, wantsHtml } from "./html.ts";

const asData = ({ code, status, title, about }: ProblemDefinition) => ({
  type: `/problems/${code}`,
  code,
  status,
  title,
  about,
});

const listPage = () => {
  const rows = listProblems().map(
    ({ code, status, title }) =>
      `<tr><td>${status}</td><td><a href="/problems/${code}"><code>${code}</code></a></td><td>${escapeHtml(title)}</td></tr>`,
  );
  return htmlPage(
    "Problems",
    `<h1>Problems</h1><p>What a refused request can be answered with.</p><table>${rows.join("")}</table>`,
  );
};

const problemPage = ({ code, status, title, about }: ProblemDefinition) =>
  htmlPage(
    title,
    `<h1>${escapeHtml(title)}</h1><p><small>${status} · <code>${code}</code></small></p><p>${escapeHtml(about)}</p><p><a href="/problems">All problems</a></p>`,
  );

/** Where the `type` of a problem document leads: what happened and what to do, for people and for programs. */
export function serveProblemPages(server: FastifyInstance): void {
  server.get("/problems", async (request, reply) => {
    if (wantsHtml(request.headers.accept)) return reply.type("text/html; charset=utf-8").send(listPage());
    return { data: listProblems().map(asData) };
  });
  server.get<{ Params: { code: string } }>("/problems/:code", async (request, reply) => {
    const problem = findProblem(request.params.code);
    if (!problem) throw NotFound("No problem has this code.");
    if (wantsHtml(request.headers.accept)) return reply.type("text/html; charset=utf-8").send(problemPage(problem));
    return asData(problem);
  });
}
