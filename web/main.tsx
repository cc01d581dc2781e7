import "#web/ui/theme.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { sessionQuery } from "#web/accounts/auth-calls.ts";
import { onSignedOut } from "#web/api.ts";
import { onReachable } from "#web/connection.ts";
import { queryClient } from "#web/query-client.ts";
import { router } from "#web/routes.tsx";
import { startTheme } from "#web/shell/theme.ts";
import { Toaster } from "#web/ui/toast.tsx";
import { TooltipProvider } from "#web/ui/tooltip.tsx";

startTheme();

// Keeps the session of whoever comes back within its time.
void queryClient.prefetchQuery(sessionQuery);

// A whole new page, so that nothing of one person's data is left in memory for the next.
onSignedOut(() => {
  const { pathname, search } = location;
  if (pathname === "/sign-in") return false;
  location.assign(`/sign-in?next=${encodeURIComponent(pathname + search)}`);
  return true;
});

onReachable((reachable) => {
  if (reachable) void queryClient.invalidateQueries();
});

// After an upgrade the old chunks are gone: the page that asks for one starts again from the new index, once per build. While the server is
// away there is no new index either: the page stays, and the route says what happened, with a way to try again.
addEventListener("vite:preloadError", () => {
  if (sessionStorage.getItem("throughline.restarted") === import.meta.url) return;
  void fetch("/health/live").then(
    (answer) => {
      if (!answer.ok) return;
      sessionStorage.setItem("throughline.restarted", import.meta.url);
      location.reload();
    },
    () => undefined,
  );
});

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <TooltipProvider>
        <RouterProvider router={router} />
        <Toaster />
      </TooltipProvider>
    </QueryClientProvider>
  </StrictMode>,
);
