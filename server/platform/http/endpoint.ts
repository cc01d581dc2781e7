import "../fault-words.ts";
import { oc } from "@orpc/contract";
import { z } from "zod";
import type { Permission } from "../permissions.ts";
import { type ProblemDefinition, type ProblemFactory, SecretShownOnce } from "../problems.ts";
import { isInstant } from "./instants.ts";

/** Who may call an operation: one permission, anyone signed in, or anyone at all (which must be said). */
export type Access = Permission | "signed-in" | "public";

/** What each contract procedure carries beside its shapes. `problems` are the codes it can answer with, for the reference page. */
export type EndpointMeta = {
  access: Access;
  problems: string[];
  /** Its answer holds a secret that is shown once: it is never kept, so a repeat under the same Idempotency-Key cannot get it again. */
  answersSecret?: boolean;
};

/**
 * Starts a procedure of a contract: `endpoint("leads:read", LeadNotFound).route({ method: "GET", path: "/leads/{leadId}" })…`.
 * The access is required by the type: nothing is public by omission.
 */
export const endpoint = (access: Access, ...problems: { definition: ProblemDefinition }[]) =>
  oc.$meta<EndpointMeta>({ access, problems: problems.map((problem) => problem.definition.code) });

/** The same for an operation that answers with a secret. */
export const secretEndpoint = (access: Access, ...problems: ProblemFactory[]) =>
  endpoint(access, ...problems, SecretShownOnce).meta({
    access,
    problems: [...problems, SecretShownOnce].map((problem) => problem.definition.code),
    answersSecret: true,
  });

/** Query of every list: how many, and where to go on. */
export const pageInput = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});

/** Answer of every list. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), next_cursor: z.string().nullable(), has_more: z.boolean() });

/**
 * Answer of a list of which a request looks at a bounded number of rows: where that does not fill the page it is short or empty, and
 * `next_cursor` goes on from there.
 */
export const windowOf = <T extends z.ZodType>(item: T) =>
  pageOf(item).extend({
    looked: z
      .int()
      .describe("Rows that were looked at where the page ends before it is full and goes on with the next; else 0"),
  });

/** For the description of such a list. */
export const MAY_COME_SHORT =
  "However long the list is, a request looks at some thousand rows of it, at up to 12 times as many where it goes on from pages that came short. Where that does not fill the page, as for conditions that hardly any row meets, the page is short or empty, `looked` says how many were looked at, and `next_cursor` goes on from there: ask on until `next_cursor` is null.";

/** An instant in an answer. */
export const instant = z.iso.datetime({ offset: true });

/** An instant in a request: what an answer can say again, in UTC too. */
export const moment = instant.refine((text) => isInstant(Date.parse(text)), "Between the years 1 and 9999");

/**
 * Of every change of a record that people edit: the `updatedAt` that it was made from. The change is refused with `changed-elsewhere` when the
 * record has another by now. Left out, it is written over whatever is there.
 */
export const expectation = z.object({
  expectedUpdatedAt: moment
    .optional()
    .describe(
      "The updatedAt that the change was made from. When the record has another by now, the change is refused (409 changed-elsewhere). Without it, the change is written over whatever is there.",
    ),
});
