// Tests that look at every page of a city: one browser tab, page after page, and one list of faults.

import { expect, test } from "@playwright/test";

import { address } from "./kyodo.mjs";
import { asking, pagesOf } from "./pages.mjs";
import { deskPagesOf, signIn } from "./people.mjs";

const HEIGHT = 900;

/** The port of the demo; the global set-up leaves it here. */
export function port() {
  return Number(process.env.KYODO_E2E_PORT);
}

export const site = (city, path) => address(port(), city, path);

/**
 * Opens every public page of a city, or those of somebody at the desk (`who`), and collects what `look` finds wrong at each
 * width, so that one run names all faults. `only` chooses among them, `question` is added to each address; what `prepare`
 * answers is handed to `look`.
 */
export async function everyPage(browser, city, { who, only, options, question, widths = [1280], prepare }, look) {
  const faults = [];
  const context = await browser.newContext({ locale: "ja-JP", ...options });
  const tab = await context.newPage();
  const pages = (who ? await pagesAtTheDesk(tab, city, who) : await pagesOf(port(), city)).filter(only ?? (() => true));
  const notes = await prepare?.(tab);
  for (const page of pages) {
    const path = asking(page.path, question);
    await test.step(`${page.name} ${path}`, async () => {
      await tab.setViewportSize({ width: widths[0], height: HEIGHT });
      const answer = await tab.goto(site(city, path));
      if (answer.status() !== page.status) faults.push(`${path}: answered ${answer.status()}, not ${page.status}`);
      for (const width of widths) {
        if (width !== widths[0]) await tab.setViewportSize({ width, height: HEIGHT });
        const found = await look(tab, { answer, notes });
        faults.push(...found.map((fault) => `${path}, ${width} px: ${fault}`));
      }
    });
  }
  await context.close();
  expect(faults, faults.join("\n")).toEqual([]);
}

async function pagesAtTheDesk(tab, city, who) {
  if (who !== "visitor") await signIn(tab, city, who);
  return deskPagesOf(tab, city, who);
}

/** Takes down what the page says and asks for. With the cache off, every visit is the first. */
export async function listen(tab) {
  const session = await tab.context().newCDPSession(tab);
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  const notes = { faults: [], requests: [] };
  tab.on("console", (message) => {
    if (message.type() !== "error") return;
    // Chromium reports the page itself when its status is an error, which the list of pages expects.
    if (/status of 4\d\d/.test(message.text()) && message.location().url === tab.url()) return;
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

/** What was noted since the last look: faults, requests that went elsewhere, a policy that is loose or not there. */
export function heard(tab, { answer, notes }) {
  const faults = notes.faults.splice(0);
  const home = new URL(tab.url()).origin;
  const abroad = notes.requests.splice(0).filter((one) => one.startsWith("http") && new URL(one).origin !== home);
  faults.push(...abroad.map((request) => `asks elsewhere: ${request}`));
  const policy = answer.headers()["content-security-policy"] ?? "";
  if (!policy.includes("default-src")) faults.push("no content security policy");
  if (/unsafe-(inline|eval)/.test(policy)) faults.push(`a loose content security policy: ${policy}`);
  return faults;
}
