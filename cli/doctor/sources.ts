import { z } from "zod";
import { imageReference } from "../../host/images.ts";
import { DATA } from "../../host/machine-layout.ts";
import { Failure } from "../../lib/failure.ts";
import { parsedJson } from "../../lib/json.ts";
import { parseStatus, STATUS, type Status } from "../release/machine-status.ts";
import { loadSecrets, type Secrets } from "../secrets/store.ts";
import { openSshConnection } from "../shared/ssh.ts";
import { locate, type TargetOptions } from "../shared/target.ts";
import { countPeople, type PeopleCount } from "./people-count.ts";
import { composed } from "./subject.ts";

/** What several rows read and one question answers. */
export interface DoctorSources {
  /** Which machine, and how it is told from an impostor, where the command line says so. */
  readonly target: TargetOptions;
  /** Who shall approve deploys to where real people are: logins at GitHub, or `owner/team`. */
  readonly reviewers: readonly string[];
  /** Decrypted once. Throws a Failure where they cannot be read. */
  secrets(environment: string): Promise<Secrets>;
  /** Asked over one connection. Throws a Failure where the machine cannot be reached. */
  machine(environment: string): Promise<MachineReport>;
  /** Counted each time. Throws a Failure where the machine cannot be reached. */
  people(environment: string): Promise<PeopleCount>;
  /** After a fix: what is read next is read anew. */
  forget(): void;
}

const resultSchema = z.looseObject({ ok: z.boolean(), at: z.string() });
const notificationsSchema = z.object({ sent: z.number(), failed: z.number() });

/** What a machine says of itself and of its jobs. */
export interface MachineReport {
  readonly status: Status;
  readonly backup: z.infer<typeof resultSchema> | undefined;
  readonly drill: z.infer<typeof resultSchema> | undefined;
  /** Notifications of the last day; undefined where monitoring does not answer. */
  readonly notifications: z.infer<typeof notificationsSchema> | undefined;
}

/** Answers that are kept for the length of one run. */
export function createDoctorSources(target: TargetOptions, reviewers: readonly string[] = []): DoctorSources {
  const [secrets, machines] = [
    new Map<string, Promise<Secrets>>(),
    new Map<string, Promise<MachineReport>>(),
  ];
  return {
    target,
    reviewers,
    secrets: kept(secrets, (environment) => loadSecrets(environment)),
    machine: kept(machines, (environment) => askMachine(environment, target)),
    people: (environment) => countPeople(environment, target),
    forget() {
      secrets.clear();
      machines.clear();
    },
  };
}

function kept<T>(
  answers: Map<string, Promise<T>>,
  ask: (name: string) => Promise<T>,
): (name: string) => Promise<T> {
  return (name) => {
    const answer = answers.get(name) ?? ask(name);
    answers.set(name, answer);
    // What could not be read may be there after a fix.
    answer.catch(() => answers.delete(name));
    return answer;
  };
}

const query = (metric: string): string =>
  `curl -sf --max-time 10 -G 127.0.0.1:9090/api/v1/query --data-urlencode 'query=sum(increase(${metric}[1d])) or vector(0)' | jq -c '.data.result[0].value[1] | tonumber'`;
const RESULT = (job: string): string => `cat ${DATA}/backup/${job}.json 2>/dev/null || true`;
const NOTIFICATIONS = `sent=$(${query("alertmanager_notifications_total")}) && failed=$(${query("alertmanager_notifications_failed_total")}) && printf '{"sent":%s,"failed":%s}' "$sent" "$failed" || true`;

async function askMachine(environment: string, target: TargetOptions): Promise<MachineReport> {
  const { images } = composed(environment).environment;
  const remote = await openSshConnection(await locate(environment, target));
  const said = async (script: string): Promise<string> => {
    const { exitCode, stdout, stderr } = await remote.run(script);
    if (exitCode !== 0) throw new Failure(`The machine cannot be inspected: ${stderr.trim()}`);
    return stdout;
  };
  const json = async <T>(script: string, shape: z.ZodType<T>): Promise<T | undefined> =>
    shape.safeParse(parsedJson(await said(script))).data;
  try {
    return {
      status: parseStatus(await said(STATUS), Object.values(images).map(imageReference)),
      backup: await json(RESULT("backup"), resultSchema),
      drill: await json(RESULT("drill"), resultSchema),
      notifications: await json(NOTIFICATIONS, notificationsSchema),
    };
  } finally {
    await remote.close();
  }
}
