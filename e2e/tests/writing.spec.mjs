// Nothing that is written is lost: drafts that keep themselves, two people in one text, a session that is over, a button
// pressed twice, and the way back.

import { expect, test } from "@playwright/test";

import { expectFaultless } from "../lib/axe.mjs";
import { editionsOf, email, fillIn, signIn, textsOf } from "../lib/people.mjs";
import { site } from "../lib/visit.mjs";

/** What these tests write stands here. Each writes a text of its own. */
const TOWN = "yamaguchi";
const PUBLISH = 'form[data-autosave] button:not([formaction])';
const PUBLISHED = "公開しました。市民のページが新しくなりました。";

/** Opens a text, the `at`th that somebody may write; where it stands. */
async function open(page, who, at) {
  await signIn(page, TOWN, who);
  const text = (await textsOf(page, TOWN))[at];
  await page.goto(site(TOWN, text));
  return text;
}

/** The same text in another browser. */
async function other(browser, who, text) {
  const page = await (await browser.newContext({ locale: "ja-JP" })).newPage();
  await signIn(page, TOWN, who, { to: text });
  return page;
}

test("what is typed keeps itself", async ({ page }) => {
  await open(page, "tanto", 0);
  await expect(page.locator("#saved")).toHaveText("");
  await page.locator("#purpose").pressSequentially("ひとりでに残る文章です。");
  await expect(page.locator("#saved")).toHaveText(/^下書きを保存しました/, { timeout: 10_000 });
  await page.reload();
  await expect(page.locator("#purpose")).toHaveValue(/ひとりでに残る文章です。/);
  await expect(page.locator("#draft")).toHaveText("下書きの続きです");
  await page.goto(site(TOWN, "/desk"));
  await expect(page.locator(".waits")).toContainText("書きかけています");
});

test("while the connection is away the page says so, and saves when it is back", async ({ page }) => {
  await page.clock.install();
  await open(page, "tanto", 1);
  const saved = page.locator("#saved");
  await page.context().setOffline(true);
  await page.locator("#purpose").fill("つながらないあいだの文章です。");
  await page.clock.fastForward(2_500);
  await expect(saved).toHaveText("下書きを保存できません。つながったら、もう一度保存します。");
  await expect(saved).toHaveAttribute("data-failed", "");
  await page.context().setOffline(false);
  await page.clock.fastForward(10_500);
  await expect(saved).toHaveText(/^下書きを保存しました/);
  await page.reload();
  await expect(page.locator("#purpose")).toHaveValue("つながらないあいだの文章です。");
});

test("leaving the page saves at once", async ({ page }) => {
  const text = await open(page, "tanto", 2);
  await page.locator("#purpose").fill("すぐに離れた文章です。");
  await page.goto(site(TOWN, "/desk"));
  // It is sent while the next page is already asked for.
  await expect(async () => {
    await page.goto(site(TOWN, text));
    await expect(page.locator("#purpose")).toHaveValue("すぐに離れた文章です。", { timeout: 100 });
  }).toPass({ timeout: 10_000 });
});

test("the second of two people sees both texts, and nothing is lost", async ({ browser, page }) => {
  const text = await open(page, "suishin", 2);
  const before = await editionsOf(page, TOWN, text);
  const reporter = page;
  await reporter.goto(site(TOWN, text));
  const head = await other(browser, "shozokucho", text);
  await head.locator("#purpose").fill("所属長が書いた文章です。");
  await reporter.locator("#purpose").fill("推進員が書いた文章です。");
  await expect(head.locator("#saved")).toHaveText(/^下書きを保存しました/, { timeout: 10_000 });
  await reporter.reload();
  await expect(reporter.locator(".standing"), "each sees that the other writes").toContainText("さんも書いています");
  await reporter.locator("#purpose").fill("推進員が書いた文章です。");

  await head.locator(PUBLISH).click();
  await expect(head.locator(".said")).toHaveText(PUBLISHED);
  await reporter.locator(PUBLISH).click();
  await expect(reporter.locator("h1")).toHaveText("さきに公開されています");
  await expect(reporter.locator("table.both tr.differs")).toContainText("推進員が書いた文章です。");
  await expect(reporter.locator("table.both tr.differs")).toContainText("所属長が書いた文章です。");
  await expectFaultless(reporter);
  expect(await editionsOf(head, TOWN, text), "only the head's text was published").toHaveLength(before.length + 1);

  await reporter.locator('input[name="take"][value="both"]').check();
  await reporter.getByRole("button", { name: "決める" }).click();
  await expect(reporter.locator("#purpose")).toHaveValue("推進員が書いた文章です。");
  await expect(reporter.locator(".beside")).toContainText("所属長が書いた文章です。");
  await reporter.locator("#purpose").fill("所属長と推進員が書いた文章です。");
  await reporter.locator(PUBLISH).click();
  await expect(reporter.locator(".said")).toHaveText(PUBLISHED);
  expect(await editionsOf(head, TOWN, text)).toHaveLength(before.length + 2);
  await expect(head.locator(".history")).toContainText("所属長");
  await head.goto(site(TOWN, "/desk"));
  await expect(head.locator(".notices"), "the colleague is told").toContainText("公開");
  await head.context().close();
});

