/** What a conversion says of the lead, as document 004 has it: from a first sign of interest to a customer, and one who left. */
export const CONVERSION_STATUSES = ["lead", "qualified", "customer", "churn"] as const;
export type ConversionStatus = (typeof CONVERSION_STATUSES)[number];

/** Why a conversion cannot be worth so much, or null. Only whoever leaves can cost; `revenueMinor` in the smallest unit of the currency. */
export function whyNotRevenue({ status, revenueMinor }: { status: ConversionStatus; revenueMinor: number }) {
  return revenueMinor < 0 && status !== "churn"
    ? "Only a customer who leaves takes money back: use the status churn"
    : null;
}
