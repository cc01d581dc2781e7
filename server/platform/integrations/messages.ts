import { z } from "zod";
import { defineEvent } from "../events.ts";

/** What every event about an integration says; never a credential. */
const about = { integrationId: z.string(), provider: z.string(), type: z.enum(["CALL", "SMS", "EMAIL", "LEADS"]) };

export const integrationConnected = defineEvent("platform.integration-connected", z.object(about));
/** `fields`: names of what changed. */
export const integrationUpdated = defineEvent(
  "platform.integration-updated",
  z.object({ ...about, fields: z.array(z.string()) }),
);
export const integrationEnabled = defineEvent("platform.integration-enabled", z.object(about));
export const integrationDisabled = defineEvent("platform.integration-disabled", z.object(about));
export const integrationRemoved = defineEvent("platform.integration-removed", z.object(about));
export const integrationTested = defineEvent(
  "platform.integration-tested",
  z.object({ ...about, isWorking: z.boolean(), detail: z.string() }),
);
