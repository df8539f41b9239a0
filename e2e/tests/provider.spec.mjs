// Signing in through an identity provider, a real one on loopback: code, PKCE, state, nonce and private_key_jwt, with a
// browser between. The Kyodo of these tests is their own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { expect, test } from "@playwright/test";

import { expectFaultless } from "../lib/axe.mjs";
import { address, freePort, freshFolder, run, start } from "../lib/kyodo.mjs";
import { CITY } from "../lib/pages.mjs";
import { email, signIn } from "../lib/people.mjs";

// One Kyodo and one provider for all of them.
test.describe.configure({ mode: "default" });

const NAME = "職員認証";

let folder;
let kyodo;
let provider;

test.beforeAll(async () => {
  folder = await freshFolder();
  const port = await freePort();
  await (await start({ data: folder.data, port })).stop();
  const jwk = JSON.parse(await run("key", path.join(folder.data, "cities", "sign-in.pem")));
  provider = await startProvider({
    redirectUri: address(port, CITY, "/login/provider/0/answer"),
    clients: [{ id: "kyodo", jwk }],
  });
  const settings = { name: NAME, issuer: provider.issuer, client_id: "kyodo", key_file: "sign-in.pem", for_role: "staff" };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  await appendFile(path.join(folder.data, "cities", `${CITY}.toml`), `\n[[sign_in]]\n${lines.join("\n")}\n`);
  kyodo = await start({ data: folder.data, port });
});

test.afterAll(async () => {
  await kyodo?.stop();
  await provider?.stop();
  await folder?.remove();
});

/** A provider that knows one client; its own address, and a way to stop it. */
async function startProvider(wanted) {
  const program = fileURLToPath(new URL("../lib/provider.mjs", import.meta.url));
  const child = spawn(process.execPath, [program, JSON.stringify(wanted)], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const stop = () =>
    new Promise((done) => {
      child.once("exit", done);
      child.stdin.end();
    });
  return { issuer: JSON.parse(line).issuer, stop };
}

/** Goes to the provider with the button of the page to sign in. */
async function leave(page, query = "") {
  await page.goto(address(kyodo.port, CITY, `/login${query}`));
  await page.getByRole("button", { name: `${NAME}でログイン` }).click();
  await expect(page).toHaveURL((url) => url.origin === provider.issuer);
}

/** Says at the provider who it is, and agrees. */
async function sayYes(page, name) {
  await page.locator("input[name=login]").fill(name);
  await page.locator("input[name=password]").fill("whatever");
  await page.locator("form button").click();
  await page.locator("input[name=prompt][value=consent]").waitFor({ state: "attached" });
  await page.locator("form button").click();
}

test("staff sign in through the provider, and are recognised the next time", async ({ browser }) => {
  const who = email(CITY, "tanto");
  for (const time of ["first", "second"]) {
    await test.step(`the ${time} time`, async () => {
      const context = await browser.newContext({ locale: "ja-JP" });
      const page = await context.newPage();
      await leave(page, "?to=%2Faccount%2Fsessions");
      await sayYes(page, who);
      await expect(page).toHaveURL(address(kyodo.port, CITY, "/account/sessions"));
      await expect(page.locator("tbody tr", { hasText: "いま使っている端末" })).toContainText("ほかのしくみ");
      await context.close();
    });
  }
  await test.step("the trail tells of both", async () => {
    const page = await browser.newPage();
    await signIn(page, CITY, "kanri", { to: "/desk/audit?what=account.recognised", at: kyodo.port });
    await expect(page.locator("table.list tbody tr:not(.group)"), "recognised once").toHaveCount(1);
    await page.close();
  });
});

test("the page with the provider's button is as good as the others", async ({ page }) => {
  await page.goto(address(kyodo.port, CITY, "/login"));
  await expect(page.getByRole("button", { name: `${NAME}でログイン` })).toBeVisible();
  await expectFaultless(page);
});

test("somebody whom the city does not know reads whom to ask", async ({ page }) => {
  await leave(page);
  await sayYes(page, "stranger@example.org");
  await expect(page.locator(".wrongs a")).toContainText(`${NAME}の利用者にあたるアカウントがありません。`);
  await expectFaultless(page);
});

test("a resident does not come in through the staff's door", async ({ page }) => {
  await leave(page);
  await sayYes(page, email(CITY, "shimin"));
  await expect(page.locator(".wrongs a")).toContainText(`${NAME}の利用者にあたるアカウントがありません。`);
});

test("an address that the provider has not verified is not believed", async ({ page }) => {
  await leave(page);
  await sayYes(page, "unverified");
  await expect(page.locator(".wrongs a")).toContainText(`${NAME}で、メールアドレスがまだ確かめられていません。`);
});

test("who says no at the provider reads how to begin again", async ({ page }) => {
  await leave(page);
  await page.locator("a[href$='/abort']").click();
  await expect(page.locator(".wrongs a")).toContainText(`${NAME}での確認が取り消されました。`);
  await expect(page.locator("#name"), "the other ways are open").toBeVisible();
});

test("an answer is good once", async ({ page }) => {
  await leave(page);
  const back = page.waitForRequest((request) => request.url().includes("/answer?"));
  await sayYes(page, email(CITY, "kansa"));
  await expect(page).toHaveURL((url) => url.pathname === "/desk");
  await page.context().clearCookies({ name: "kyodo_session" });
  await page.goto((await back).url());
  await expect(page.locator(".wrongs a")).toBeVisible();
  await page.goto(address(kyodo.port, CITY, "/desk"));
  await expect(page).toHaveURL((url) => url.pathname === "/login");
});
