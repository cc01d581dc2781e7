import { platformContract } from "./platform/operations/contract.ts";

/** Every operation of the API, by domain: the server implements it, the browser's client and the OpenAPI document are made of it. */
export const contract = {
  platform: platformContract,
};
