import { type ChildProcess, execFileSync, spawn } from "node:child_process";

export interface Journal {
  /** Prefix of a command that shall see this journal. */
  readonly inside: readonly string[];
  /** Writes one entry as podman does for a container; returns when it can be read. */
  write(container: string, message: string): Promise<void>;
  stop(): Promise<void>;
}

const SETUP = [
  "mount -t tmpfs tmpfs /run/systemd && mkdir -p /run/systemd/journal /run/log",
  "mount -t tmpfs tmpfs /run/log && mkdir -p /run/log/journal && mount -t tmpfs tmpfs /var/log",
  "exec /lib/systemd/systemd-journald",
].join(" && ");

/** A real journald with a journal of its own, in a mount namespace of its own. Needs root and systemd's files. */
export const startJournal = async (): Promise<Journal> => {
  execFileSync("mkdir", ["-p", "/run/systemd"]);
  const daemon: ChildProcess = spawn("unshare", ["--mount", "sh", "-c", SETUP], { stdio: "ignore" });
  const inside = ["nsenter", "-t", String(daemon.pid), "-m", "-r", "-w"];
  const holds = (text: string): boolean => {
    try {
      const [file = "", ...args] = [...inside, "journalctl", "-q", "-o", "cat", "--no-pager"];
      return String(execFileSync(file, args, { stdio: ["ignore", "pipe", "ignore"] })).includes(text);
    } catch {
      return false;
    }
  };
  const until = async (text: string): Promise<void> => {
    for (const end = Date.now() + 10_000; !holds(text); await new Promise((r) => setTimeout(r, 50)))
      if (Date.now() > end) throw new Error(`the journal does not show ${text}`);
  };
  await until("Journal started");
  return {
    inside,
    async write(container, message) {
      const [file = "", ...args] = [...inside, "logger", "--journald"];
      execFileSync(file, args, { input: `MESSAGE=${message}\nPRIORITY=3\nCONTAINER_NAME=${container}\n` });
      await until(message);
    },
    async stop() {
      const gone = new Promise((resolve) => daemon.once("exit", resolve));
      daemon.kill("SIGTERM");
      await gone;
    },
  };
};
