// One-time codes: an app is set up from the key on the page, signing in asks for its code, and a recovery code helps once.

import { expect, test } from "@playwright/test";

import { expectFaultless } from "../lib/axe.mjs";
import { email, fillIn, signIn, signOut } from "../lib/people.mjs";
import { code } from "../lib/totp.mjs";
import { site } from "../lib/visit.mjs";

/** Whose codes these tests set up. */
const TOWN = "kikugawa";
const WHO = "suishin2";

async function askedForCode(page) {
  await page.goto(site(TOWN, "/login?to=%2Faccount%2Fcodes"));
  await fillIn(page, email(TOWN, WHO));
  await expect(page.locator("h1")).toHaveText("確認コードを入れてください");
}

async function answer(page, typed) {
  await page.locator("#code").fill(typed);
  await page.getByRole("button", { name: "続ける" }).click();
}

test("codes of an app are set up, asked for, and replaced by a recovery code once", async ({ page }) => {
  await signIn(page, TOWN, WHO, { to: "/account/codes" });
  let key = "";
  let recovery = [];

  await test.step("setting it up", async () => {
    await page.getByRole("button", { name: "設定をはじめる" }).click();
    await expect(page.locator("ol.steps svg")).toBeVisible();
    key = await page.locator("code.key").innerText();
    await expectFaultless(page);
    await page.locator("ol.steps input").fill(code(key, 1000));
    await page.getByRole("button", { name: "設定する" }).click();
    await expect(page.locator(".wrongs a")).toBeVisible();
    await expect(page.locator("code.key"), "the key stays after a mistake").toHaveText(key);
    await page.locator("ol.steps input").fill(code(key));
    await page.getByRole("button", { name: "設定する" }).click();
    await expect(page.locator(".said")).toHaveText("確認コードを設定しました。次のログインから使います。");
    recovery = await page.locator(".codes code").allInnerTexts();
    expect(new Set(recovery).size).toBe(10);
    await expectFaultless(page);
  });

  await test.step("the codes are shown once", async () => {
    await page.goto(site(TOWN, "/account/codes"));
    await expect(page.locator("main")).toContainText("予備のコードの残り 10個");
    await expect(page.locator("main")).not.toContainText(recovery[0]);
  });

  await test.step("signing in with the app", async () => {
    await signOut(page);
    await askedForCode(page);
    await expectFaultless(page);
    await page.goto(site(TOWN, "/desk"));
    await expect(page, "the password alone opens nothing").toHaveURL((url) => url.pathname === "/login");
    await askedForCode(page);
    await answer(page, code(key, 1000));
    await expect(page.locator(".wrongs a")).toHaveText(/^確認コードが合いません。/);
    // The one after the code that set it up: no code is good twice. Full-width figures are figures.
    const next = [...code(key, 1)].map((figure) => String.fromCodePoint(figure.codePointAt(0) + 0xfee0)).join("");
    await answer(page, next);
    await expect(page).toHaveURL((url) => url.pathname === "/account/codes");
  });

  await test.step("a recovery code helps once", async () => {
    await signOut(page);
    await askedForCode(page);
    await answer(page, recovery[0]);
    await expect(page).toHaveURL((url) => url.pathname === "/account/codes");
    await expect(page.locator("main")).toContainText("予備のコードの残り 9個");
    await signOut(page);
    await askedForCode(page);
    await answer(page, recovery[0]);
    await expect(page.locator(".wrongs a")).toHaveText(/^確認コードが合いません。/);
    await answer(page, recovery[1]);
    await expect(page).toHaveURL((url) => url.pathname === "/account/codes");
  });

  await test.step("doing without", async () => {
    await page.getByRole("button", { name: "確認コードをやめる" }).click();
    await expect(page.locator(".said")).toHaveText("確認コードをやめました。");
    await signOut(page);
    await signIn(page, TOWN, WHO);
  });
});