test("a session that is ended elsewhere loses nothing", async ({ browser, page }) => {
  const text = await open(page, "suishin2", 0);
  const elsewhere = await other(browser, "suishin2", "/account/sessions");
  // The draft cannot keep itself any more: what is sent is all there is.
  await page.route("**/draft", (route) => route.abort());
  await page.locator("#purpose").fill("時間が切れる前に書いた文章です。");
  await elsewhere.locator('button[name="others"]').click();
  await expect(elsewhere.locator(".said")).toHaveText("ほかの端末をすべて止めました。");

  await page.locator(PUBLISH).click();
  await expect(page.locator("h1")).toHaveText("ログインの時間が切れました");
  await expect(page.locator("main")).toContainText("入力した内容は、とってあります。");
  await expectFaultless(page);
  await page.getByRole("link", { name: "ログインして続ける" }).click();
  await fillIn(page, email(TOWN, "suishin2"));
  await expect(page).toHaveURL((url) => url.pathname.startsWith("/desk/unsent/"));
  await expect(page.locator("dl.answers")).toContainText("時間が切れる前に書いた文章です。");
  await expectFaultless(page);
  await page.getByRole("button", { name: "この内容を送る" }).click();
  await expect(page.locator(".said")).toHaveText(PUBLISHED);
  await page.goto(site(TOWN, text));
  await expect(page.locator("#purpose")).toHaveValue("時間が切れる前に書いた文章です。");
  await page.goto(site(TOWN, "/desk"));
  await expect(page.locator("#unsent"), "what was sent is kept no longer").toHaveCount(0);
  await elsewhere.context().close();
});

test("a browser that forgot who it was keeps what is sent on the answer", async ({ page, context }) => {
  await open(page, "dairi", 3);
  await page.locator("#purpose").fill("忘れられても残る文章です。");
  await context.clearCookies({ name: "kyodo_session" });
  await page.locator(PUBLISH).click();
  await expect(page.locator("main")).toContainText("まだ送られていません");
  await expectFaultless(page);
  const signInElsewhere = context.waitForEvent("page");
  await page.getByRole("link", { name: "新しい画面でログインする" }).click();
  const elsewhere = await signInElsewhere;
  await fillIn(elsewhere, email(TOWN, "dairi"));
  await expect(elsewhere).toHaveURL((url) => url.pathname === "/desk");
  await elsewhere.close();
  await page.getByRole("button", { name: "もう一度送る" }).click();
  await expect(page.locator(".said")).toHaveText(PUBLISHED);
  await expect(page.locator("#purpose")).toHaveValue("忘れられても残る文章です。");
});

test("publishing with two quick presses happens once, and the way back sends nothing again", async ({ page }) => {
  const text = await open(page, "suishin", 4);
  const before = await editionsOf(page, TOWN, text);
  await page.goto(site(TOWN, text));
  await page.locator("#purpose").fill("二度押しても一度だけです。");
  await page.locator(PUBLISH).dblclick();
  await expect(page.locator(".said")).toHaveText(PUBLISHED);
  expect(await editionsOf(page, TOWN, text)).toHaveLength(before.length + 1);

  await page.goto(site(TOWN, text));
  await page.locator("#purpose").fill("戻っても一度だけです。");
  await page.locator(PUBLISH).click();
  await expect(page.locator(".said")).toHaveText(PUBLISHED);
  await page.goBack();
  await expect(page.locator("#purpose")).toHaveValue("戻っても一度だけです。");
  await expect(page.locator(PUBLISH), "the button works again").toBeEnabled();
  await page.locator(PUBLISH).click();
  await expect(page.locator("h1")).toBeVisible();
  await expect(page.locator("#purpose")).toHaveValue("戻っても一度だけです。");
  expect(await editionsOf(page, TOWN, text), "the same text is no new version").toHaveLength(before.length + 2);
});
