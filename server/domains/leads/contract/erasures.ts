import { z } from "zod";
import { endpoint, instant, pageInput, pageOf } from "#platform/http/endpoint.ts";
import { ErasureNotFound, LeadMerged, LeadNotFound } from "../problems.ts";
import { IDENTITY_KINDS } from "../rules.ts";
import { fileOutput } from "./leads.ts";

const tags = ["Leads"];
const id = z.string().max(60);

const erasureSchema = z.object({
  id,
  leadId: id,
  reason: z.string(),
  actor: z.object({ kind: z.string(), id: z.string().nullable() }),
  erasedAt: instant,
  /** Rows deleted or blanked, by table. */
  counts: z.record(z.string(), z.int()),
  /** Under what suppressions of the person's addresses stand now: an HMAC, of use only to whoever has the address and the secret key. */
  addressKeys: z.array(z.object({ kind: z.enum(IDENTITY_KINDS), key: z.string() })),
});
export type ErasureView = z.infer<typeof erasureSchema>;

/** What a person may ask for about themselves: a copy, or to be forgotten. */
export const personalDataOperations = {
  exportPerson: endpoint("leads:read", LeadNotFound, LeadMerged)
    .route({
      method: "GET",
      path: "/leads/{leadId}/export",
      tags,
      summary: "Download everything held about a person as JSON",
      description: "By table, with the leads that were merged into this one. That it was downloaded is written down.",
      outputStructure: "detailed",
    })
    .input(z.object({ leadId: id }))
    .output(fileOutput),
  erase: endpoint("leads:delete", LeadNotFound, LeadMerged)
    .route({
      method: "POST",
      path: "/leads/{leadId}/erase",
      tags,
      summary: "Erase a person's data for good",
      description:
        "Names, addresses and words are removed from every table and event; counts, times and costs stay. Enrolments end, and nothing is ever sent to the addresses again: suppressions keep a keyed hash of them. Answers the certificate; erasing twice answers the first one.",
    })
    .input(
      z.object({
        leadId: id,
        /** Why; kept on the certificate, so without the person's name or addresses. */
        reason: z.string().trim().min(3, "Say why").max(500),
        /** The name or an address of the lead, so that nobody is erased by a slip. */
        confirm: z.string().trim().min(1, "Type the name or an address of the lead").max(500),
      }),
    )
    .output(erasureSchema),
};

export const erasureOperations = {
  list: endpoint("leads:read")
    .route({ method: "GET", path: "/erasures", tags, summary: "List certificates of erasures, newest first" })
    .input(pageInput)
    .output(pageOf(erasureSchema)),
  get: endpoint("leads:read", ErasureNotFound)
    .route({ method: "GET", path: "/erasures/{erasureId}", tags, summary: "Show the certificate of an erasure" })
    .input(z.object({ erasureId: id }))
    .output(erasureSchema),
};
