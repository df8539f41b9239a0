// Nothing from elsewhere and nothing in the console: every request stays with the city's host, the content
// security policy is strict and kept, and a first visit stays light.

import { expect, test } from "@playwright/test";

import { ask } from "../lib/kyodo.mjs";
import { CITIES, CITY } from "../lib/pages.mjs";
import { everyPage, port } from "../lib/visit.mjs";

/** Bytes of a first visit as they come over the wire. */
const HEAVIEST = 100_000;

for (const city of [...CITIES, null]) {
  test(`quiet, at home and light: ${city ?? "the list of cities"}`, async ({ browser }) => {
    await everyPage(browser, city, { prepare: listen }, async (tab, { answer, notes }) => {
      const faults = notes.faults.splice(0);
      const home = new URL(tab.url()).origin;
      const requests = notes.requests.splice(0);
      const abroad = requests.filter((request) => request.startsWith("http") && new URL(request).origin !== home);
      faults.push(...abroad.map((request) => `asks elsewhere: ${request}`));
      const policy = answer.headers()["content-security-policy"] ?? "";
      if (!policy.includes("default-src")) faults.push("no content security policy");
      if (/unsafe-(inline|eval)/.test(policy)) faults.push(`a loose content security policy: ${policy}`);
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

/** Takes down what the page says and asks for. With the cache off, every visit is the first. */
async function listen(tab) {
  const session = await tab.context().newCDPSession(tab);
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  const notes = { faults: [], requests: [] };
  tab.on("console", (message) => {
    if (message.type() !== "error") return;
    // Chromium reports the page itself when its status is 404, which the list of pages expects.
    if (message.text().includes("status of 404") && message.location().url === tab.url()) return;
    notes.faults.push(`console: ${message.text()} (${message.location().url})`);
  });
  tab.on("pageerror", (error) => notes.faults.push(`script: ${error.message}`));
  tab.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText;
    // Going on to the next page ends what the last one still fetched, such as its icon.
    if (reason !== "net::ERR_ABORTED") notes.faults.push(`failed: ${request.url()} ${reason}`);
  });
  tab.on("request", (request) => notes.requests.push(request.url()));
  return notes;
}
