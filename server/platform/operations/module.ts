import type { Module } from "../module.ts";
import { platformRouter } from "./routes.ts";

export const platformModule: Module = { name: "platform", router: platformRouter };
