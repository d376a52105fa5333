import { readFileSync } from "node:fs";
import { type Contents, contents } from "../../../cli/release/contents.ts";
import { bootstrapFiles } from "../../../host/bootstrap.ts";
import type { BundleFile } from "../../../host/bundle-file.ts";

/**
 * How a small release behaves: as it should, its start fails, it starts and something in it is not well, or its firewall is
 * none.
 */
export type Behaviour = "good" | "fails" | "unwell" | "open";

const shipped = (path: string): BundleFile => ({
  path,
  content: readFileSync(`host/release/${path}`, "utf8"),
  mode: path.startsWith("bin/") ? 0o755 : 0o644,
});

const script = (path: string, ...lines: string[]): BundleFile => ({
  path,
  content: ["#!/bin/bash", "set -euo pipefail", '. "$(dirname "$0")/olympus-lib"', ...lines, ""].join("\n"),
  mode: 0o755,
});

const bootstrapOf = (behaviour: Behaviour): BundleFile[] =>
  bootstrapFiles().map((file) =>
    behaviour === "open" && file.path.endsWith("nftables.conf")
      ? { ...file, content: file.content.replace("policy drop", "policy dorp") }
      : file,
  );

/**
 * A release of the product's own shape, with its own units, library and installer of units, but with no containers in
 * it: what is tried is the way onto the machine and back.
 */
export const smallContents = (version: string, behaviour: Behaviour, sshKey: string): Contents =>
  contents([
    shipped("bin/olympus-lib"),
    shipped("bin/olympus-units"),
    shipped("bin/olympus-bootstrap"),
    ...bootstrapOf(behaviour),
    shipped("systemd/olympus-health.service"),
    shipped("systemd/olympus-health.timer"),
    { path: "olympus.env", content: `SITE_HOST=${version}.example\nSSH_KEYS=${sshKey}\n`, mode: 0o644 },
    { path: "behaviour", content: `${behaviour}\n`, mode: 0o644 },
    script(
      "bin/olympus-start",
      'mkdir -p "$RUN"',
      '"$RELEASE/bin/olympus-bootstrap"',
      'say "== phase one of $(value SITE_HOST)"',
      "sleep 0.3",
      '[ "$(cat "$RELEASE/behaviour")" != fails ] || die "the planted fault"',
      'echo "$RELEASE" >"$RUN/running"',
      '"$RELEASE/bin/olympus-units"',
    ),
    script(
      "bin/olympus-backup",
      '[ ! -e /run/backup-fails ] || die "the planted store is away"',
      'echo "$(basename "$RELEASE") $1" >>/run/backups',
    ),
    script("bin/olympus-stop", 'rm -f "$RUN/running"'),
    script(
      "bin/olympus-health",
      'if [ "$(cat "$RELEASE/behaviour")" = unwell ]; then problems=\'["postgres is exited"]\'; else problems="[]"; fi',
      'jq -n --arg release "$(basename "$RELEASE")" --argjson problems "$problems" \\',
      "  '{healthy: ($problems == []), checked_at: (now | todate), release: $release, problems: $problems, disk_percent: 1, units: [], containers: []}' >\"$RUN/health.json.new\"",
      'mv "$RUN/health.json.new" "$RUN/health.json"',
    ),
  ]);
