import { afterAll, beforeAll, expect, it } from "vitest";
import { type MachineFixture, startMachine } from "../host/bundle/machine.ts";

let machine: MachineFixture;
const curl = (...args: string[]) => machine.outside(["curl", "-sS", "-m", "5", ...args]);

beforeAll(async () => {
  machine = await startMachine(["mailpit"]);
  machine.daemon(["mailpit"], { env: { MP_DISABLE_VERSION_CHECK: "true" } });
  await machine.until(30, ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8025"]);
});
afterAll(() => machine?.stop());

it("whoever opens the mail sandbox lets it ask an admin API that only containers reach", () => {
  const inner = "http://127.0.0.1:8025/api/v1/info";
  expect(curl(inner).out).toContain('"Version"');
  expect(curl(`http://127.0.0.1:8025/proxy?url=${encodeURIComponent(inner)}`).out).not.toContain('"Version"');
});

it("a page from elsewhere, open in the office, reads each new mail with its code", () => {
  const upgrade = (origin: string) =>
    curl(
      ...["-o", "/dev/null", "-w", "%{http_code}", "--http1.1", "-H", "Connection: Upgrade"],
      ...["-H", "Upgrade: websocket", "-H", "Sec-WebSocket-Version: 13", "-H", `Origin: ${origin}`],
      ...["-H", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "http://127.0.0.1:8025/api/events"],
    ).out;
  expect(upgrade("http://127.0.0.1:8025")).toBe("101");
  expect(upgrade("https://evil.example")).not.toBe("101");
});
