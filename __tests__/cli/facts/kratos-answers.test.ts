import { expect } from "vitest";
import type { HttpClient } from "../../../cli/shared/http-client.ts";
import { attempt } from "../../../cli/staging/logins/attempt.ts";
import { Kratos } from "../../../cli/staging/seed/kratos.ts";
import { logIn } from "../../../cli/staging/seed/login.ts";
import type { Person } from "../../../cli/staging/seed/people.ts";
import { KRATOS } from "../../facts/exchanges.ts";
import { type Reader, testReaders } from "./reader-tests.ts";

// Every reader of Kratos' answers in the commands, against what v26.2.0 answers.

const ID = "5721dd3c-d7df-49c2-94d1-60f09dfb6d50";
const FLOW = "login verified: flow";
const BEGUN = ["status", "body.id"];
const person = (email: string): Person => ({
  ...{ set: "people", index: 1, identifier: email, schema: "default", traits: { email } },
  ...{ verified: true, active: true },
});
const login = (name: string) => ({
  of: [FLOW, name],
  run: (kratos: HttpClient) => attempt(kratos, "ada@example.com", "x"),
});
const identity = { id: ID, identifier: "verified@example.com", state: "active", mark: undefined };

const READERS: readonly Reader[] = [
  {
    name: "seed: a batch with a conflict and an invalid person",
    of: ["batch of three, one a conflict, one invalid"],
    run: (kratos) =>
      new Kratos(kratos).create(
        ["a", "b", "c"].map((name) => person(`${name}@example.com`)),
        42,
        "hash",
      ),
    outcome: {
      kind: "answered",
      fates: [
        { kind: "created" },
        {
          ...{ kind: "refused", status: 409 },
          reason: "Unable to insert or update resource because a resource with that value exists already",
        },
        { kind: "refused", status: 400, reason: expect.stringContaining('"not an address" is not valid') },
      ],
    },
    reads: [
      [
        "status",
        "body.identities.0.action",
        "body.identities.0.patch_id",
        "body.identities.1.patch_id",
        "body.identities.1.error.code",
        "body.identities.1.error.message",
        "body.identities.2.patch_id",
        "body.identities.2.error.code",
        "body.identities.2.error.reason",
      ],
    ],
  },
  {
    name: "seed: who logs in with an address",
    of: ["find by credential"],
    run: (kratos) => new Kratos(kratos).find("verified@example.com"),
    outcome: { ...identity, credentials: ["password"] },
    reads: [["status", "body.0.id", "body.0.state", "body.0.traits.email"]],
  },
  {
    name: "seed: a page of identities",
    of: ["list page"],
    run: async (kratos) => (await new Kratos(kratos).identities().next()).value?.[0],
    outcome: { ...identity, credentials: [] },
    reads: [["status", "body.0.id", "body.0.state", "body.0.traits.email"]],
  },
  {
    name: "seed: a session of one's own",
    of: [FLOW, "login verified"],
    run: (kratos) => logIn(kratos, "verified@example.com", "a-Long-and-rare-1"),
    outcome: { token: "ory_st_PFyDAn7i3a1ZnJ10VX7anUMrGBaE3wlv", identity: ID },
    reads: [BEGUN, ["status", "body.session_token", "body.session.identity.id"]],
  },
  {
    name: "logins: right",
    ...login("login verified"),
    outcome: { ending: "in" },
    reads: [BEGUN, ["status"]],
  },
  {
    name: "logins: wrong password",
    ...login("login wrong password"),
    outcome: {
      ending: "failed",
      why: expect.stringMatching(/^ada@example.com: 400 The provided credentials are invalid/),
    },
    reads: [BEGUN, ["status", "body.ui.messages.0.id", "body.ui.messages.0.text"]],
  },
  {
    name: "logins: address not verified",
    ...login("login unverified"),
    outcome: {
      ending: "failed",
      why: expect.stringMatching(
        /^ada@example.com: 403 Your account's email or phone address are not verified/,
      ),
    },
    reads: [BEGUN, ["status", "body.error.reason"]],
  },
  {
    name: "logins: inactive",
    ...login("login inactive"),
    outcome: { ending: "failed", why: "ada@example.com: 401 This account was disabled." },
    reads: [BEGUN, ["status", "body.error.reason"]],
  },
  {
    name: "logins: unknown",
    ...login("login nobody"),
    outcome: {
      ending: "failed",
      why: expect.stringMatching(/^ada@example.com: 400 The provided credentials are invalid/),
    },
    reads: [BEGUN, ["status", "body.ui.messages.0.id", "body.ui.messages.0.text"]],
  },
];

testReaders(KRATOS, READERS, { all: 721, used: 32 });
