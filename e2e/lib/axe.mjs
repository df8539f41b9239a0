// What axe and a thumb say of a page, and whether it scrolls sideways: asked of every public page and of every page of the desk.

import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "@playwright/test";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** In CSS pixels; half a pixel is left to rounding. */
const SMALLEST_TARGET = 43.5;

/** What axe finds. */
export async function violations(tab) {
  // Legacy mode does without a second page for each run; there are no frames from elsewhere here.
  const result = await new AxeBuilder({ page: tab }).withTags(RULES).setLegacyMode(true).analyze();
  return result.violations.map(({ id, help, nodes }) => {
    const where = nodes.slice(0, 3).map((node) => `${node.target.join(" ")} (${reason(node)})`);
    return `${id}: ${help}; ${nodes.length} times: ${where.join(" | ")}`;
  });
}

function reason(node) {
  return [...node.any, ...node.all, ...node.none].map((check) => check.message).join(", ");
}

/** What is pressed and is too small for a thumb. */
export async function smallTargets(tab) {
  return tab.evaluate((smallest) => {
    const targets = document.querySelectorAll("button, .button, [role=button], input[type=submit], header nav a");
    return [...targets]
      .filter((target) => target.checkVisibility({ visibilityProperty: true }))
      .map((target) => ({ target, box: target.getBoundingClientRect() }))
      // What is hidden until it has the focus is only a pixel large.
      .filter(({ box }) => box.width > 1 && box.height > 1)
      .filter(({ box }) => box.width < smallest || box.height < smallest)
      .map(({ target, box }) => {
        const size = `${Math.round(box.width)} × ${Math.round(box.height)} px`;
        return `a target below 44 px: ${target.outerHTML.slice(0, 120)} has ${size}`;
      });
  }, SMALLEST_TARGET);
}

/** Whether the page itself scrolls sideways, and because of what. Wide tables scroll in a box of their own. */
export async function sideways(tab) {
  return tab.evaluate(() => {
    const root = document.documentElement;
    const excess = root.scrollWidth - root.clientWidth;
    if (excess <= 0) return [];
    const scrolls = (element) => ["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(element).overflowX);
    const inBox = (element) => {
      for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) {
        if (scrolls(up)) return true;
      }
      return false;
    };
    const culprits = [...document.body.querySelectorAll("*")]
      .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 0.5 && !inBox(element))
      .map((element) => element.outerHTML.slice(0, 100));
    return [`${excess} px too wide: ${culprits.slice(-3).join(" | ")}`];
  });
}

/** For pages that only an action leads to: all of this at the width of a desk and of a phone, where the page stands now. */
export async function expectFaultless(tab) {
  await test.step(`looking at ${new URL(tab.url()).pathname}`, async () => {
    const before = tab.viewportSize();
    const faults = [];
    for (const width of [1280, 390]) {
      await tab.setViewportSize({ width, height: 900 });
      const found = [...(await violations(tab)), ...(await smallTargets(tab)), ...(await sideways(tab))];
      faults.push(...found.map((fault) => `${tab.url()}, ${width} px: ${fault}`));
    }
    await tab.setViewportSize(before);
    expect(faults, faults.join("\n")).toEqual([]);
  });
}
