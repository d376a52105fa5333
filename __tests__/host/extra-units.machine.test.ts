import { expect, test } from "vitest";
import { extraUnits } from "../../host/extra-units.ts";
import { fixtureFleet } from "../support/fleet/fleet.ts";
import { unpackRoot } from "./bundle/root.ts";

const [staging] = fixtureFleet().mirrors;
const units = extraUnits(staging?.environment.extras);

test("systemd accepts every unit and time, and refuses a wrong one", async () => {
  const root = await unpackRoot("debian-13");
  const verify = (name: string) =>
    root.run(["systemd-analyze", "verify", "--man=no", `/etc/systemd/system/${name}`]);
  try {
    for (const [name, text] of Object.entries(units)) {
      // The programs behind them come with a release; here any program will do.
      root.write(`/etc/systemd/system/${name}`, text.replace(/^(Exec\w+)=\S+/gm, "$1=/bin/true"));
      for (const [, time = ""] of text.matchAll(/^OnCalendar=(.+)$/gm))
        expect(root.run(["systemd-analyze", "calendar", time])).toMatchObject({ code: 0 });
    }
    root.write("/etc/systemd/system/olympus.service", "[Service]\nType=oneshot\nExecStart=/bin/true\n");
    for (const name of Object.keys(units)) expect(verify(name)).toEqual({ code: 0, text: "" });
    root.write("/etc/systemd/system/wrong.timer", "[Timer]\nOnCalendar=at noon or so\n");
    expect(verify("wrong.timer").code).not.toBe(0);
  } finally {
    root.remove();
  }
});
