import type { Module } from "#platform/module.ts";
import { registerMergeHook, registerPersonalDataHook } from "#domains/leads/index.ts";
import { conversionsMergeHook } from "./merge-hook.ts";
import { conversionsPersonalData } from "./personal-data.ts";
import { conversionRoutes } from "./routes.ts";

export const conversionsModule: Module = {
  name: "conversions",
  router: conversionRoutes,
  register: () => {
    registerMergeHook(conversionsMergeHook);
    registerPersonalDataHook(conversionsPersonalData);
  },
};
