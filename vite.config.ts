import { join } from "node:path";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { isContractProcedure } from "@orpc/contract";
import { defineConfig, runnerImport, type Plugin } from "vite";

/** Where `npm run dev` finds the server; the same port that `npm start` uses by default. */
const server = { target: "http://127.0.0.1:3000", changeOrigin: false };

const CONTRACT = join(import.meta.dirname, "server/contract.ts");

/**
 * Gives the browser's client of the whole contract only what it needs to call: method and path of each operation. Shapes and
 * problems stay with the pages that import their own domain's contract, so that the first page does not grow with every domain.
 */
const contractRoutes: Plugin = {
  name: "contract-routes",
  enforce: "pre",
  async load(id) {
    if (id !== CONTRACT) return undefined;
    const { module, dependencies } = await runnerImport<{ contract: unknown }>(CONTRACT, { configFile: false });
    for (const path of dependencies) this.addWatchFile(path);
    return `export const contract = JSON.parse(${JSON.stringify(JSON.stringify(routesOf(module.contract)))})`;
  },
};

function routesOf(contract: unknown): unknown {
  if (isContractProcedure(contract)) {
    const { method, path, inputStructure, outputStructure } = contract["~orpc"].route;
    return { "~orpc": { errorMap: {}, meta: {}, route: { method, path, inputStructure, outputStructure } } };
  }
  if (typeof contract !== "object" || contract === null) return contract;
  return Object.fromEntries(Object.entries(contract).map(([key, inner]) => [key, routesOf(inner)]));
}

export default defineConfig({
  root: "web",
  plugins: [contractRoutes, react(), tailwindcss()],
  // With the slash: in development `/api.ts` is a module of the pages.
  server: { port: 5173, proxy: { "/api/": server, "/webhooks/": server, "/health/": server } },
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    target: "es2022",
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What every page needs changes less often than the pages: a release keeps it in the browser's cache.
          // Everything else (charts, the gallery, each domain's pages) follows the lazy routes by itself.
          groups: [
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 3 },
            {
              name: "routing",
              test: /node_modules[\\/]@tanstack[\\/](react-router|router-core|history|react-query|query-core)[\\/]/,
              priority: 2,
            },
          ],
        },
      },
    },
  },
});
