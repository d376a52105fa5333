import { stackOf } from "../examples.ts";
import type { Rule, Subject } from "../rule.ts";

/** Kratos' and Hydra's own keys and variables for it, and what Caddy could send. */
const DOMAIN: Readonly<Record<string, RegExp>> = {
  yml: /^\s*domain\s*:/m,
  yaml: /\b(?:COOKIES?|SESSION)_(?:\w+_)?DOMAIN\b/,
  caddy: /Set-Cookie[^\n]*Domain=/i,
  env: /\b(?:COOKIES?|SESSION)_(?:\w+_)?DOMAIN\b/,
};

const kind = (path: string): string => path.slice(path.lastIndexOf(".") + 1);

const withFile = (path: string, content: string): Subject => stackOf({}, { bundle: { [path]: content } });

export const rule: Rule = {
  id: "cookie-host-only",
  reason:
    "A cookie with a Domain attribute is sent to every host below it: staging's would reach production.",
  remedy: "Leave the domain of cookies out: they then belong to the host that set them.",
  check: (subjects) =>
    subjects.flatMap(({ stack, bundle = {} }) =>
      Object.entries(bundle)
        .filter(([path, content]) => DOMAIN[kind(path)]?.test(content))
        .map(([path]) => ({ stack, path: `bundle["${path}"]`, found: "a cookie with a domain" })),
    ),
  passing: [withFile("kratos/kratos.yml", "session:\n  cookie:\n    same_site: Lax\n")],
  failing: [
    withFile("kratos/kratos.yml", "session:\n  cookie:\n    domain: your-app.com\n"),
    withFile("compose.ciam.yaml", "environment:\n  COOKIES_DOMAIN: your-app.com\n"),
    withFile("caddy/snippets.caddy", 'header +Set-Cookie "a=b; Domain=your-app.com"\n'),
  ],
};
