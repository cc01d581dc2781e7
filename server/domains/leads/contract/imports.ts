import { z } from "zod";
import { endpoint, instant, pageInput, pageOf } from "#platform/http/endpoint.ts";
import { importOptionsSchema, columnMappingSchema, mappingSchema } from "../imports/options.ts";
import {
  FileTooLarge,
  FileUnreadable,
  ImportFileGone,
  ImportNotFound,
  ImportNotInState,
  MappingNotFound,
  MappingUnusable,
  NoFile,
  TooManyColumns,
  TooManyRows,
} from "../problems.ts";
import { IMPORT_STATUSES } from "../rules.ts";
import { fileOutput } from "./leads.ts";

const tags = ["Imports"];
const id = z.string().max(60);
const importId = z.object({ importId: id });

export const importColumnSchema = columnMappingSchema.extend({
  /** Of a proposal: from 0 to 1; below 0.6 a person should look. */
  confidence: z.number().optional(),
  why: z.string().optional(),
  /** A few values of the column. */
  samples: z.array(z.string()).optional(),
});

export const importSchema = z.object({
  id,
  fileName: z.string(),
  fileBytes: z.int(),
  status: z.enum(IMPORT_STATUSES),
  encoding: z.string(),
  delimiter: z.string(),
  headers: z.array(z.string()),
  columns: z.array(importColumnSchema),
  options: importOptionsSchema,
  /** About, until the file has been read. */
  rowsTotal: z.int().nullable(),
  rowsRead: z.int(),
  bytesRead: z.int(),
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  /** Rows that changed nothing. */
  faulty: z.int(),
  /** Rows a second since it was started. */
  rate: z.number().nullable(),
  failure: z.string().nullable(),
  createdBy: z.string().nullable(),
  createdAt: instant,
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
  isCancelling: z.boolean(),
});
export type ImportView = z.infer<typeof importSchema>;

const looksHeaderless = {
  /** The first row seems to be a lead and not headers. */
  looksHeaderless: z.boolean(),
};
const uploaded = importSchema.extend(looksHeaderless);

export const importProposalSchema = z.object({ columns: z.array(importColumnSchema), ...looksHeaderless });

export const previewRowSchema = z.object({
  line: z.int(),
  cells: z.array(z.string()),
  outcome: z.enum(["create", "update", "unchanged", "conflict", "faulty"]),
  lead: z.object({ id, name: z.string() }).nullable(),
  /** The earlier line of the file that makes the lead which this row is about. */
  sameAsLine: z.int().nullable(),
  otherLeadId: id.nullable(),
  changes: z.array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() })),
  faults: z.array(z.object({ column: z.string(), value: z.string(), reason: z.string() })),
});
export type PreviewRowView = z.infer<typeof previewRowSchema>;

export const importFaultSchema = z.object({
  id,
  line: z.int(),
  column: z.string().nullable(),
  value: z.string().nullable(),
  reason: z.string(),
  cells: z.array(z.string()),
  /** The row changed nothing; else only this value was left out. */
  isFatal: z.boolean(),
});

export const importOperations = {
  upload: endpoint("leads:import", NoFile, FileUnreadable, FileTooLarge, TooManyColumns, TooManyRows)
    .route({
      method: "POST",
      path: "/imports",
      tags,
      summary: "Upload a CSV or TSV file",
      description:
        "One file of at most 512 MB as multipart/form-data. Nothing is imported before the import is started.",
      successStatus: 201,
    })
    .input(z.object({ file: z.file().optional() }).optional())
    .output(uploaded),
  list: endpoint("leads:read")
    .route({ method: "GET", path: "/imports", tags, summary: "List imports, newest first" })
    .input(pageInput)
    .output(pageOf(importSchema)),
  get: endpoint("leads:read", ImportNotFound)
    .route({ method: "GET", path: "/imports/{importId}", tags, summary: "Show an import and how far it is" })
    .input(importId)
    .output(importSchema),
  setMapping: endpoint("leads:import", ImportNotFound, ImportNotInState, MappingUnusable, MappingNotFound)
    .route({ method: "PUT", path: "/imports/{importId}/mapping", tags, summary: "Say what the columns are" })
    .input(
      importId.extend({
        columns: mappingSchema.optional(),
        /** A saved mapping instead, put on the columns of the same headers. */
        mappingId: id.optional(),
        options: importOptionsSchema.optional(),
        /** Keeps the mapping under this name. */
        saveAs: z.string().trim().min(1).max(100).optional(),
      }),
    )
    .output(importSchema),
  proposal: endpoint("leads:import", ImportNotFound, ImportNotInState, ImportFileGone)
    .route({
      method: "GET",
      path: "/imports/{importId}/proposal",
      tags,
      summary: "Say what the columns seem to be, and why",
      description: "Read anew from the file, whatever mapping was set since.",
    })
    .input(importId)
    .output(importProposalSchema),
  preview: endpoint("leads:import", ImportNotFound, ImportNotInState, ImportFileGone)
    .route({ method: "GET", path: "/imports/{importId}/preview", tags, summary: "Say what the first 20 rows would do" })
    .input(importId)
    .output(z.object({ data: z.array(previewRowSchema) })),
  start: endpoint("leads:import", ImportNotFound, ImportNotInState, ImportFileGone, MappingUnusable)
    .route({ method: "POST", path: "/imports/{importId}/start", tags, summary: "Run an import" })
    .input(importId)
    .output(importSchema),
  cancel: endpoint("leads:import", ImportNotFound, ImportNotInState)
    .route({ method: "POST", path: "/imports/{importId}/cancel", tags, summary: "Stop an import behind its batch" })
    .input(importId)
    .output(importSchema),
  faults: endpoint("leads:read", ImportNotFound)
    .route({ method: "GET", path: "/imports/{importId}/faults", tags, summary: "List the rows that had faults" })
    .input(pageInput.extend(importId.shape))
    .output(pageOf(importFaultSchema)),
  faultsCsv: endpoint("leads:read", ImportNotFound)
    .route({
      method: "GET",
      path: "/imports/{importId}/faults.csv",
      tags,
      summary: "Download the rows that had faults, with their original columns",
      outputStructure: "detailed",
    })
    .input(importId)
    .output(fileOutput),
};

export const savedMappingOperations = {
  list: endpoint("leads:import")
    .route({ method: "GET", path: "/import-mappings", tags, summary: "List saved mappings" })
    .output(
      z.object({
        data: z.array(z.object({ id, name: z.string(), columns: z.array(columnMappingSchema), createdAt: instant })),
      }),
    ),
  delete: endpoint("leads:import", MappingNotFound)
    .route({
      method: "DELETE",
      path: "/import-mappings/{mappingId}",
      tags,
      summary: "Delete a saved mapping",
      successStatus: 204,
    })
    .input(z.object({ mappingId: id })),
};
