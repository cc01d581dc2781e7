import type { LeadDetail, LeadPatch } from "#domains/leads/contract.ts";
import { LEAD_STATUSES } from "#domains/leads/status.ts";
import { countryName } from "#web/leads/country-options.ts";
import { LeadCustomFields } from "#web/leads/lead-custom-fields.tsx";
import { useSaveLead } from "#web/leads/lead-query.ts";
import { optionsOf, sourceWords, statusLook, zoneWords } from "#web/leads/words.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Property, PropertyList } from "#web/ui/property-list.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";

type TextField = Exclude<keyof LeadPatch, "status" | "meta" | "custom">;

const FIELDS: readonly { field: TextField; label: string; kind?: "email" | "tel" | "url" | "lines" }[] = [
  { field: "firstName", label: "First name" },
  { field: "lastName", label: "Last name" },
  { field: "email", label: "E-mail", kind: "email" },
  { field: "phone", label: "Phone", kind: "tel" },
  { field: "linkedin", label: "LinkedIn" },
  { field: "company", label: "Company" },
  { field: "jobTitle", label: "Job title" },
  { field: "website", label: "Website" },
  { field: "region", label: "Region" },
  { field: "country", label: "Country" },
  { field: "timeZone", label: "Time zone" },
  { field: "externalId", label: "Other ID" },
  { field: "notes", label: "Notes", kind: "lines" },
];

// Names are texts of their own and are emptied; everything else is cleared.
const valueOf = (field: TextField, text: string) =>
  text === "" && field !== "firstName" && field !== "lastName" ? null : text;

/** What is known of a lead, edited in place. */
export function LeadProperties({ lead }: { lead: LeadDetail }) {
  const change = useSaveLead(lead);
  const whyNot = useWhyNot("leads:write");
  const mayEdit = whyNot === null && lead.erasedAt === null;
  const saveStatus = (value: string) =>
    change({ status: LEAD_STATUSES.find((status) => status === value) }, { status: "Status" });
  const kept = Object.entries(lead.meta).filter(([key]) => key !== "raw" && key !== "custom");
  return (
    <div className="grid gap-6">
      <PropertyList label="Properties">
        <Property
          label="Status"
          value={lead.status}
          options={optionsOf(statusLook)}
          onSave={mayEdit ? saveStatus : undefined}
        >
          {statusLook[lead.status].label}
        </Property>
        {FIELDS.map(({ field, label, kind }) => (
          <Property
            key={field}
            label={label}
            kind={kind}
            value={lead[field] ?? ""}
            source={field === "timeZone" ? zoneWords[lead.timeZoneSource] : undefined}
            onSave={mayEdit ? (text) => change({ [field]: valueOf(field, text) }, { [field]: label }) : undefined}
          >
            {field === "country" && lead.country ? countryName(lead.country) : undefined}
          </Property>
        ))}
        <Property
          label="Source"
          value={lead.sourceLabel ?? sourceWords[lead.source]}
          source={sourceWords[lead.source]}
        />
        <Property label="Added" value={lead.createdAt}>
          <RelativeTime at={lead.createdAt} />
        </Property>
        <Property label="Changed" value={lead.updatedAt}>
          <RelativeTime at={lead.updatedAt} />
        </Property>
      </PropertyList>
      <LeadCustomFields lead={lead} onSave={mayEdit ? (custom) => change({ custom }) : undefined} />
      {kept.length > 0 ? (
        <div className="grid gap-1">
          <h2 className="text-sm font-semibold">Other data</h2>
          <PropertyList label="Other data">
            {kept.map(([key, value]) => (
              <Property
                key={key}
                label={key}
                value={typeof value === "string" ? value : JSON.stringify(value)}
                onSave={
                  mayEdit && typeof value === "string"
                    ? (text) => change({ meta: { [key]: text === "" ? null : text } })
                    : undefined
                }
              />
            ))}
          </PropertyList>
        </div>
      ) : null}
    </div>
  );
}
