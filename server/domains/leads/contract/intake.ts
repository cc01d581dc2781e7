import { z } from "zod";
import { endpoint, expectation, instant, pageInput, pageOf } from "#platform/http/endpoint.ts";
import { ChangedElsewhere, Conflict } from "#platform/problems.ts";
import { IntakeNameTaken, IntakeSourceNotFound, SubmissionNotFound } from "../problems.ts";
import { INTAKE_KINDS, SUBMISSION_STATUSES } from "../sets.ts";
import { sourceSettingsSchema } from "../intake/source-settings.ts";

const tags = ["Intake"];
const id = z.string().max(60);
const name = z.string().trim().min(1, "Give it a name").max(100);

const sourceSchema = z.object({
  id,
  kind: z.enum(INTAKE_KINDS),
  /** Stands on the leads that come by it. */
  name: z.string(),
  isActive: z.boolean(),
  settings: sourceSettingsSchema,
  campaignId: id.nullable(),
  /** Where forms and programs send to. Who has it may give leads, and sees nothing. A program's is shown to those alone who may make one. */
  submitUrl: z.url().nullable(),
  /** The page with the form that this server shows; null for programs. */
  pageUrl: z.url().nullable(),
  submitted: z.int(),
  created: z.int(),
  lastUsedAt: instant.nullable(),
  createdAt: instant,
  updatedAt: instant,
});
export type IntakeSourceView = z.infer<typeof sourceSchema>;

export const intakeSourceOperations = {
  list: endpoint("leads:read")
    .route({ method: "GET", path: "/intake-sources", tags, summary: "List the forms and programs that give leads" })
    .input(pageInput)
    .output(pageOf(sourceSchema)),
  get: endpoint("leads:read", IntakeSourceNotFound)
    .route({ method: "GET", path: "/intake-sources/{sourceId}", tags, summary: "Show a source of leads" })
    .input(z.object({ sourceId: id }))
    .output(sourceSchema),
  create: endpoint("integrations:write", IntakeNameTaken)
    .route({
      method: "POST",
      path: "/intake-sources",
      tags,
      summary: "Make a form, or a way in for another program",
      successStatus: 201,
    })
    .input(
      z.object({
        kind: z.enum(INTAKE_KINDS),
        name,
        settings: sourceSettingsSchema.prefault({}),
        campaignId: id.nullable().default(null),
      }),
    )
    .output(sourceSchema),
  update: endpoint("integrations:write", IntakeSourceNotFound, IntakeNameTaken, ChangedElsewhere)
    .route({ method: "PATCH", path: "/intake-sources/{sourceId}", tags, summary: "Change a source of leads" })
    .input(
      z.object({
        sourceId: id,
        name: name.optional(),
        isActive: z.boolean().optional(),
        campaignId: id.nullable().optional(),
        /** All of them: what is left out has its default again. */
        settings: sourceSettingsSchema.optional(),
        ...expectation.shape,
      }),
    )
    .output(sourceSchema),
  renewToken: endpoint("integrations:write", IntakeSourceNotFound)
    .route({
      method: "POST",
      path: "/intake-sources/{sourceId}/renew-token",
      tags,
      summary: "Give a source a new address; the old one takes nothing any more",
    })
    .input(z.object({ sourceId: id }))
    .output(sourceSchema),
  delete: endpoint("integrations:write", IntakeSourceNotFound)
    .route({
      method: "DELETE",
      path: "/intake-sources/{sourceId}",
      tags,
      summary: "Remove a source; its leads stay",
      successStatus: 204,
    })
    .input(z.object({ sourceId: id })),
};

const submissionSchema = z.object({
  id,
  /** The vendor of an advertisement, or `form` or `api`. */
  provider: z.string(),
  sourceId: id.nullable(),
  label: z.string().nullable(),
  status: z.enum(SUBMISSION_STATUSES),
  leadId: id.nullable(),
  leadName: z.string().nullable(),
  detail: z.string().nullable(),
  /** Fields that could not be used. */
  faults: z.array(z.object({ field: z.string(), value: z.string(), reason: z.string() })),
  /** What was written, by question, as far as it is known. */
  answers: z.array(z.object({ name: z.string(), value: z.string() })),
  pageUrl: z.string().nullable(),
  tries: z.int(),
  /** When it is tried again. */
  dueAt: instant.nullable(),
  receivedAt: instant,
  processedAt: instant.nullable(),
});
export type SubmissionView = z.infer<typeof submissionSchema>;

export const submissionOperations = {
  list: endpoint("leads:read")
    .route({
      method: "GET",
      path: "/lead-submissions",
      tags,
      summary: "List what forms and advertisements gave, newest first",
    })
    .input(
      pageInput.extend({
        sourceId: id.optional(),
        status: z.enum(SUBMISSION_STATUSES).optional(),
      }),
    )
    .output(pageOf(submissionSchema)),
  retry: endpoint("leads:write", SubmissionNotFound)
    .route({
      method: "POST",
      path: "/lead-submissions/{submissionId}/retry",
      tags,
      summary: "Try again to take in what failed",
      successStatus: 204,
    })
    .input(z.object({ submissionId: id })),
  clear: endpoint("leads:write", SubmissionNotFound, Conflict)
    .route({
      method: "POST",
      path: "/lead-submissions/{submissionId}/not-spam",
      tags,
      summary: "Take in what was taken for a machine's",
      description:
        "It becomes a lead as if it had come in well, with its consents and its campaign. Said again it changes nothing; 409 where its words were erased.",
      successStatus: 204,
    })
    .input(z.object({ submissionId: id })),
  /** Beside the sandbox's phone and mailbox: an advertisement. */
  playAd: endpoint("sandbox:use")
    .route({
      method: "POST",
      path: "/sandbox/leads",
      tags: ["Sandbox"],
      summary: "Fill in the sandbox's form of an advertisement, as a person would",
      successStatus: 204,
    })
    .input(
      z.object({
        fullName: z.string().trim().max(200).optional(),
        email: z.string().trim().max(200).optional(),
        phone: z.string().trim().max(60).optional(),
        company: z.string().trim().max(200).optional(),
        /** An answer to the form's own question. */
        answer: z.string().trim().max(300).optional(),
      }),
    ),
};
