import { expect, test } from "vitest";
import { stringify } from "yaml";
import { answerProblems, problemsAt } from "../../../cli/init/answer-problems.ts";
import { answersOf, declaredEnvironments, readAnswers } from "../../../cli/init/answers.ts";
import { placeText, withValue } from "../../../cli/init/places.ts";
import { allQuestions } from "../../../cli/init/questions.ts";
import { fixture } from "../../support/fleet/source.ts";
import { OWN } from "./own-answers.ts";

const { answers } = readAnswers("answers.yaml", stringify(OWN), answersOf(fixture));
const all = allQuestions(answers, [], declaredEnvironments(fixture));
const [alice, bob] = [OWN.operators.sshKeys.alice, OWN.developers.sshKeys.bob];

/** The smallest answer that passes and the nearest that does not, as they are typed. */
const PAIRS: Readonly<Record<string, readonly [passes: string, fails: string]>> = {
  zones: ["acme.co.uk=023e105f4ecef8ad9ca31a8372d0c353", "acme.co.uk=023e105f4ecef8ad9ca31a8372d0c35"],
  cloudflareAccountId: ["699d98642c564d2e855e9661899b7252", "00000000000000000000000000000002"],
  cloudflarePlan: ["business", "enterprise"],
  repository: ["acme/identity", "your-org/olympus-infra"],
  location: ["nbg1", "ash"],
  "environments.prod.domain": ["acme.co.uk", "your-app.com"],
  "environments.prod.hostType": ["cax21", "cax22"],
  "environments.prod.firstAdministrator": ["jane@acme.co.uk", "admin@your-app.com"],
  "environments.staging.domain": ["staging.acme.co.uk", "a.staging.acme.co.uk"],
  "environments.staging.hostType": ["cax11", "cx1"],
  "environments.staging.firstAdministrator": ["j@acme.co.uk", "j@localhost"],
  "environments.staging.extras.timeZone": ["Asia/Kolkata", "+05:30"],
  "operators.sshKeys": [`alice=${alice}`, `Alice=${alice}`],
  "operators.cidrs": ["81.2.69.160/32", "81.2.69.160/24"],
  "office.cidrs": ["81.2.70.0/24, 2a02:ff0::/32", "198.51.100.0/24"],
  "developers.sshKeys": [bob, `bob=${alice}`],
  "email.provider": ["smtp", "sendgrid"],
  "email.senderName": ["Acme", "Your App"],
  oidcProviders: ["none", "google, google"],
  "monitoring.alertEmail": ["platform@acme.co.uk", "oncall@your-app.com"],
  "backup.endpoint": ["https://s3.nl-ams.scw.cloud", "https://fsn1.your-objectstorage.com"],
  "backup.region": ["nl-ams", "Amsterdam"],
  "backup.bucketPrefix": ["acme", "your-app-olympus"],
  state: ["s3 acme-state eu-central-1", "s3 acme-state"],
};

test("every question has a pair, and a place that the answers have", () => {
  expect(all.map(({ path }) => placeText(path))).toEqual(Object.keys(PAIRS));
  expect(answerProblems("answers.yaml", answers, fixture)).toEqual([]);
});

test.each(all.map((question) => [placeText(question.path), question] as const))(
  "%s: takes the one and refuses the other, by the configuration's own schema",
  (place, { path, form }) => {
    const [passes, fails] = PAIRS[place] ?? ["", ""];
    const problems = (line: string) =>
      problemsAt(answerProblems("answers.yaml", withValue(answers, path, form.read(line)), fixture), place);
    expect(problems(passes)).toEqual([]);
    const refused = problems(fails);
    expect(refused.length).toBeGreaterThan(0);
    for (const { file, allowed, remedy } of refused) {
      expect(file).toBe("answers.yaml");
      expect([allowed, remedy]).not.toContain("");
    }
  },
);

test.each(all.map((question) => [placeText(question.path), question] as const))(
  "%s: what is shown is read as the same, and it is explained in one line",
  (place, { path, form, why }) => {
    const [passes] = PAIRS[place] ?? [""];
    const value = form.read(passes);
    expect(form.read(form.show(value))).toEqual(value);
    expect(why).toMatch(/^[^\n]{10,140}$/);
    expect(path.length).toBeGreaterThan(0);
  },
);

test("a plan, a name of a zone and its account come from Cloudflare where a token reads them", async () => {
  const zone = {
    id: "023e105f4ecef8ad9ca31a8372d0c353",
    name: "acme.co.uk",
    accountId: "a".repeat(32),
    plan: "enterprise",
  };
  const offered = allQuestions(answers, [zone], ["prod"]);
  const offers = offered.slice(0, 3).map(({ offer }) => offer?.(answers));
  expect(await Promise.all(offers)).toEqual([{ "acme.co.uk": zone.id }, zone.accountId, "business"]);
  expect(offered[0]?.form.read("acme.co.uk")).toEqual({ "acme.co.uk": zone.id });
});
