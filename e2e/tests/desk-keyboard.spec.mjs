// The desk by keyboard alone: signing in, writing a text, looking at it, publishing it, and mending what is wrong.

import { expect, test } from "@playwright/test";

import { expectFaultless } from "../lib/axe.mjs";
import { expectReachable, tabTo } from "../lib/keyboard.mjs";
import { CITY } from "../lib/pages.mjs";
import { deskPagesOf, email, PASSWORD, signIn, textsOf } from "../lib/people.mjs";
import { site } from "../lib/visit.mjs";

/** What these tests write stands here. */
const TOWN = "shinjo";
const SAVE = 'main .sendbar button[formaction$="/draft"]:not([name])';
const PREVIEW = 'main .sendbar button[name="then"]';
const PUBLISH = 'main form[action$="/publication"] button:not([formaction])';

test("a text is written and published with the keyboard", async ({ page }) => {
  await test.step("signing in", async () => {
    await page.goto(site(TOWN, "/login"));
    await tabTo(page, "#name");
    await page.keyboard.type(email(TOWN, "tanto"));
    await tabTo(page, "#password");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL((url) => url.pathname === "/desk");
  });
  await test.step("going to a text", async () => {
    await tabTo(page, '.desk-nav a[href="/desk/plan"]');
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL((url) => url.pathname === "/desk/plan");
    await tabTo(page, "main .act a");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL((url) => url.pathname.startsWith("/desk/plan/nodes/"));
  });
  const home = page.url();
  await test.step("saving the draft", async () => {
    await tabTo(page, "#purpose");
    await page.keyboard.press("Control+End");
    await page.keyboard.type("鍵盤だけで書きました。");
    await tabTo(page, SAVE);
    await page.keyboard.press("Enter");
    await expect(page.locator(".said")).toHaveText("下書きを保存しました。");
    await expect(page.locator("#purpose")).toHaveValue(/鍵盤だけで書きました。$/);
  });
  await test.step("looking at it", async () => {
    await tabTo(page, PREVIEW);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL((url) => url.pathname.endsWith("/preview"));
    await expect(page.locator("main")).toContainText("鍵盤だけで書きました。");
  });
  await test.step("publishing it", async () => {
    await tabTo(page, PUBLISH);
    await page.keyboard.press("Enter");
    await expect(page.locator(".said")).toHaveText("公開しました。市民のページが新しくなりました。");
    await expect(page).toHaveURL(home);
    await tabTo(page, 'main .beside a[href^="/plan/nodes/"]');
    await page.keyboard.press("Enter");
    await expect(page.locator("main")).toContainText("鍵盤だけで書きました。");
  });
});

test("what is wrong is led to from the summary", async ({ page }) => {
  await signIn(page, TOWN, "tanto");
  const [, text] = await textsOf(page, TOWN);
  await page.goto(site(TOWN, text));
  for (const field of ["#purpose", "#text"]) {
    await tabTo(page, field);
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Delete");
  }
  await tabTo(page, "#phone");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("電話番号");
  await tabTo(page, PUBLISH);
  await page.keyboard.press("Enter");
  await expect(page.locator("#wrongs")).toHaveText("2か所を直してください");
  await expectFaultless(page);
  const faults = page.locator(".wrongs a");
  for (let at = 0; at < 2; at += 1) {
    const target = await faults.nth(at).getAttribute("href");
    await tabTo(page, `.wrongs a[href="${target}"]`);
    await page.keyboard.press("Enter");
    // The field has the focus, says that it is wrong, and why.
    const field = page.locator(":focus");
    await expect(field).toHaveAttribute("id", target.slice(1));
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveAccessibleDescription(new RegExp(await faults.nth(at).innerText()));
    await page.evaluate(() => document.activeElement.blur());
    await page.goto(page.url().replace(/#.*/, "#main"));
  }
});

test("the first stop of the desk leads past both menus", async ({ page }) => {
  await signIn(page, CITY, "suishin");
  await page.keyboard.press("Tab");
  await expect(page.locator(":focus")).toBeInViewport();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.querySelector("main").contains(document.activeElement))).toBe(true);
});

const PLACES = [
  { name: "sign in", who: "visitor", width: 1280 },
  { name: "desk", who: "suishin", width: 1280 },
  { name: "desk", who: "suishin", width: 390 },
  { name: "a text with its draft", who: "suishin", width: 1280 },
  { name: "a text with its draft", who: "suishin", width: 390 },
  { name: "people", who: "kanri", width: 1280 },
  { name: "somebody new", who: "kanri", width: 390 },
  { name: "trail", who: "kanri", width: 1280 },
  { name: "passkeys", who: "shimin", width: 390 },
];

for (const { name, who, width } of PLACES) {
  test(`Tab reaches everything and can be seen: ${name}, ${width} px`, async ({ browser }) => {
    const context = await browser.newContext({ viewport: { width, height: 900 } });
    const page = await context.newPage();
    if (who !== "visitor") await signIn(page, CITY, who);
    const { path } = (await deskPagesOf(page, CITY, who)).find((one) => one.name === name);
    await page.goto(site(CITY, path));
    await expectReachable(page);
    await context.close();
  });
}
