import { z } from "zod";
import { endpoint, expectation, instant, pageInput, pageOf } from "#platform/http/endpoint.ts";
import { ChangedElsewhere } from "#platform/problems.ts";
import { ScriptBreaksSequence, ScriptNotFound, ScriptVersionNotFound } from "../problems.ts";
import { BODY_FORMATS } from "../render/sets.ts";
import { SCRIPT_TYPES } from "../states.ts";
import { scriptDetailSchema } from "./scripts.ts";

const tags = ["Scripts"];
const id = z.string().max(60);
const MOST_VERSIONS = 1_000_000;
const versionNumber = z.coerce.number().int().min(1).max(MOST_VERSIONS);
const scriptId = z.object({ scriptId: id });

export const versionHeadSchema = z.object({
  id,
  /** Null once the script is deleted: its versions stay for what was sent with them. */
  scriptId: id.nullable(),
  /** From 1, within the script. */
  number: z.int(),
  /** The script's name when the version was made. */
  name: z.string(),
  /** The number of the earlier version whose words these are. */
  restoredFrom: z.int().nullable(),
  /** Who wrote it; `name` as they were called then, null for our own work. */
  by: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string().nullable() }),
  createdAt: instant,
});
export type VersionHeadView = z.infer<typeof versionHeadSchema>;

export const versionSchema = versionHeadSchema.extend({
  type: z.enum(SCRIPT_TYPES),
  subject: z.string().nullable(),
  preheader: z.string().nullable(),
  content: z.string().nullable(),
  format: z.enum(BODY_FORMATS),
  vapiConfig: z.record(z.string(), z.unknown()).nullable(),
});
export type VersionView = z.infer<typeof versionSchema>;

export const COMPARED = ["subject", "preheader", "content", "format", "voice"] as const;

export const comparisonSchema = z.object({
  from: versionHeadSchema,
  to: versionHeadSchema,
  /** Each part that differs, word by word, in the order in which it is read. */
  changes: z.array(
    z.object({
      part: z.enum(COMPARED),
      diff: z.array(z.object({ kind: z.enum(["same", "removed", "added"]), text: z.string() })),
    }),
  ),
});
export type VersionComparison = z.infer<typeof comparisonSchema>;

export const scriptVersionOperations = {
  list: endpoint("outreach:read", ScriptNotFound)
    .route({
      method: "GET",
      path: "/scripts/{scriptId}/versions",
      tags,
      summary: "List a script's versions, latest first",
    })
    .input(pageInput.extend(scriptId.shape))
    .output(pageOf(versionHeadSchema)),
  compare: endpoint("outreach:read", ScriptNotFound, ScriptVersionNotFound)
    .route({
      method: "GET",
      path: "/scripts/{scriptId}/compare",
      tags,
      summary: "Say word by word what changed between two versions of a script",
    })
    .input(scriptId.extend({ from: versionNumber, to: versionNumber }))
    .output(comparisonSchema),
  restore: endpoint("outreach:write", ScriptNotFound, ScriptVersionNotFound, ScriptBreaksSequence, ChangedElsewhere)
    .route({
      method: "POST",
      path: "/scripts/{scriptId}/versions/{versionNumber}/restore",
      tags,
      summary: "Put the words of an earlier version back, as a new version",
      description: "Nothing is written where the script says the same already.",
    })
    .input(scriptId.extend({ versionNumber, ...expectation.shape }))
    .output(scriptDetailSchema),
  get: endpoint("outreach:read", ScriptVersionNotFound)
    .route({
      method: "GET",
      path: "/script-versions/{scriptVersionId}",
      tags,
      summary: "Show the text of one version, also of a script that was deleted",
    })
    .input(z.object({ scriptVersionId: id }))
    .output(versionSchema),
};
