// The desk and one's own account, page by page, as those who work there: the right answer, nothing for axe to find, large
// targets, no scrolling sideways on a phone or at 400 % zoom, a quiet console and the strict policy.

import { expect, test } from "@playwright/test";

import { expectFaultless, sideways, smallTargets, violations } from "../lib/axe.mjs";
import { CITY } from "../lib/pages.mjs";
import { email, fillIn, signIn, WORKERS } from "../lib/people.mjs";
import { everyPage, heard, listen, site } from "../lib/visit.mjs";

const WIDTHS = [1280, 390, 320];
/** Those whose pages are looked at in every variant: one of each kind of page. */
const MAIN_PAGES = ["desk", "a text with its draft", "a preview", "a history"];
const VARIANTS = [
  { name: "in English", question: "lang=en" },
  { name: "in plain Japanese", question: "lang=ja-easy" },
  { name: "with furigana", question: "furigana=on" },
  { name: "in the dark scheme", options: { colorScheme: "dark" } },
];

for (const who of WORKERS) {
  test(`nothing is wrong with the pages of ${who}`, async ({ browser }) => {
    await everyPage(browser, CITY, { who, widths: WIDTHS, prepare: listen }, async (tab, seen) => {
      const faults = [...heard(tab, seen), ...(await sideways(tab))];
      // At 320 px a desk is zoomed to 400 %: only the width is asked about.
      if (tab.viewportSize().width > 320) faults.push(...(await violations(tab)), ...(await smallTargets(tab)));
      return faults;
    });
  });
}

for (const { name, question, options } of VARIANTS) {
  test(`nothing is wrong with the desk ${name}`, async ({ browser }) => {
    const only = (page) => MAIN_PAGES.includes(page.name);
    const look = async (tab) => [...(await violations(tab)), ...(await sideways(tab))];
    await everyPage(browser, CITY, { who: "suishin", only, question, options, widths: [1280, 390] }, look);
  });
}

test("who is refused reads whose work it is, and who can help", async ({ page }) => {
  await signIn(page, CITY, "suishin");
  const answer = await page.goto(site(CITY, "/desk/people/new"));
  expect(answer.status()).toBe(403);
  await expect(page.locator("h1")).toHaveText("この役割では使えません");
  const facts = page.locator("main dl.facts");
  await expect(facts).toContainText("この操作ができる人");
  await expect(facts).toContainText("管理者");
  await expect(facts).toContainText("権限について相談できる人");
  // The administrator is named, as the list of people names them.
  const helper = await facts.locator("dd").last().innerText();
  await page.goto(site(CITY, "/desk/people?role=administrator"));
  await expect(page.locator("table.list tbody")).toContainText(helper);
});

test("a resident is refused without the names of the staff", async ({ page }) => {
  await signIn(page, CITY, "shimin");
  await page.goto(site(CITY, "/desk/people"));
  await expect(page.locator("h1")).toHaveText("この役割では使えません");
  await expect(page.locator("main")).not.toContainText("権限について相談できる人");
});

test("a page of the desk asks visitors to sign in, and leads them there", async ({ page }) => {
  await page.goto(site(CITY, "/desk/plan?state=no-contact"));
  await expect(page).toHaveURL((url) => url.pathname === "/login");
  await fillIn(page, email(CITY, "tanto"));
  await expect(page).toHaveURL((url) => url.pathname === "/desk/plan" && url.searchParams.get("state") === "no-contact");
});

test("a wrong password is answered with a sentence beside the name", async ({ page }) => {
  await page.goto(site(CITY, "/login"));
  await fillIn(page, email(CITY, "center"), "not-the-password");
  await expect(page.locator(".wrongs a")).toHaveText(/^ログインできませんでした。/);
  await expect(page.locator("#name")).toHaveValue(email(CITY, "center"));
  await expect(page.locator("#name")).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("#password")).toHaveValue("");
  await expectFaultless(page);
});
