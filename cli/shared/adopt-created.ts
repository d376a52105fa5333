import type { Fleet } from "../../config/index.ts";
import { begunCreations } from "./creation-note.ts";
import { planStack, takeIntoState } from "./terraform.ts";
import type { StackFolder } from "./terraform-process.ts";
import { unknownResources } from "./unknown-resources.ts";

/**
 * Takes into the state what a killed apply of this computer has made and bears the environment's own label, where a deploy
 * would make it again. The addresses. Anything else that is unknown stays for a person to judge.
 */
export async function adoptCreated(folder: StackFolder, fleet: Fleet): Promise<string[]> {
  const mine = begunCreations(folder);
  if (!mine.length) return [];
  const { json } = await planStack(folder, true);
  const places = (await unknownResources(folder, fleet, json)).flatMap(({ place }) => place ?? []);
  const found = places.filter(({ address }) => mine.includes(address));
  for (const { address, importId } of found) await takeIntoState(folder, address, importId);
  return found.map(({ address }) => address);
}
