import type { Faker } from "@faker-js/faker";
import { faker as ar } from "@faker-js/faker/locale/ar";
import { faker as de } from "@faker-js/faker/locale/de";
import { faker as el } from "@faker-js/faker/locale/el";
import { faker as en } from "@faker-js/faker/locale/en";
import { faker as es } from "@faker-js/faker/locale/es";
import { faker as fr } from "@faker-js/faker/locale/fr";
import { faker as he } from "@faker-js/faker/locale/he";
import { faker as it } from "@faker-js/faker/locale/it";
import { faker as ja } from "@faker-js/faker/locale/ja";
import { faker as ko } from "@faker-js/faker/locale/ko";
import { faker as pl } from "@faker-js/faker/locale/pl";
import { faker as tr } from "@faker-js/faker/locale/tr";
import { faker as uk } from "@faker-js/faker/locale/uk";
import { faker as zh } from "@faker-js/faker/locale/zh_CN";

/** Where people's names come from; a language twice is twice as common. Each on its own path: all of Faker costs 0.5 s. */
const LOCALES: readonly Faker[] = [en, en, de, de, fr, es, it, pl, tr, uk, el, ar, he, ja, ko, zh];

/** A Faker that says the same for the same numbers, whatever was asked before, in one of the languages. */
export function fakerOf(number: number, index: number, kind = 0): Faker {
  // A step coprime to their count, so that neighbours differ.
  const faker = LOCALES[(number + index * 7 + kind) % LOCALES.length] ?? en;
  faker.seed([number, index, kind]);
  return faker;
}
