// Without JavaScript everything is there and works: pages, search, filters.

import { expect, test } from "@playwright/test";

import { CITIES, CITY } from "../lib/pages.mjs";
import { everyPage, site } from "../lib/visit.mjs";

const options = { javaScriptEnabled: false };

for (const city of [...CITIES, null]) {
  test(`every page speaks without JavaScript: ${city ?? "the list of cities"}`, async ({ browser }) => {
    await everyPage(browser, city, { options }, async (tab) => {
      const faults = [];
      const heads = await tab.locator("h1:visible").count();
      if (heads !== 1) faults.push(`${heads} headings of the first level`);
      const words = (await tab.locator("main").innerText()).trim();
      if (words.length < 20) faults.push(`says only 「${words}」`);
      return faults;
    });
  });
}

test("searching works without JavaScript", async ({ browser }) => {
  const tab = await (await browser.newContext(options)).newPage();
  await tab.goto(site(CITY, "/search"));
  const field = tab.locator('main input[name="q"]');
  await field.fill("協働");
  await field.press("Enter");
  await expect(tab).toHaveURL((url) => url.pathname === "/search" && url.searchParams.get("q") === "協働");
  await expect(tab.locator('main input[name="q"]')).toHaveValue("協働");
  await expect(tab.locator('main a[href^="/plan"]').first()).toBeVisible();
});

test("every filter of the schedule works without JavaScript", async ({ browser }) => {
  const tab = await (await browser.newContext(options)).newPage();
  const path = "/plan/schedule";
  await tab.goto(site(CITY, path));
  const names = await tab.locator("main form select, main form input[type=checkbox]").evaluateAll((controls) => [
    ...new Set(controls.map((control) => control.name)),
  ]);
  expect(names.length, "filters on the schedule").toBeGreaterThan(0);
  for (const name of names) {
    await test.step(name, async () => {
      await tab.goto(site(CITY, path));
      const control = () => tab.locator(`main form [name="${name}"]`).first();
      const value = await choose(control());
      const form = tab.locator("main form", { has: tab.locator(`[name="${name}"]`) });
      await form.locator("button:not([type=button])").first().click();
      await expect(tab).toHaveURL((url) => url.pathname === path && url.searchParams.getAll(name).includes(value));
      // The page comes back with the filter as it was set.
      await expect(tab.locator("h1")).toBeVisible();
      expect(await stateOf(control())).toBe(value);
    });
  }
});

async function choose(control) {
  if ((await control.evaluate((element) => element.localName)) === "select") {
    const value = await control.locator("option").last().getAttribute("value");
    await control.selectOption(value);
    return value;
  }
  await control.check();
  return control.evaluate((element) => element.value);
}

async function stateOf(control) {
  return control.evaluate((element) => (element.type === "checkbox" && !element.checked ? null : element.value));
}
