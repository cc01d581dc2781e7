// Runs before the first paint, so that a person who chose dark never sees a white flash. A file and not an inline
// script, because the content security policy refuses inline ones. web/shell/theme.ts keeps the same two names.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem("throughline.theme");
  } catch {
    // Storage can be forbidden; the system's own choice then stands.
  }
  var dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
