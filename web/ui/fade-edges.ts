/**
 * For a strip that may scroll sideways: says by `data-more` at which edges something is hidden, where the utility `fade-edges` lets it fade,
 * and begins with what is current in view. A ref.
 */
export function fadeEdges(strip: HTMLElement | null): (() => void) | undefined {
  if (!strip) return undefined;
  const look = () => {
    const left = strip.scrollWidth - strip.clientWidth - strip.scrollLeft;
    strip.dataset["more"] = [strip.scrollLeft > 1 && "start", left > 1 && "end"].filter(Boolean).join(" ");
  };
  const current = strip.querySelector("[aria-current=page], [aria-selected=true]");
  if (current instanceof HTMLElement)
    strip.scrollLeft = current.offsetLeft + current.offsetWidth / 2 - strip.clientWidth / 2;
  look();
  const sizes = new ResizeObserver(look);
  sizes.observe(strip);
  strip.addEventListener("scroll", look, { passive: true });
  return () => {
    sizes.disconnect();
    strip.removeEventListener("scroll", look);
  };
}
