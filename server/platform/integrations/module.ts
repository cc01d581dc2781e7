import type { Module } from "../module.ts";
import { integrationsRouter } from "./routes.ts";

export const integrationsModule: Module = { name: "integrations", router: integrationsRouter };
