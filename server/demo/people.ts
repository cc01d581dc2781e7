import type { LeadFields } from "#domains/leads/index.ts";

/** Invented people. Numbers are from the ranges kept for fiction (555-01xx, 020 7946 0xxx), mail goes to reserved domains. */
const person = (
  fullName: string,
  email: string,
  phone: string,
  company: string,
  more: Pick<LeadFields, "source" | "status" | "tags" | "jobTitle" | "notes" | "custom"> = {},
): LeadFields => ({ fullName, email, phone, company, ...more });

/** Those who wrote to the studio first, ten days ago. */
export const FIRST_ENQUIRIES = [
  person("Ines Hallström", "ines@birchandco.example", "+12125550111", "Birch & Co", {
    tags: ["priority"],
    custom: { package: "Full service", monthly_budget: 2400 },
  }),
  person("Tobias Okonjo", "tobias@riverline.example", "+12125550112", "Riverline Fitness", {
    custom: { package: "Growth", monthly_budget: 900 },
  }),
  person("Marisol Vega", "marisol@vegastudio.example", "+13055550113", "Vega Studio", { source: "API" }),
  person("Harriet Lindqvist", "harriet@oakhouse.example", "+12155550114", "Oakhouse Dental", { source: "API" }),
  person("Kofi Mensah", "kofi@mensahroofs.example", "+17735550115", "Mensah Roofing", {
    tags: ["referral"],
    custom: { package: "Starter", monthly_budget: 400 },
  }),
];

/** Known from before the studio had Throughline. */
export const OLD_CONTACTS = [
  person("Caleb Whitaker", "caleb@whitaker.example", "+12125550121", "Whitaker Homes", { status: "CONTACTED" }),
  person("Amara Diallo", "amara@diallo.example", "+16465550122", "Diallo Catering", {
    status: "CONTACTED",
    tags: ["referral"],
  }),
  person("Hana Kimura", "hana@kimura.example", "+13475550128", "Kimura Nutrition", {
    status: "CONVERTED",
    notes: "Signed in spring; wants a second site in the new year.",
    custom: { package: "Growth", monthly_budget: 1200 },
  }),
  person("Victor Almeida", "victor@almeida.example", "+17185550129", "Almeida Tutoring", { status: "LOST" }),
];

/** From an advertisement: the sequence with the trigger `new_lead` takes them in by itself. */
export const AD_ENQUIRIES = [
  person("Yuki Tanabe", "yuki@tanabe.example", "+12125550116", "Tanabe Coaching", {
    source: "META",
    custom: { package: "Growth" },
  }),
  person("Tessa Moreau", "timeout@quayside.example", "+16175550117", "Quayside Boats", { source: "META" }),
  person("Elena Sorokina", "elena@sorokina.example", "+13055550118", "Sorokina Yoga", { source: "META" }),
];

/** What the form on the studio's page was filled in with in the last days: by somebody new, and by somebody who is known. */
export const FORM_ENQUIRIES = [
  {
    fullName: "Lucia Ferrante",
    email: "lucia@ferrante.example",
    phone: "+12125550124",
    company: "Ferrante Events",
    "What is it about?": "A site for our autumn season",
    consent: "yes",
  },
  {
    fullName: "Harriet Lindqvist",
    email: "harriet@oakhouse.example",
    phone: "",
    company: "Oakhouse Dental",
    "What is it about?": "Could you look at our booking page?",
    consent: "",
  },
];

/** Of the last days. Has the phone of somebody in the file below: two leads, or one? A person decides. */
export const LATE_ENQUIRY = person("Bram de Wit", "office@dewitbikes.example", "+442079460119", "De Wit Bikes", {
  source: "API",
});

/** A list from a trade fair, as people send them: six to be taken in, one who is known already, two nobody can use. */
export const FAIR_LIST = `Name,E-mail,Phone,Company,Country,Notes
Bram de Wit,bram@dewit.example,020 7946 0119,De Wit Bikes,United Kingdom,Asked about a shop page
Noor Haddad,noor@haddadlaw.example,020 7946 0120,Haddad Law,United Kingdom,
Jonas Brandt,jonas@brandt.example,(212) 555-0123,Brandt Physio,United States,Met at the stand on day two
Samuel Osei,samuel@osei.example,(646) 555-0125,Osei Motors,United States,
Freya Nygaard,freya@nygaard.example,(718) 555-0126,Nygaard Design,United States,Works with two agencies already
Ruth Castellan,ruth@castellan.example,(917) 555-0130,Castellan Travel,United States,
Harriet Lindqvist,harriet@oakhouse.example,,Oakhouse Dental,United States,Came by with a colleague
Otto Falk,otto-at-falk.example,12,Falk & Sons,United States,Card was hard to read
,,n/a,Ostrava Print,Czechia,
`;

/** The new ones among them. */
export const FAIR_EMAILS = [
  "bram@dewit.example",
  "noor@haddadlaw.example",
  "jonas@brandt.example",
  "samuel@osei.example",
  "freya@nygaard.example",
  "ruth@castellan.example",
];

/** What somebody does about what reaches them, some minutes later. Whoever is not named takes note in silence. */
export type Answer =
  | { channel: "EMAIL" | "SMS"; after: number; text: string }
  | { channel: "EMAIL"; after: number; bounces: true }
  | { channel: "CALL"; after: number; outcome: "answered" | "no_answer" | "voicemail" | "busy"; transcript?: string };

/** By the address that was written to or called. */
export const ANSWERS: Readonly<Record<string, Answer>> = {
  "ines@birchandco.example": {
    channel: "EMAIL",
    after: 190,
    text: "Good timing: we are redoing the site this quarter. Thursday after two works for me. Could you send a few examples before?",
  },
  "+12125550112": { channel: "SMS", after: 12, text: "STOP" },
  "marisol@vegastudio.example": { channel: "EMAIL", after: 1, bounces: true },
  "+17735550115": {
    channel: "CALL",
    after: 2,
    outcome: "answered",
    transcript: [
      "AI: Hello Kofi, this is Alex from Northlight Studio. Is this a good moment?",
      "User: I have two minutes, go ahead.",
      "AI: Robin has an idea for Mensah Roofing and would like to show it. Would a short call this week suit you?",
      "User: Sounds good. Call me tomorrow morning, before nine.",
      "AI: I will tell Robin. Have a good day!",
    ].join("\n"),
  },
  "+12155550114": { channel: "CALL", after: 1, outcome: "no_answer" },
  "+13055550113": { channel: "CALL", after: 1, outcome: "voicemail" },
  "+12125550116": { channel: "SMS", after: 34, text: "Yes it did! Can we talk next week? This one is packed." },
  "+12125550123": { channel: "CALL", after: 1, outcome: "busy" },
  "freya@nygaard.example": {
    channel: "EMAIL",
    after: 260,
    text: "Thanks, but we have just signed with somebody else. Ask me again in spring.",
  },
  "+16465550122": {
    channel: "SMS",
    after: 8,
    text: "Hi Robin, yes. We would need new menus by the holidays, is that doable?",
  },
  "lucia@ferrante.example": {
    channel: "EMAIL",
    after: 45,
    text: "Hello Robin, that is exactly what we are looking for. What would it cost, roughly?",
  },
};
