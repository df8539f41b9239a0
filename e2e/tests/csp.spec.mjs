// Nothing from elsewhere and nothing in the console: every request stays with the city's host, the content
// security policy is strict and kept, and a first visit stays light.

import { expect, test } from "@playwright/test";

import { ask } from "../lib/kyodo.mjs";
import { CITIES, CITY } from "../lib/pages.mjs";
import { everyPage, heard, listen, port } from "../lib/visit.mjs";

/** Bytes of a first visit as they come over the wire. */
const HEAVIEST = 100_000;

for (const city of [...CITIES, null]) {
  test(`quiet, at home and light: ${city ?? "the list of cities"}`, async ({ browser }) => {
    await everyPage(browser, city, { prepare: listen }, async (tab, { answer, notes }) => {
      const faults = heard(tab, { answer, notes });
      const weight = await tab.evaluate(() =>
        [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].reduce(
          (sum, entry) => sum + entry.encodedBodySize,
          0,
        ),
      );
      if (weight > HEAVIEST) faults.push(`weighs ${weight} bytes`);
      if (weight === 0) faults.push("its weight could not be taken");
      return faults;
    });
  });
}

test("a page that is not there says so, and keeps the policy", async () => {
  const answer = await ask(port(), CITY, "/no-such-page");
  expect(answer.status).toBe(404);
  expect(answer.headers["content-security-policy"]).toContain("default-src");
});
