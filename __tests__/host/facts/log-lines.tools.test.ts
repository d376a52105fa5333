import { readFileSync } from "node:fs";
import { execaSync } from "execa";
import { describe, expect, it } from "vitest";
import { recordedFile } from "../../facts/catalogue.ts";

const LINES = ["kratos-log.jsonl", "hydra-log.jsonl"].flatMap((file) =>
  recordedFile(file).trim().split("\n"),
);

/** Lines as `olympus-ship-logs` and a failed start let them off the machine. */
const leaving = (lines: readonly string[]): string[] =>
  execaSync("bash", ["-c", `. host/release/bin/olympus-lib && jq -Rr "$NO_MAIL"`], {
    input: lines.join("\n"),
  }).stdout.split("\n");

interface Line {
  readonly msg?: string;
  readonly identity_id?: string;
  readonly session_id?: string;
}

/** What the readers of logs make of a line: whether a code leaves with it, and whether the runbook counts it as a login. */
function readingOf(before: string, after: string): string {
  const { msg = "", identity_id, session_id }: Line = before.startsWith("{") ? JSON.parse(before) : {};
  const code = /Use code \d+/.test(after) ? "leaks" : "";
  if (msg.startsWith("Identity authenticated successfully"))
    return `${code} success ${typeof identity_id} ${typeof session_id}`;
  return msg === "Encountered self-service login error." ? `${code} failure ${typeof identity_id}` : code;
}

describe("lines of the pinned version", () => {
  it("are used in few of their facts, and each of those is noticed", () => {
    const facts = LINES.flatMap((line, i) =>
      (line.startsWith("{") ? Object.keys(JSON.parse(line)) : []).map((key) => {
        const { [key]: value, ...rest } = JSON.parse(line);
        return { key, i, renamed: JSON.stringify({ ...rest, [`${key}_otherwise`]: value }) };
      }),
    );
    const [sound, changed] = [leaving(LINES), leaving(facts.map(({ renamed }) => renamed))];
    const used = facts.filter(
      ({ i, renamed }, n) =>
        readingOf(renamed, changed[n] ?? "") !== readingOf(LINES[i] ?? "", sound[i] ?? ""),
    );
    expect([...new Set(used.map(({ key }) => key))].sort()).toEqual([
      "identity_id",
      "message_subject",
      "msg",
      "session_id",
    ]);
    expect({ all: facts.length, used: used.length }).toEqual({ all: 313, used: 6 });
  });

  it("leave the machine without the codes of mails, and else as they are", () => {
    const codes = LINES.filter((line) => /Use code \d+/.test(line));
    expect(codes).toHaveLength(2);
    const out = leaving(LINES);
    expect(out.join("\n")).not.toMatch(/Use code|681787/);
    for (const [i, line] of LINES.entries())
      if (!codes.includes(line)) expect(out[i]).toBe(line);
      else expect(JSON.parse(out[i] ?? "")).toEqual({ ...JSON.parse(line), message_subject: "removed" });
  });

  it.each([
    ['{"message_subject":"a \\"code\\" 1234","x":1}', '{"message_subject":"removed","x":1}'],
    ['cut off: {"message_subject":"Use code 12', 'cut off: {"message_subject":"removed"'],
    ['{"agent":"\\"message_subject\\":\\"mine"}', '{"agent":"\\"message_subject\\":\\"mine"}'],
  ])("%s", (line, expected) => {
    expect(leaving([line])).toEqual([expected]);
  });

  it("count as no event: nothing failed while they were written", () => {
    const events = readFileSync("host/release/monitoring/log-events.tsv", "utf8")
      .split("\n")
      .filter((line) => line && !line.startsWith("#"))
      .map((line) => line.split("\t"));
    for (const [event, , wanted = ""] of events)
      for (const line of LINES) expect(new RegExp(wanted).test(line), `${event}: ${line}`).toBe(false);
  });

  it("name each login, for the runbook that counts them", () => {
    const runbook = readFileSync("docs/runbooks/logins.md", "utf8");
    const kratos = LINES.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
    const [success] = kratos.filter(({ msg }) => msg?.startsWith("Identity authenticated successfully"));
    expect(success).toMatchObject({ identity_id: expect.any(String), session_id: expect.any(String) });
    const failure = kratos.find(({ msg }) => msg === "Encountered self-service login error.");
    expect(failure).not.toHaveProperty("identity_id");
    for (const words of ["`Identity authenticated successfully…`", `\`${failure.msg}\``])
      expect(runbook).toContain(words);
    expect(kratos.filter(({ audience }) => audience === "audit")).toEqual([]);
    expect(runbook).not.toContain("audience");
  });
});
