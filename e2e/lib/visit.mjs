// Tests that look at every page of a city: one browser tab, page after page, and one list of faults.

import { expect, test } from "@playwright/test";

import { address } from "./kyodo.mjs";
import { asking, pagesOf } from "./pages.mjs";

const HEIGHT = 900;

/** The port of the demo; the global set-up leaves it here. */
export function port() {
  return Number(process.env.KYODO_E2E_PORT);
}

export const site = (city, path) => address(port(), city, path);

/**
 * Opens every page of a city and collects what `look` finds wrong at each width, so that one run names all
 * faults. `question` is added to each address; what `prepare` answers is handed to `look`.
 */
export async function everyPage(browser, city, { options, question, widths = [1280], prepare }, look) {
  const faults = [];
  const context = await browser.newContext({ locale: "ja-JP", ...options });
  const tab = await context.newPage();
  const notes = await prepare?.(tab);
  for (const page of await pagesOf(port(), city)) {
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
