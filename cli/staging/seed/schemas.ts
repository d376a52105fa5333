import type { Faker } from "@faker-js/faker";
import type { SchemaId, SeedMix } from "../../../config/load/schema.ts";

/** One of the two identity stacks of a machine. */
export type DomainName = "ciam" | "iam";
/** Every schema asks for an address. */
export type Traits = Readonly<Record<string, unknown>> & { readonly email: string };

/** What a person of any schema has; everything in it is unique to the index. */
export interface About {
  readonly index: number;
  readonly email: string;
  readonly first: string;
  readonly last: string;
}

interface IdentitySchema {
  readonly domain: DomainName;
  readonly traits: (about: About, faker: Faker) => Traits;
  /** What the person logs in with. */
  readonly identifier: (traits: Traits) => string;
}

const byEmail = ({ email }: Traits): string => email;
const DEPARTMENTS = ["Engineering", "Product", "Marketing", "Sales", "Operations", "Finance", "HR"];

/**
 * How people of each identity schema are made: the one table that follows host/release/kratos. A test holds what it makes
 * against those files.
 */
export const SCHEMAS: Readonly<Record<SchemaId, IdentitySchema>> = {
  default: {
    domain: "ciam",
    identifier: byEmail,
    traits: ({ index, email, first, last }) => ({
      email,
      username: `user${index}`,
      first_name: first,
      last_name: last,
      // +999 is no country's: nobody is ever rung up.
      phone: `+999${String(index).padStart(9, "0")}`,
    }),
  },
  customer: {
    domain: "ciam",
    identifier: byEmail,
    traits: ({ index, email, first, last }, faker) => ({
      email,
      customer_id: `CUST-${index}`,
      first_name: first,
      last_name: last,
      phone: `+999${String(index).padStart(9, "0")}`,
      date_of_birth: faker.date
        .between({ from: "1940-01-01T00:00:00Z", to: "2006-01-01T00:00:00Z" })
        .toISOString()
        .slice(0, 10),
      shipping_address: {
        street: faker.location.streetAddress().slice(0, 200),
        city: faker.location.city().slice(0, 100),
        postal_code: faker.location.zipCode().slice(0, 20),
        country: faker.location.countryCode(),
      },
      preferences: {
        newsletter: faker.datatype.boolean(),
        marketing_emails: false,
        preferred_language: faker.helpers.arrayElement(["en", "fr", "es", "de", "it"]),
        currency: faker.helpers.arrayElement(["USD", "EUR", "GBP", "CAD", "AUD"]),
      },
      loyalty_tier: faker.helpers.arrayElement(["bronze", "silver", "gold", "platinum", "diamond"]),
      account_status: "active",
    }),
  },
  organizational: {
    domain: "ciam",
    identifier: ({ employee_id }) => String(employee_id),
    traits: ({ index, email, first, last }, faker) => ({
      email,
      employee_id: `E-${index}`,
      first_name: first,
      last_name: last,
      department: faker.helpers.arrayElement(DEPARTMENTS),
      role: faker.helpers.arrayElement(["manager", "senior", "junior", "intern"]),
      status: faker.helpers.arrayElement(["active", "active", "active", "on_leave"]),
    }),
  },
  admin: {
    domain: "iam",
    identifier: byEmail,
    // Only ever a viewer: these people share a password, and an administrator of IAM rules the environment.
    traits: ({ email, first, last }) => ({ email, name: { first, last }, role: "viewer" }),
  },
};

/** Odd and prime to 100, so that every hundred people hold the mix exactly and neighbours differ. */
const STEP = 61;

/** The schema of the person with this index, by the shares of a hundred. */
export function schemaOf(index: number, mix: SeedMix): SchemaId {
  const place = (index * STEP) % 100;
  let end = 0;
  for (const [schema, share] of Object.entries(mix) as [SchemaId, number][]) {
    end += share;
    if (place < end) return schema;
  }
  throw new Error("a mix adds up to 100");
}
