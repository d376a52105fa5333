import { afterEach, beforeEach, expect, test, vi } from "vitest";

const world = vi.hoisted(() => ({
  done: [] as string[],
  facts: { hasSecrets: false, current: undefined as string | undefined },
  outcome: "done",
  isTerminal: true,
}));
const did = (what: string) => async () => void world.done.push(what);
vi.mock("../../../cli/shared/target.ts", () => ({
  awaitMachine: did("wait"),
  connectToMachine: async () => ({ close: did("close") }),
}));
vi.mock("../../../cli/release/change.ts", () => ({ inspectMachine: async () => world.facts }));
vi.mock("../../../cli/secrets/push.ts", () => ({ pushSecrets: did("push") }));
vi.mock("../../../cli/release/first-login.ts", () => ({ firstLogin: did("first login") }));
vi.mock("../../../cli/release/release.ts", () => ({
  release: async () => {
    world.done.push("release");
    return world.outcome;
  },
}));
vi.mock("../../../lib/process-env.ts", async (original) => ({
  ...(await original<object>()),
  isTerminal: () => world.isTerminal,
}));
const { releaseToAny } = await import("../../../cli/apply/new-machine.ts");

const said = vi.spyOn(console, "log").mockImplementation(() => undefined);
beforeEach(() => {
  Object.assign(world, { done: [], outcome: "done", isTerminal: true });
  world.facts = { hasSecrets: false, current: undefined };
});
afterEach(() => said.mockClear());

test("a new machine gets its secrets, a release, and the way in is shown", async () => {
  expect(await releaseToAny("staging", {})).toBe("done");
  expect(world.done).toEqual(["wait", "close", "push", "release", "first login"]);
});

test("killed after its secrets, they are not brought again", async () => {
  world.facts.hasSecrets = true;
  await releaseToAny("staging", {});
  expect(world.done).toEqual(["wait", "close", "release", "first login"]);
});

test("a machine that serves gets a release alone, and no password is shown", async () => {
  world.facts = { hasSecrets: true, current: "20261130T000000Z-abc" };
  await releaseToAny("staging", { host: "192.0.2.1" });
  expect(world.done).toEqual(["close", "release"]);
});

test("without a terminal no password is shown, and the command that shows it is named", async () => {
  world.isTerminal = false;
  await releaseToAny("staging", {});
  expect(world.done).not.toContain("first login");
  expect(said.mock.calls.flat().join()).toContain("./olympus first-login staging");
});

test("a release that is taken back shows no way in", async () => {
  world.outcome = "taken back";
  expect(await releaseToAny("staging", {})).toBe("taken back");
  expect(world.done).not.toContain("first login");
});
