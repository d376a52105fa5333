import { randomUUID } from "node:crypto";
import type {
  BatchPatchIdentitiesResponse,
  CreateIdentityBody,
  ErrorGeneric,
  GenericError,
  Identity as IdentityBody,
  IdentityPatchResponse,
  JsonPatch,
  PatchIdentitiesBody,
} from "@ory/kratos-client";
import { parsedJson } from "../../../lib/json.ts";
import { expectJson, type HttpClient } from "../../shared/http-client.ts";
import type { Person } from "./people.ts";

/** What stands in `metadata_admin.synthetic` of everybody this program made: the name under which it knows them again. */
export interface SyntheticTag {
  /** Faker's number. */
  readonly seed: number;
  readonly set: string;
  readonly index: number;
  /** Still to be done by a flow of its own. */
  readonly todo?: string;
  readonly totp_key?: string;
}

export interface Identity {
  readonly id: string;
  /** What somebody of the bundle's schemas logs in with. */
  readonly identifier: string;
  readonly state: IdentityBody["state"];
  readonly mark: SyntheticTag | undefined;
  readonly credentials: readonly string[];
}

/** What became of one person of a batch. */
export type CreateResult =
  | { readonly kind: "created" }
  | { readonly kind: "refused"; readonly status: number; readonly reason: string };

/** No word on a request: to be sent again. It may have been done all the same. */
export interface RetryLater {
  readonly kind: "later";
  readonly why: string;
  readonly afterMs?: number;
}

/** What became of a whole request. */
export type BatchResult =
  | { readonly kind: "answered"; readonly fates: readonly CreateResult[] }
  /** Somebody in it is not as Kratos wants, so that nobody was created. */
  | { readonly kind: "malformed"; readonly fate: CreateResult & { kind: "refused" } };

/** What Kratos' own types leave open: traits as the bundle's schemas have them, metadata as this program writes it. */
interface OwnParts {
  readonly traits: { readonly email?: string; readonly employee_id?: string };
  readonly metadata_admin?: { readonly synthetic?: SyntheticTag } | null;
}

/** Largest page that v26 gives; 1.3.1 gives it too. */
const PAGE = 500;

/** The admin API of one Kratos, as far as seeding goes: the same in 1.3.1 and v26. */
export class Kratos {
  readonly #ask: HttpClient;
  constructor(ask: HttpClient) {
    this.#ask = ask;
  }

  /**
   * Everybody there is, a page at a time. `external_id` would say who is who in one look-up, but only v26 has it: the
   * mark in the metadata serves both.
   */
  async *identities(): AsyncGenerator<readonly Identity[]> {
    let path: string | undefined = `/admin/identities?page_size=${PAGE}`;
    while (path) {
      const answer = await this.#ask("GET", path);
      yield expectJson<IdentityBody[]>("the list of identities", answer, 200).map(identityOf);
      path = nextPage(answer.headers.link);
    }
  }

  /** Who logs in with this. */
  async find(identifier: string): Promise<Identity | undefined> {
    const path = `/admin/identities?credentials_identifier=${encodeURIComponent(identifier)}`;
    const [found] = expectJson<IdentityBody[]>(identifier, await this.#ask("GET", path), 200);
    return found && identityOf(found);
  }

  /** One identity with the kinds of its credentials. */
  async get(id: string): Promise<Identity> {
    return identityOf(expectJson<IdentityBody>(id, await this.#ask("GET", `/admin/identities/${id}`), 200));
  }

  async change(id: string, patch: readonly JsonPatch[]): Promise<void> {
    expectJson(id, await this.#ask("PATCH", `/admin/identities/${id}`, { body: patch }), 200);
  }

  /** Creates people in one request: at most 200, the least that any version takes. */
  async create(people: readonly Person[], seed: number, hash: string): Promise<BatchResult | RetryLater> {
    const identities = people.map((person) => ({
      patch_id: randomUUID(),
      create: identityBody(person, seed, hash),
    }));
    const body: PatchIdentitiesBody = { identities };
    const answer = await this.#ask("PATCH", "/admin/identities", { body }).catch((error: Error) => error);
    if (answer instanceof Error) return { kind: "later", why: answer.message };
    const { status, headers, text } = answer;
    // 500, 502 and 504: the database went away in the middle, or a gateway speaks. Nobody can tell what was done.
    if (status === 429 || status >= 500)
      return { kind: "later", why: `Kratos answered ${status}`, ...retryAfter(headers["retry-after"]) };
    if (status === 400 || status === 409 || status === 413)
      return { kind: "malformed", fate: { kind: "refused", status, reason: reasonIn(text) } };
    const { identities: items = [] } = expectJson<BatchPatchIdentitiesResponse>("a batch", answer, 200);
    const byId = new Map(items.map((item) => [item.patch_id, item]));
    return { kind: "answered", fates: identities.map(({ patch_id }) => createResultOf(byId.get(patch_id))) };
  }
}

function createResultOf(item: IdentityPatchResponse | undefined): CreateResult {
  if (item?.action === "create") return { kind: "created" };
  const { code = 0, reason, message }: Partial<GenericError> = item?.error ?? {};
  return { kind: "refused", status: code, reason: reason || message || "the response lacks this person" };
}

/** The body that makes a person; unknown keys are refused, so that it holds exactly what Kratos knows. */
export function identityBody(person: Person, seed: number, hash: string): CreateIdentityBody {
  const { set, index, schema, traits, verified, active, todo } = person;
  return {
    schema_id: schema,
    state: active ? "active" : "inactive",
    traits,
    credentials: { password: { config: { hashed_password: hash } } },
    verifiable_addresses: [
      { value: traits.email, via: "email", verified, status: verified ? "completed" : "pending" },
    ],
    metadata_admin: { synthetic: { seed, set, index, ...(todo && { todo }) } },
  };
}

function identityOf({ id, state, credentials, ...body }: IdentityBody): Identity {
  const { traits, metadata_admin }: OwnParts = body;
  return {
    id,
    identifier: traits.employee_id ?? traits.email ?? "",
    state,
    mark: metadata_admin?.synthetic,
    credentials: Object.keys(credentials ?? {}),
  };
}

/** The path of `rel="next"` in a Link header; the last page has none. */
export const nextPage = (link: string | string[] | undefined): string | undefined =>
  String(link ?? "").match(/<(?:https?:\/\/[^/>]+)?([^>]+)>; ?rel="next"/)?.[1];

const retryAfter = (seconds: string | undefined): { afterMs?: number } =>
  seconds && /^\d{1,4}$/.test(seconds) ? { afterMs: Number(seconds) * 1000 } : {};

function reasonIn(text: string): string {
  const answer = parsedJson(text) as Partial<ErrorGeneric> | null | undefined;
  return answer?.error?.reason || answer?.error?.message || text.slice(0, 200);
}
