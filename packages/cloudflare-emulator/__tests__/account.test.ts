import { expect, test } from "vitest";
import { idOf, openAccount, testAccountId } from "./account.ts";

const scripts = `accounts/${testAccountId}/workers/scripts`;

function upload(metadata: object, content = "export default { async scheduled() {} }") {
  const form = new FormData();
  form.append("clock.js", new Blob([content], { type: "application/javascript+module" }), "clock.js");
  form.append("metadata", JSON.stringify({ main_module: "clock.js", ...metadata }));
  return form;
}

test("an upload keeps a secret when told to, and drops it otherwise", async () => {
  const { call } = openAccount();
  const made = await call("PUT", `${scripts}/clock`, upload({}));
  expect(made).toMatchObject({ result: { id: "clock", handlers: ["scheduled"], has_modules: true } });
  const secret = { name: "TOKEN", type: "secret_text", text: "hidden" };
  await call("PUT", `${scripts}/clock/secrets`, secret);
  await call("PUT", `${scripts}/clock`, upload({ keep_bindings: ["secret_text"] }));
  const shown = [{ name: "TOKEN", type: "secret_text" }];
  expect((await call("GET", `${scripts}/clock/secrets`)).result).toEqual(shown);
  const settings = await call("GET", `${scripts}/clock/settings`);
  expect(settings).toMatchObject({ result: { bindings: shown, placement: {} } });
  await call("PUT", `${scripts}/clock`, upload({}));
  expect((await call("GET", `${scripts}/clock/secrets`)).result).toEqual([]);
});

test("a script of modules comes back as multipart with a boundary", async () => {
  const { app, call } = openAccount();
  await call("PUT", `${scripts}/clock`, upload({}, "export default {}"));
  const headers = { Authorization: "Bearer sandbox-token-that-is-forty-characters-00" };
  const response = await app.request(`/client/v4/${scripts}/clock/content/v2`, { headers });
  expect(response.headers.get("content-type")).toMatch(/^multipart\/form-data; boundary=/);
  const part = (await response.formData()).get("clock.js");
  expect(part instanceof File && (await part.text())).toBe("export default {}");
});

test.each([
  ["no such part", upload({ main_module: "other.js" })],
  ["metadata without names", upload({ bindings: [{ type: "plain_text" }] })],
])("refuses an upload: %s", async (_, form) => {
  const { call } = openAccount();
  expect(await call("PUT", `${scripts}/clock`, form)).toMatchObject({ status: 400, code: 10_021 });
});

test("a binding that inherits from nothing is dropped, or refused when the caller asks to be told", async () => {
  const { call } = openAccount();
  const given = upload({ bindings: [{ name: "X", type: "inherit" }] });
  expect(await call("PUT", `${scripts}/clock`, given)).toMatchObject({ status: 200 });
  expect(await call("GET", `${scripts}/clock/settings`)).toMatchObject({ result: { bindings: [] } });
  const strict = await call("PUT", `${scripts}/clock?bindings_inherit=strict`, given);
  expect(strict).toMatchObject({ status: 400, code: 10_021 });
});

test("a module is found by the name of its file too, as Cloudflare's own clients send it", async () => {
  const { call } = openAccount();
  const form = new FormData();
  form.append("files", new Blob(["export default {}"], { type: "application/javascript+module" }), "a.js");
  form.append("files", new Blob(["export const b = 1"], { type: "application/javascript+module" }), "b.js");
  form.append("metadata", JSON.stringify({ main_module: "a.js" }));
  expect(await call("PUT", `${scripts}/clock`, form)).toMatchObject({ status: 200, result: { id: "clock" } });
});

test("cron triggers: five per account over all scripts, each of five fields", async () => {
  const { call } = openAccount();
  const crons = (count: number) => Array.from({ length: count }, (_, hour) => ({ cron: `0 ${hour} * * *` }));
  expect(await call("PUT", `${scripts}/one/schedules`, crons(1))).toMatchObject({
    status: 404,
    code: 10_007,
  });
  await call("PUT", `${scripts}/one`, upload({}));
  await call("PUT", `${scripts}/two`, upload({}));
  expect((await call("PUT", `${scripts}/one/schedules`, crons(3))).status).toBe(200);
  expect(await call("PUT", `${scripts}/two/schedules`, crons(3))).toMatchObject({
    status: 400,
    code: 10_072,
  });
  expect((await call("PUT", `${scripts}/two/schedules`, crons(2))).status).toBe(200);
  expect((await call("PUT", `${scripts}/one/schedules`, crons(3))).status).toBe(200);
  for (const cron of ["0 25 * * *", "* * * *", "0 0 0 * * *", "daily"]) {
    expect(await call("PUT", `${scripts}/one/schedules`, [{ cron }])).toMatchObject({ code: 10_100 });
  }
  await call("DELETE", `${scripts}/two`);
  expect((await call("PUT", `${scripts}/one/schedules`, crons(5))).status).toBe(200);
});

test("KV namespaces have a title of their own; widgets keep their key", async () => {
  const { call } = openAccount();
  const namespaces = `accounts/${testAccountId}/storage/kv/namespaces`;
  const id = idOf((await call("POST", namespaces, { title: "a" })).result);
  expect(await call("POST", namespaces, { title: "a" })).toMatchObject({ status: 400, code: 10_014 });
  expect(await call("PUT", `${namespaces}/${id}`, { title: "a" })).toMatchObject({ status: 200 });
  const widgets = `accounts/${testAccountId}/challenges/widgets`;
  const widget = { name: "login", domains: ["example.com"], mode: "managed" };
  const { result } = await call("POST", widgets, widget);
  const { sitekey, secret } = result as { sitekey: string; secret: string };
  const changed = await call("PUT", `${widgets}/${sitekey}`, { ...widget, mode: "invisible" });
  expect(changed).toMatchObject({ result: { sitekey, secret, mode: "invisible" } });
  expect((await call("POST", widgets, { ...widget, mode: "visible" })).status).toBe(400);
});
