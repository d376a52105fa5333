import { execa } from "execa";
import { cached, recipeKey } from "../../lib/cache.ts";
import { childEnvironment } from "../../lib/process-env.ts";
import { type Progress, step } from "../../lib/progress.ts";
import { ensureTools } from "./tools.ts";

/** Hetzner's and Cloudflare's own clients for Python, and everything that they stand on, as PyPI has it. */
const PACKAGES = [
  "hcloud==2.27.0",
  "cloudflare==5.9.0",
  "annotated-types==0.8.0",
  "anyio==4.16.0",
  "certifi==2026.10.19.post1",
  "charset-normalizer==3.5.3",
  "distro==1.9.0",
  "h11==0.16.0",
  "httpcore==1.0.9",
  "httpx==0.28.1",
  "idna==3.20",
  "pydantic==2.14.4",
  "pydantic_core==2.50.5",
  "python-dateutil==4.0.0",
  "requests==2.34.2",
  "sniffio==1.3.1",
  "typing-inspection==0.4.5",
  "typing_extensions==4.16.0",
  "tzdata==2026.6",
  "urllib3==2.8.0",
];

/** Which compiled modules this Python can load, such as `cpython-311-x86_64-linux-gnu`. */
const SAY_ABI = "import sysconfig; print(sysconfig.get_config_var('SOABI'))";
const abi = async (): Promise<string> => (await execa("python3", ["-c", SAY_ABI])).stdout;

/**
 * Folder of the clients, for PYTHONPATH; from PyPI on first use. Needs Python 3.11 or later. Throws with pip's words where
 * PyPI is out of reach.
 */
export async function ensurePythonClients(progress: Progress): Promise<string> {
  await ensureTools(["python3"], progress);
  return cached("python-clients", `${await abi()}-${recipeKey(PACKAGES)}`, async (aside) => {
    await ensureTools(["pip3"], progress);
    await step(progress, "install the providers' Python clients", () =>
      execa("python3", [
        ...["-m", "pip", "install", "--no-deps", "--only-binary=:all:"],
        ...["--target", aside, "--disable-pip-version-check", "--quiet", ...PACKAGES],
      ]),
    );
  });
}

/** Runs a script with the clients and `conformance.py` at hand. Throws with all that it printed when it fails. */
export async function runWithPythonClients(
  script: string,
  args: readonly string[],
  progress: Progress,
): Promise<string> {
  const clients = await ensurePythonClients(progress);
  const env = childEnvironment({ PYTHONPATH: `${clients}:sandbox/programs`, PYTHONDONTWRITEBYTECODE: "1" });
  const { exitCode, all } = await execa("python3", [script, ...args], {
    env,
    extendEnv: false,
    all: true,
    reject: false,
  });
  if (exitCode !== 0) throw new Error(all);
  return all;
}
