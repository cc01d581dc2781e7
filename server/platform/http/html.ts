const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as it may stand in HTML, between tags or in a quoted attribute. */
export const escapeHtml = (text: string) => text.replaceAll(/[&<>"']/g, (char) => ESCAPES[char] ?? char);

const STYLE = `:root{color-scheme:light dark}
body{font:16px/1.6 system-ui,sans-serif;max-width:44rem;margin:4rem auto;padding:0 1.5rem}
h1{font-size:1.5rem;line-height:1.3;margin:0 0 .5rem}code{font-size:.9em}small{opacity:.7}
table{border-collapse:collapse;width:100%}td{padding:.4rem .75rem .4rem 0;border-bottom:1px solid #8884;vertical-align:top}`;

/** A small page of the server's own, for those who are not in the web app. `body` is HTML. */
export const htmlPage = (title: string, body: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="/favicon.svg">
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;

/** Does the caller want a page rather than data? Browsers name text/html first; programs do not name it at all. */
export const wantsHtml = (accept: string | undefined) => (accept ?? "").includes("text/html");
