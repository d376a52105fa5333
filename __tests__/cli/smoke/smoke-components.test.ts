import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openBrowser } from "../../../cli/smoke/browser.ts";
import { type Check, runChecks, SkippedCheck, SmokeFailure } from "../../../cli/smoke/check.ts";
import type { ClientResponse } from "../../../cli/smoke/client.ts";
import { contentPolicyProblem } from "../../../cli/smoke/content-policy.ts";
import { formWith, submission } from "../../../cli/smoke/form.ts";
import { clientOf } from "./smoke-client.ts";

const check = (kind: string, run: Check["run"]): Check => ({ kind, subject: "host", run });

describe("runChecks", () => {
  it("tells passed, skipped and failed apart, in order, and bounds the whole", async () => {
    const forever = check("forever", () => new Promise(() => undefined));
    const checks = [
      check("good", async () => "seen"),
      check("away", () => Promise.reject(new SkippedCheck("not from here"))),
      check("bad", () => Promise.reject(new SmokeFailure("wrong"))),
      check("both", () => Promise.reject(new AggregateError([new Error("v4"), new Error("v6")]))),
      forever,
      forever,
      check("late", async () => "never begun"),
    ];
    const results = await runChecks(checks, 2, AbortSignal.timeout(50));
    expect(results.map(({ kind, state, detail }) => `${kind} ${state} ${detail}`)).toEqual([
      "good passed seen",
      "away skipped not from here",
      "bad failed wrong",
      "both failed v4; v6",
      "forever failed not finished before the timeout of the run",
      "forever failed not finished before the timeout of the run",
      "late failed not started before the timeout of the run",
    ]);
  });
});

describe("contentPolicyProblem", () => {
  const sound = "default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'";
  it.each([
    [[sound], undefined],
    [[sound.replace("'self'; object", "'self'; script-src 'self' 'nonce-a'; object")], undefined],
    [[], "comes 0 times"],
    [[sound, sound], "comes 2 times"],
    [[sound.replace("frame-ancestors 'none'", "")], 'frame-ancestors is ""'],
    [[sound.replace("default-src 'self'", "default-src *")], 'default-src is "*"'],
    [[`${sound}; script-src 'self' 'unsafe-eval'`], "script-src is"],
    [[`${sound}; script-src https:`], "script-src is"],
  ])("%j", (policies, problem) => {
    const found = contentPolicyProblem(policies);
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(problem);
  });

  // As Mailpit 1.33.1 answers, and as config.py of pgAdmin has it.
  it.each([
    "default-src 'self'; script-src 'nonce-3Ox04c7z'; frame-src 'self'; object-src 'none'; base-uri 'self';",
    "default-src ws: http: data: blob: 'unsafe-inline' 'unsafe-eval';",
  ])("a tool's own: %s", (policy) => {
    expect(contentPolicyProblem([policy])).toBeDefined();
    expect(contentPolicyProblem([policy], true)).toBeUndefined();
    for (const policies of [[], [policy, policy]])
      expect(contentPolicyProblem(policies, true)).toContain("not once");
  });
});

describe("formWith", () => {
  const page = new URL("https://ciam.your-app.com/login?login_challenge=1");
  const field = '<input name="email" type="email"><input type="password" name="password">';
  const find = (html: string) => formWith("input[type=password]", html, page);

  it("finds the form with the field among others, and sends it as a browser would", () => {
    const form = find(`<form method="post" action="/search"><input name="q"></form>
<form method="POST"><input type="hidden" name="login_challenge" value="a&amp;b"><input type="checkbox" name="remember">${field}</form>`);
    expect(form.action.href).toBe(page.href);
    expect(submission(form, { email: "a@b.c", password: "x y" }).body).toBe(
      "login_challenge=a%26b&email=a%40b.c&password=x+y",
    );
  });
  it("sends a server action as the multipart form that it is", () => {
    const form = find(
      `<form action="" encType="multipart/form-data" method="POST"><input type="hidden" name="$ACTION_ID_1"/>${field}</form>`,
    );
    const sent = submission(form, { password: "secret" });
    expect(sent.headers?.["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
    expect(sent.body).toContain('name="$ACTION_ID_1"\r\n\r\n\r\n');
    expect(sent.body).toContain('name="password"\r\n\r\nsecret\r\n');
  });
  it.each([
    ["no form", "<p>", SmokeFailure],
    ["a form made by script", "<script src=/a.js></script>", SkippedCheck],
    ["a form without a method", `<form>${field}</form>`, SkippedCheck],
    [
      "a form that React guards",
      `<form method=post action="javascript:throw 1">${field}</form>`,
      SkippedCheck,
    ],
    ["a captcha", `<form method=post>${field}<div class="cf-turnstile"></div></form>`, SkippedCheck],
  ])("refuses %s", (_, html, kind) => {
    expect(() => find(html)).toThrow(kind);
  });
  it("never fails otherwise, whatever the page", () => {
    const tags = fc.constantFrom(
      "<form",
      " method=post",
      ">",
      "</form>",
      field,
      "<",
      '"',
      "&#0;",
      "<!--",
      "<script>",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(tags, fc.string()), { maxLength: 30 }), (parts) => {
        try {
          submission(find(parts.join("")));
        } catch (error) {
          expect(error instanceof SmokeFailure || error instanceof SkippedCheck, String(error)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("openBrowser", () => {
  const [site, login] = ["https://olympus.your-app.com", "https://ciam.your-app.com"];
  it("shows a cookie to the host that set it or all below its domain, until it is taken away", async () => {
    const seen: string[] = [];
    const browser = openBrowser(
      clientOf((url, cookie) => {
        seen.push(`${url.host}${url.pathname} ${cookie ?? "-"}`);
        const steps: Record<string, Partial<ClientResponse>> = {
          "/a": {
            status: 302,
            headers: [
              ["location", `${login}/b`],
              ["set-cookie", "s=1; Path=/; Secure"],
              ["set-cookie", "all=3; Domain=your-app.com"],
              ["set-cookie", "stranger=4; Domain=example.com"],
            ],
          },
          "/b": {
            status: 303,
            headers: [
              ["location", `${site}/c`],
              ["set-cookie", "h=2"],
            ],
          },
          "/c": {
            status: 302,
            headers: [
              ["location", "/d"],
              ["set-cookie", "s=; Max-Age=0"],
            ],
          },
        };
        return steps[url.pathname] ?? {};
      }),
    );
    const { trail } = await browser.visit(`${site}/a`);
    expect(trail.at(-1)?.href).toBe(`${site}/d`);
    expect(seen).toEqual([
      "olympus.your-app.com/a -",
      "ciam.your-app.com/b all=3",
      "olympus.your-app.com/c s=1; all=3",
      "olympus.your-app.com/d all=3",
    ]);
  });
  it.each([
    [undefined, "answered 302"],
    ["http://olympus.your-app.com/", "leads away from https"],
    ["https://[", "which is not a valid URL"],
    ["/again", "redirects without end"],
  ])("stops at a redirect to %s", async (target, finding) => {
    const headers = target === undefined ? [] : [["location", target] as const];
    await expect(openBrowser(clientOf(() => ({ status: 302, headers }))).visit(site)).rejects.toThrow(
      finding,
    );
  });
});
