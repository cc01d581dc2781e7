/** Where to go after signing in: `next` if it is a page of this site, else the start. Links from elsewhere must not lead to other sites. */
export function nextAddress(next: string | undefined, origin: string): string {
  if (!next?.startsWith("/") || !URL.canParse(next, origin)) return "/";
  const url = new URL(next, origin);
  // "/.//evil.example" is a page of this site whose path, taken alone, would name another one.
  if (url.origin !== origin || url.pathname.startsWith("//")) return "/";
  return url.pathname + url.search + url.hash;
}
