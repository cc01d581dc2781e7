import { z } from "zod";

/** Signs what the sandbox's other side sends back. */
export const webhookSecret = z.string().min(16).max(200).meta({ title: "Webhook secret" });
export const sandboxSecretFields = ["webhookSecret"] as const;
