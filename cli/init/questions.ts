import type { ZoneOffer } from "../shared/cloudflare.ts";
import { type Answers, declaredEnvironments, isBlock } from "./answers.ts";
import { oneText, zoneMap } from "./forms.ts";
import { offeredZones, planName } from "./offers/cloudflare.ts";
import { ownEmail } from "./offers/derived.ts";
import { orderableTypes } from "./offers/hetzner.ts";
import { ownRepository } from "./offers/repository.ts";
import type { InitQuestion } from "./question.ts";
import { PEOPLE_QUESTIONS, STORE_QUESTIONS } from "./shared-questions.ts";

/** The questions in the order in which they are asked, with what Cloudflare knows of the zones. */
export const questions = async (answers: Answers): Promise<InitQuestion[]> =>
  allQuestions(answers, await offeredZones());

/** The same; those of an environment once for each that is declared. */
export const allQuestions = (
  answers: Answers,
  zones: readonly ZoneOffer[] = [],
  environments: readonly string[] = declaredEnvironments(),
): InitQuestion[] => [
  ...zoneQuestions(zones),
  ...SHARED,
  ...environments.flatMap((name, i) => environmentQuestions(name, i === 0, answers)),
  ...PEOPLE_QUESTIONS,
  ...STORE_QUESTIONS,
];

function zoneQuestions(found: readonly ZoneOffer[]): InitQuestion[] {
  const ids = Object.fromEntries(found.map(({ name, id }) => [name, id]));
  const first = ({ zones }: Answers) =>
    found.find(({ id }) => Object.values((zones ?? {}) as object).includes(id));
  return [
    {
      path: ["zones"],
      ask: "Zones at Cloudflare",
      why: "Every zone that a domain of yours is in, with its id of 32 hex digits.",
      how: "acme.com=<id>, acme.org=<id>",
      form: zoneMap(ids),
      choices: async () => (found.length ? found.map(({ name, id }) => `${name}=${id}`) : undefined),
      offer: async () => (found.length === 1 ? ids : undefined),
    },
    {
      path: ["cloudflareAccountId"],
      ask: "Account id at Cloudflare",
      why: "32 hex digits, on the overview page of the account: the clock's Worker runs there.",
      form: oneText,
      isFact: true,
      offer: async (answers) => first(answers)?.accountId,
    },
    {
      path: ["cloudflarePlan"],
      ask: "Plan of the zones",
      why: "free, pro or business: it says how many rules and which periods Cloudflare takes.",
      form: oneText,
      isFact: true,
      offer: async (answers) => {
        const zone = first(answers);
        return zone && planName(zone);
      },
    },
  ];
}

const SHARED: readonly InitQuestion[] = [
  {
    path: ["repository"],
    ask: "Repository at GitHub",
    why: "owner/name of this copy: the clock calls its workflows, and the edge's image is pushed below its name.",
    form: oneText,
    offer: ownRepository,
  },
  {
    path: ["location"],
    ask: "Location at Hetzner",
    why: "fsn1, nbg1 or hel1, of servers, volumes and addresses: it cannot be changed in place later.",
    form: oneText,
  },
];

const environmentQuestions = (
  name: string,
  isReference: boolean,
  { environments }: Answers,
): InitQuestion[] => {
  const at = (...path: string[]): string[] => ["environments", name, ...path];
  return [
    {
      path: at("domain"),
      ask: `Domain of ${name}`,
      why: "A zone, or one label below one: the free certificate covers no more.",
      form: oneText,
      offer: async ({ zones }) => {
        const [zone] = Object.keys((zones ?? {}) as object);
        return zone && (isReference ? zone : `${name}.${zone}`);
      },
    },
    {
      path: at("hostType"),
      ask: `Server type of ${name}`,
      why: "A type of Hetzner's list (config/hetzner-list.ts), of one architecture for all: cax is ARM, all others x86.",
      form: oneText,
      choices: async ({ location }) => await orderableTypes(String(location)),
    },
    {
      path: at("firstAdministrator"),
      ask: `First administrator of ${name}`,
      why: "E-mail address of the person who logs in to Athena first and invites the others.",
      form: oneText,
      offer: ownEmail,
    },
    ...(isBlock(environments[name]?.extras)
      ? [
          {
            path: at("extras", "timeZone"),
            ask: `Time zone of the hours of ${name}`,
            why: "Where its night begins and ends, such as Europe/Berlin.",
            form: oneText,
          },
        ]
      : []),
  ];
};
