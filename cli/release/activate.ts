import { CURRENT, HISTORY, HOME } from "../../host/machine-layout.ts";
import { READ_HEALTH } from "./health.ts";
import type { Step } from "./step.ts";

/**
 * A release that knows what it changes starts beside what serves; an earlier one needs everything stopped before. Without the
 * reset systemd refuses the sixth start of an hour.
 */
const START = [
  "systemctl reset-failed olympus.service || true",
  `if grep -qs ^ExecReload= ${CURRENT}/systemd/olympus.service.d/release.conf; then`,
  "  systemctl reload-or-restart --no-block olympus.service",
  // One that has failed by now has done nothing, and systemd may have had no room for it: once more.
  "  sleep 1",
  "  case $(systemctl show olympus.service -P ReloadResult) in",
  "    success | '') ;;",
  "    *) systemctl reload-or-restart --no-block olympus.service ;;",
  "  esac",
  "else",
  "  systemctl restart --no-block olympus.service",
  "fi",
].join("\n");

/** Brings up what the current release says, and waits until the machine says that it is healthy. */
export const upAndHealthy = (id: string): Step[] => [
  {
    name: "start",
    does: "bring the current release up: a service that it does not change is not touched",
    command: START,
  },
  {
    name: "wait",
    does: "wait until the machine says that it is healthy",
    command: READ_HEALTH,
    awaits: id,
  },
];

/** The one moment that counts is a rename: before it the old release boots, after it the new one. */
export function activate(id: string, verb: string): Step[] {
  return [
    {
      name: "switch",
      does: `make ${id} the current release`,
      command: [...relink(`releases/${id}`, CURRENT), `sync -f ${HOME}`].join("\n"),
    },
    ...upAndHealthy(id),
    {
      name: "record",
      does: "note that it has served",
      command: `echo "${id} $(date -u +%FT%TZ) ${verb}" >>${HISTORY}\nsync -f ${HISTORY}`,
    },
  ];
}

/** Replaces a symlink in one move; `ln -sfn` alone removes it first. */
export const relink = (to: string, link: string): string[] => [
  `ln -sfn ${to} ${link}.next`,
  `mv -T ${link}.next ${link}`,
];
