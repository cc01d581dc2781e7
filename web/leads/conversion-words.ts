import type { ConversionStatus } from "#domains/conversions/rules.ts";
import type { Tone } from "#web/ui/badge.tsx";

export const conversionLook: Record<ConversionStatus, { label: string; tone: Tone }> = {
  lead: { label: "Interested", tone: "neutral" },
  qualified: { label: "Qualified", tone: "info" },
  customer: { label: "Customer", tone: "positive" },
  churn: { label: "Left", tone: "danger" },
};
