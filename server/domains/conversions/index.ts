export { recordConversion } from "./commands/record-conversion.ts";
export { type ConversionHook, registerConversionHook } from "./hooks.ts";
export * from "./messages.ts";
export { isCustomer, listCustomers } from "./queries/conversions.ts";
