import type { Context } from "#platform/context.ts";
import { createIntakeSource, findLeadsByIdentity, sourceSettingsSchema, submitForm } from "#domains/leads/index.ts";
import type { App } from "../app.ts";
import { FORM_ENQUIRIES } from "./people.ts";

type Form = Awaited<ReturnType<typeof createIntakeSource>>;

/** The form on the studio's page, which asks for a consent and puts whoever fills it in into a campaign. */
export function openForm(ctx: Context, campaignId: string): Promise<Form> {
  return createIntakeSource(ctx, {
    kind: "form",
    name: "Website form",
    campaignId,
    settings: sourceSettingsSchema.parse({
      fields: [
        { field: "fullName", label: "Name", isRequired: true },
        { field: "email", label: "E-mail", isRequired: true },
        { field: "phone", label: "Phone" },
        { field: "company", label: "Company" },
        { field: "question", label: "What is it about?" },
      ],
      title: "Talk to Northlight Studio",
      intro: "Two lines are enough. We answer within a working day.",
      thanks: "Thank you. Robin reads every message and answers within a working day.",
      consentText: "Northlight Studio may write to me by e-mail and text about my enquiry.",
      consentChannels: ["EMAIL", "SMS"],
    }),
  });
}

/** People fill it in; answers who was new, in their order. */
export async function meetAtForm({ runtime }: App, workspace: string, form: Form): Promise<string[]> {
  // As by the form's own route: nobody of the studio types anything.
  const ctx = runtime.contextFor(workspace, { kind: "system", id: "leads.intake" });
  for (const enquiry of FORM_ENQUIRIES) {
    const { faults } = await submitForm(ctx, form, {
      given: Object.fromEntries(Object.entries(enquiry).flatMap(([name, value]) => (value ? [[name, [value]]] : []))),
      key: null,
      pageUrl: "https://www.northlight.example/contact",
      ip: "203.0.113.24",
      isTooFast: false,
    });
    if (faults.length > 0) throw new Error(`The form was refused: ${faults.map(({ reason }) => reason).join(", ")}`);
  }
  const [first] = FORM_ENQUIRIES;
  const email = first?.email ?? "";
  return (await findLeadsByIdentity(ctx, [{ kind: "EMAIL", value: email }])).get(`EMAIL ${email}`) ?? [];
}
