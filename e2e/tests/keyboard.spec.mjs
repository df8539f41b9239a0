// Everything by keyboard alone: the way past the menu first, every control reached, each with a focus that
// can be seen and is not covered, and Enter does what a click does.

import { expect, test } from "@playwright/test";

import { expectReachable, tabTo } from "../lib/keyboard.mjs";
import { CITY, measureOf } from "../lib/pages.mjs";
import { port, site } from "../lib/visit.mjs";

const PAGES = [
  { name: "front page", path: () => "/", width: 1280 },
  { name: "front page on a phone", path: () => "/", width: 390 },
  { name: "overview", path: () => "/plan", width: 1280 },
  { name: "schedule", path: () => "/plan/schedule", width: 1280 },
  { name: "a measure", path: () => measureOf(port(), CITY), width: 1280 },
  { name: "search", path: () => `/search?q=${encodeURIComponent("協働")}`, width: 1280 },
];

for (const { name, path, width } of PAGES) {
  test(`Tab reaches everything and can be seen: ${name}`, async ({ browser }) => {
    const context = await browser.newContext({ viewport: { width, height: 900 } });
    const page = await context.newPage();
    await page.goto(site(CITY, await path()));
    await expectReachable(page);
    await context.close();
  });
}

test("the first stop leads past the menu", async ({ page }) => {
  await page.goto(site(CITY, "/"));
  await page.keyboard.press("Tab");
  const skip = page.locator(":focus");
  await expect(skip).toBeInViewport();
  const target = await skip.getAttribute("href");
  expect(target).toMatch(/^#./);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL((url) => url.hash === target);
  await page.keyboard.press("Tab");
  const inside = await page.evaluate((id) => document.getElementById(id).contains(document.activeElement), target.slice(1));
  expect(inside, "the next stop lies behind the menu").toBe(true);
});

test("the menu opens a page with Enter", async ({ page }) => {
  await page.goto(site(CITY, "/"));
  await tabTo(page, 'header a[href="/plan"]');
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL((url) => url.pathname === "/plan");
});

test("the search is asked with Enter", async ({ page }) => {
  await page.goto(site(CITY, "/search"));
  await tabTo(page, 'main input[name="q"]');
  await page.keyboard.type("協働");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL((url) => url.searchParams.get("q") === "協働");
});

test("the schedule is filtered with the keyboard", async ({ page }) => {
  await page.goto(site(CITY, "/plan/schedule"));
  const name = await tabTo(page, "main form select");
  await page.keyboard.press("ArrowDown");
  const value = await page.locator(":focus").inputValue();
  expect(value).not.toBe("");
  await tabTo(page, "main form button:not([type=button])");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL((url) => url.searchParams.get(name) === value);
});

test("a download starts with Enter", async ({ page }) => {
  await page.goto(site(CITY, "/plan/schedule"));
  await tabTo(page, 'main a[href*="csv"]');
  const download = page.waitForEvent("download");
  await page.keyboard.press("Enter");
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);
});
