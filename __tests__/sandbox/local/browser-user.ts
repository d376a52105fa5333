import { writeFileSync } from "node:fs";
import { execa } from "execa";
import { formWith } from "../../../cli/smoke/form.ts";

/** A page and the address it has after all redirects. */
export interface BrowserPage {
  readonly url: URL;
  readonly status: number;
  readonly body: string;
}

/** Somebody at this machine with a browser that trusts `authority`: curl, with cookies of its own. */
export interface BrowserUser {
  get(url: string): Promise<BrowserPage>;
  /** Fills in the form of the page that has such a field, and sends it. */
  fill(page: BrowserPage, selector: string, values: Readonly<Record<string, string>>): Promise<BrowserPage>;
}

export function createBrowserUser(authority: string, jar: string): BrowserUser {
  writeFileSync(jar, "");
  const curl = async (args: readonly string[], input = ""): Promise<BrowserPage> => {
    // Every name below localhost is this machine, whatever the resolver knows.
    const fixed = ["-sS", "-L", "-m", "30", "--cacert", authority, "--connect-to", "::127.0.0.1:"];
    const format = "\n%{http_code} %{url_effective}";
    const { stdout } = await execa("curl", [...fixed, "-b", jar, "-c", jar, "-w", format, ...args], {
      input,
    });
    const end = stdout.lastIndexOf("\n");
    const [status, url = ""] = stdout.slice(end + 1).split(" ");
    return { url: new URL(url), status: Number(status), body: stdout.slice(0, end) };
  };
  return {
    get: (url) => curl([url]),
    fill(page, selector, values) {
      const form = formWith(selector, page.body, page.url);
      const fields = new URLSearchParams([...new Map([...form.fields, ...Object.entries(values)])]);
      // Through stdin: a password must not stand on a command line.
      return curl(["--data-binary", "@-", form.action.href], fields.toString());
    },
  };
}
