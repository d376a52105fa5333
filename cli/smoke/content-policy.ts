/** What every policy must say; others may be added. */
const REQUIRED: Readonly<Record<string, RegExp>> = {
  "default-src": /^'(self|none)'$/,
  "object-src": /^'none'$/,
  "base-uri": /^'(self|none)'$/,
  "frame-ancestors": /^'none'$/,
};

/**
 * Why these Content-Security-Policy headers of one answer do not protect; undefined when they do. Of a tool that others make, pgAdmin
 * and Mailpit, what it says is theirs: it needs what ours forbids, and X-Frame-Options keeps it out of frames.
 */
export function contentPolicyProblem(policies: readonly string[], isTool = false): string | undefined {
  const [policy] = policies;
  if (policy === undefined || policies.length !== 1)
    return `content-security-policy comes ${policies.length} times, not once`;
  if (isTool) return undefined;
  const directives = new Map(
    policy.split(";").map((text) => {
      const [name = "", ...sources] = text.trim().split(/\s+/);
      return [name.toLowerCase(), sources.join(" ")];
    }),
  );
  const wrong = Object.entries(REQUIRED).find(([name, pattern]) => !pattern.test(directives.get(name) ?? ""));
  if (wrong)
    return `content-security-policy: ${wrong[0]} is ${JSON.stringify(directives.get(wrong[0]) ?? "")}`;
  const scripts = directives.get("script-src") ?? directives.get("default-src") ?? "";
  if (/(^|\s)(\*|https?:|data:|'unsafe-eval')(\s|$)/.test(scripts))
    return `content-security-policy: script-src is ${JSON.stringify(scripts)}`;
  return undefined;
}
