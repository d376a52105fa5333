import { expect } from "vitest";
import { SERVER_MIB } from "../../../bench/host/memory.ts";
import { adminLogin } from "../../../cli/provision/sandbox/admin-login.ts";
import type { EnvironmentUnderTest } from "./environment-under-test.ts";
import { OFFICE_ADDRESSES, whileVisited } from "./visitors.ts";

/** As long as a person waits for a login: browsers wait for minutes, Cloudflare for 100 s an answer. */
const PATIENCE_MS = 60_000;

/**
 * Two programs on the machine: of all processes, each second, what memory they hold (MiB; a page that several share counts in part for
 * each, Pss), and, five times a second, what a caller on its loopback gets of one Kratos or the other (000: no answer).
 */
const WATCH = `touch /run/watched
watch() { setsid bash -c "while [ -e /run/watched ]; do $1; done" >"/run/watched-$2" 2>/dev/null </dev/null & }
watch 'cat /proc/[0-9]*/smaps_rollup 2>/dev/null | awk "/^Pss:/ { s += \\$2 } END { print int(s / 1024) }"; sleep 1' memory
watch 'for port in 3100 4100; do curl -s -m 20 -o /dev/null -w "%{http_code}\n" http://127.0.0.1:$port/health/alive; sleep 0.2; done' loopback`;
/** Most MiB, then answers on the loopback and those that were none. Ends both. */
const SEEN = `rm /run/watched
sleep 0.5
echo "$(sort -n /run/watched-memory | tail -n 1) $(grep -c . /run/watched-loopback) $(grep -cv 200 /run/watched-loopback)"`;

/** An environment that visitors come to. */
export type Visited = Pick<
  EnvironmentUnderTest,
  "env" | "folder" | "route" | "secrets" | "inside" | "run" | "olympus"
>;

/** What a piece of work did to visitors and to containers. */
export interface VisitedWork {
  readonly failed: readonly string[];
  /** Containers that are others than before. */
  readonly changed: readonly string[];
  readonly said: string;
}

/**
 * A way to do work while visitors come, which throws where it does not end with `code`. `isShort`: fewer of them. The figures go to
 * stderr, under the name of the test.
 */
export const visiting = (opened: () => Visited, isShort: boolean) => {
  const containers = async (): Promise<Map<string, string>> =>
    new Map(
      (await opened().inside("podman ps --format '{{.Names}} {{.ID}}'"))
        .split("\n")
        .map((line) => line.split(" ") as [string, string]),
    );

  let logins = 0;
  const logIn = () => {
    const { env, route, secrets } = opened();
    logins += 1;
    return adminLogin(
      env,
      { ...route, from: OFFICE_ADDRESSES[logins % OFFICE_ADDRESSES.length] },
      secrets.ADMIN_PASSWORD ?? "",
      PATIENCE_MS,
    );
  };

  return async (work: () => ReturnType<EnvironmentUnderTest["olympus"]>, code = 0): Promise<VisitedWork> => {
    const { env, route } = opened();
    const pages = [
      { host: env.hosts.ciam, path: "/login" },
      { host: env.hosts.ciamOauth, path: "/.well-known/openid-configuration" },
      { host: env.hosts.ciamOauth, path: "/oauth2/token" },
      { host: env.hosts.iamOauth, path: "/oauth2/auth" },
      { host: env.hosts.site, path: "/" },
    ];
    const before = await containers();
    await opened().inside(WATCH);
    const visitors = {
      ...{ perSecond: isShort ? 30 : 40, loginsPerSecond: isShort ? 1 : 2, addresses: OFFICE_ADDRESSES },
      logIn,
    };
    const { met, result } = await whileVisited(route, pages, visitors, work);
    const [peak = 0, own, refused] = (await opened().inside(SEEN)).split(" ").map(Number);
    const changed = [...(await containers())].filter(([name, id]) => before.get(name) !== id);
    process.stderr.write(
      `${expect.getState().currentTestName?.split(" > ").at(-1)}\n  ${met.asked} asked and ${met.logins} logged in, ${met.failed.length} failed, longest answer ${met.longest.toFixed(0)} ms, longest login ${met.longestLogin.toFixed(0)} ms, memory at most ${peak} MiB, ${refused} of ${own} on the loopback refused\n  ${result.out.match(/visitors waited.*/g)?.join(", ") ?? ""}\n${met.failed.slice(0, 5).join("\n")}`,
    );
    const why =
      result.code !== code
        ? await opened().inside(
            "journalctl -u olympus.service -n 60 -o short-precise | cut -c1-200; systemctl show olympus.service | grep -E 'Result|State|Job'",
          )
        : "";
    expect(result.code, result.err + result.out + why).toBe(code);
    expect(met.asked).toBeGreaterThan(50);
    expect(peak).toBeGreaterThan(100);
    expect(peak).toBeLessThan(SERVER_MIB);
    expect([own, refused]).toEqual([expect.any(Number), 0]);
    return {
      failed: met.failed,
      changed: changed.map(([name]) => name).sort(),
      said: result.err + result.out,
    };
  };
};
