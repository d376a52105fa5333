/** A page that needs nothing else: its title, what stands below it, and the class `finding` for what is wrong. */
export const reportPage = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem; color: #1b1b1b; background: #fff; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; overflow-wrap: anywhere; }
th, td, section { border-bottom: 1px solid #ddd; }
code { font-size: 13px; }
.finding { background: #fdecea; }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #161616; } th, td, section { border-color: #444; } .finding { background: #4a1f1c; } }
</style>
<h1>${escaped(title)}</h1>
${body}
</html>
`;

/** Text as HTML shows it, in an attribute too. */
export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
