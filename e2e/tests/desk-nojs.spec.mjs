// The desk without JavaScript: everything that can be done there is done with links and buttons.

import { expect, test } from "@playwright/test";

import { CITY } from "../lib/pages.mjs";
import { editionsOf, signIn, signOut, textsOf, WORKERS } from "../lib/people.mjs";
import { everyPage, site } from "../lib/visit.mjs";

test.use({ javaScriptEnabled: false });

/** What these tests write stands here. */
const TOWN = "kikugawa";
const SAVE = { name: "下書きを保存する" };
const PREVIEW = { name: "市民に見える形で確かめる" };
const PUBLISH = { name: "公開する" };

for (const who of WORKERS) {
  test(`every page of ${who} speaks without JavaScript`, async ({ browser }) => {
    await everyPage(browser, CITY, { who, options: { javaScriptEnabled: false } }, async (tab) => {
      const faults = [];
      const heads = await tab.locator("h1:visible").count();
      if (heads !== 1) faults.push(`${heads} headings of the first level`);
      const words = (await tab.locator("main").innerText()).trim();
      if (words.length < 20) faults.push(`says only 「${words}」`);
      return faults;
    });
  });
}

test("a text is written, looked at, published, and put back", async ({ page }) => {
  await signIn(page, TOWN, "tanto");
  const [text] = await textsOf(page, TOWN);
  const before = await editionsOf(page, TOWN, text);
  await page.goto(site(TOWN, text));
  const purpose = page.locator("#purpose");
  const old = await purpose.inputValue();
  const said = page.locator(".said");

  await test.step("saving the draft", async () => {
    await purpose.fill("紙とえんぴつのように書きました。");
    await page.getByRole("button", SAVE).click();
    await expect(said).toHaveText("下書きを保存しました。");
    await expect(purpose).toHaveValue("紙とえんぴつのように書きました。");
    await expect(page.locator("#draft")).toHaveText("下書きの続きです");
    // Nobody else sees it yet.
    expect(await editionsOf(page, TOWN, text)).toEqual(before);
  });
  await test.step("looking at it", async () => {
    await page.goto(site(TOWN, text));
    await purpose.fill("紙とえんぴつで書きました。");
    await page.getByRole("button", PREVIEW).click();
    await expect(page).toHaveURL((url) => url.pathname.endsWith("/preview"));
    await expect(page.locator("#preview")).toHaveText("まだ公開していません");
    await expect(page.locator("main")).toContainText("紙とえんぴつで書きました。");
  });
  await test.step("publishing it", async () => {
    await page.getByRole("button", PUBLISH).click();
    await expect(said).toHaveText("公開しました。市民のページが新しくなりました。");
    await page.reload();
    await expect(said, "it is said once").toHaveCount(0);
    await page.locator('.beside a[href^="/plan/nodes/"]').click();
    await expect(page.locator("main")).toContainText("紙とえんぴつで書きました。");
  });
  await test.step("putting the older text back", async () => {
    expect(await editionsOf(page, TOWN, text)).toHaveLength(before.length + 1);
    await expect(page.locator(".diff ins").first()).toContainText("紙とえんぴつで書きました。");
    await page.locator(".history form button").first().click();
    await expect(said).toHaveText("前の版の文章に戻しました。");
    await page.goto(site(TOWN, text));
    await expect(purpose).toHaveValue(old);
    // What was undone stays in the history.
    expect(await editionsOf(page, TOWN, text)).toHaveLength(before.length + 2);
  });
});

test("a draft is thrown away", async ({ page }) => {
  await signIn(page, TOWN, "tanto");
  const [, text] = await textsOf(page, TOWN);
  await page.goto(site(TOWN, text));
  const old = await page.locator("#purpose").inputValue();
  await page.locator("#purpose").fill("捨てる文章です。");
  await page.getByRole("button", SAVE).click();
  await page.getByRole("button", { name: "下書きを捨てる" }).click();
  await expect(page.locator(".said")).toHaveText("下書きを捨てました。");
  await expect(page.locator("#purpose")).toHaveValue(old);
});

test("publishing twice at once happens once", async ({ page }) => {
  await signIn(page, TOWN, "tanto");
  const [, , text] = await textsOf(page, TOWN);
  const before = await editionsOf(page, TOWN, text);
  await page.goto(site(TOWN, text));
  await page.locator("#purpose").fill("二度押しても一度だけです。");
  await page.getByRole("button", PUBLISH).dblclick();
  await expect(page.locator(".standing")).toContainText("版を公開しています");
  expect(await editionsOf(page, TOWN, text)).toHaveLength(before.length + 1);
});

test("the list of people is filtered", async ({ page }) => {
  await signIn(page, TOWN, "kanri");
  await page.goto(site(TOWN, "/desk/people"));
  const rows = page.locator("table.list tbody tr");
  const all = await rows.count();
  await page.locator("#role").selectOption("reporter");
  await page.locator("form.filter button").click();
  await expect(page).toHaveURL((url) => url.searchParams.get("role") === "reporter");
  await expect(page.locator("#role")).toHaveValue("reporter");
  const few = await rows.count();
  expect(few).toBeGreaterThan(0);
  expect(few).toBeLessThan(all);
  for (const duties of await rows.locator("td").first().allInnerTexts()) expect(duties).toContain("協働推進員");
  const name = (await rows.first().locator("th a").innerText()).split(" ")[0];
  await page.locator("#q").fill(name);
  await page.locator("form.filter button").click();
  await expect(rows.first()).toContainText(name);
});

test("who signs out is out", async ({ page }) => {
  await signIn(page, TOWN, "iin");
  await signOut(page);
  await expect(page.locator(".said")).toHaveText("ログアウトしました。");
  await page.goto(site(TOWN, "/desk"));
  await expect(page).toHaveURL((url) => url.pathname === "/login");
});

test("passkeys say that they need JavaScript, and show no button that does nothing", async ({ page }) => {
  await page.goto(site(TOWN, "/login"));
  await expect(page.locator("noscript p")).toBeVisible();
  await expect(page.locator("button[data-passkey]")).toBeHidden();
});
