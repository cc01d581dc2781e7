import { accountsContract } from "./domains/accounts/contract.ts";
import { conversionsContract } from "./domains/conversions/contract.ts";
import { leadsContract } from "./domains/leads/contract.ts";
import { messagingContract } from "./domains/messaging/contract.ts";
import { outreachContract } from "./domains/outreach/contract.ts";
import { integrationsContract } from "./platform/integrations/contract.ts";
import { platformContract } from "./platform/operations/contract.ts";

/** Every operation of the API, by domain: the server implements it, the browser's client and the OpenAPI document are made of it. */
export const contract = {
  platform: platformContract,
  integrations: integrationsContract,
  accounts: accountsContract,
  leads: leadsContract,
  messaging: messagingContract,
  conversions: conversionsContract,
  outreach: outreachContract,
};
