import { type HTMLElement, parse } from "node-html-parser";
import { SkippedCheck, SmokeFailure } from "./check.ts";
import type { ClientRequest } from "./client.ts";

/** A form of a page as a browser without scripts would send it. */
export interface Form {
  readonly action: URL;
  readonly multipart: boolean;
  /** Name and value of every field, as the page filled them in. */
  readonly fields: ReadonlyMap<string, string>;
  /** Name of the first field of an input type such as `password`. */
  named(type: string): string | undefined;
}

/**
 * The form that holds a field which `selector` finds. Throws a Finding when the page has none, and Skipped when only a
 * script can send it (a captcha, or a React form without an action).
 */
export function formWith(selector: string, html: string, page: URL): Form {
  const root = parse(html);
  const form = root.querySelectorAll("form").find((candidate) => candidate.querySelector(selector));
  if (!form) {
    if (/<script\b/i.test(html))
      throw new SkippedCheck("the page builds its form by script: it needs a browser");
    throw new SmokeFailure(`${page.host}${page.pathname} shows no form with ${selector}`);
  }
  if (/challenges\.cloudflare\.com\/turnstile|cf-turnstile/i.test(root.toString()))
    throw new SkippedCheck("the page has a captcha: only a person can log in from outside");
  const action = form.getAttribute("action") ?? "";
  if (form.getAttribute("method")?.toLowerCase() !== "post" || /^javascript:/i.test(action))
    throw new SkippedCheck("the page sends its form by script: it needs a browser");
  if (!URL.canParse(action, page.href)) throw new SmokeFailure(`the form of ${page.host} has no action`);
  return {
    action: new URL(action, page),
    multipart: form.getAttribute("enctype")?.toLowerCase() === "multipart/form-data",
    fields: fieldsOf(form),
    named: (type) => form.querySelector(`input[type=${type}]`)?.getAttribute("name"),
  };
}

const fieldsOf = (form: HTMLElement): Map<string, string> =>
  new Map(
    form.querySelectorAll("input, button").flatMap((field): [string, string][] => {
      const name = field.getAttribute("name");
      const isOff =
        /^(checkbox|radio)$/i.test(field.getAttribute("type") ?? "") && !field.hasAttribute("checked");
      return name && !isOff ? [[name, field.getAttribute("value") ?? ""]] : [];
    }),
  );

/** The request that sends the form, with `values` over what the page filled in. */
export function submission(form: Form, values: Readonly<Record<string, string>> = {}): ClientRequest {
  const fields = [...new Map([...form.fields, ...Object.entries(values)])];
  const origin = { origin: form.action.origin };
  if (!form.multipart)
    return {
      method: "POST",
      headers: { ...origin, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(fields).toString(),
    };
  const boundary = "olympus-smoke-7d1b6c0f";
  const parts = fields.map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return {
    method: "POST",
    headers: { ...origin, "content-type": `multipart/form-data; boundary=${boundary}` },
    body: `${parts.join("")}--${boundary}--\r\n`,
  };
}
