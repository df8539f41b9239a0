// The demo's people, how they sign in, and the one list of the pages they work on. A page whose address depends on what
// the city holds is found by its link on another page.

import { expect } from "@playwright/test";

import { address } from "./kyodo.mjs";

/** The password of all accounts, as the demo prints it. */
export const PASSWORD = "mihon-no-tobira-2026";

export const email = (city, who) => `${who}@${city}.example`;

/** Who stands for which role. */
export const PEOPLE = {
  kanri: "administrator",
  tanto: "coordinator",
  suishin: "reporter",
  suishin2: "reporter of another department",
  dairi: "somebody who stands in for the reporter",
  shozokucho: "head of the reporter's department",
  iin: "member of the committee",
  center: "staff of the centre",
  kansa: "auditor",
  shimin: "resident",
};

/** Signs somebody in through the page. Without `to` they come to their desk, or to their account. */
export async function signIn(page, city, who, { to, password = PASSWORD, at = Number(process.env.KYODO_E2E_PORT) } = {}) {
  await page.goto(address(at, city, to ? `/login?to=${encodeURIComponent(to)}` : "/login"));
  await fillIn(page, email(city, who), password);
  const there = to ? [to] : ["/desk", "/account"];
  await expect(page).toHaveURL((url) => there.includes(url.pathname + url.search));
}

/** Fills in the page to sign in, wherever it leads. */
export async function fillIn(page, name, password = PASSWORD) {
  await page.locator("#name").fill(name);
  await page.locator("#password").fill(password);
  await page.locator('main form[action="/login"] button').click();
}

/** Signs out with the button of the desk; this leads to the front page. */
export async function signOut(page) {
  await page.locator('.desk-who form[action="/logout"] button').click();
  await expect(page).toHaveURL((url) => url.pathname === "/");
}

/** The items of this year's round that wait for whoever looks, and all of them. */
const ROUND = "/desk/plan/rounds/2026";
const ITEM = ".act a[href^='/desk/plan/rounds/']";

/** What the committee works through this year. */
const EVALUATION = "/desk/plan/evaluations/2026";

/** The review of the plan midway. */
const REVISION = "/desk/plan/revisions/2027";
const PROPOSAL = ".act a[href^='/desk/plan/revisions/']";

const WRITING = ".act a[href^='/desk/plan/nodes/']";

/** The pages of the desk and of one's own account, by who looks at them; a visitor has nobody's name. */
const PAGES = {
  visitor: [
    { name: "sign in", path: "/login" },
    { name: "sign in on the way to a page", path: "/login?to=%2Fdesk%2Fplan" },
    { name: "forgotten password", path: "/reset" },
    { name: "an invitation that is over", path: "/invitation/0123", status: 410 },
    { name: "a partner's link that does not open", path: "/plan/partners/0123", status: 404 },
    { name: "a comment on a measure", path: "/plan/nodes/1-1-1/voice?year=2025" },
    { name: "a comment on a year", path: "/plan/reports/2025/voice" },
    { name: "comments that are not asked for", path: "/plan/reports/2024/voice", status: 410 },
    { name: "a subscription that is not there", path: "/subscriptions/0123", status: 410 },
    { name: "seals", path: "/seals" },
  ],
  kanri: [
    { name: "desk", path: "/desk" },
    { name: "plan", path: "/desk/plan" },
    { name: "a text to look at", from: "/desk/plan", link: WRITING },
    { name: "people", path: "/desk/people" },
    { name: "reporters", path: "/desk/people?role=reporter" },
    { name: "nobody found", path: "/desk/people?q=zzzz" },
    { name: "somebody new", path: "/desk/people/new" },
    { name: "somebody", from: "/desk/people?role=reporter", link: "table.list th a" },
    { name: "a duty to give", from: "/desk/people?role=reporter", link: "table.list th a", then: "a[href$='/duties']" },
    { name: "a duty to end", from: "/desk/people?role=reporter", link: "table.list th a", then: "a[href*='/endings?']" },
    { name: "a deputy", from: "/desk/people?role=head", link: "table.list th a", then: "a[href*='/deputies?']" },
    { name: "an account to close", from: "/desk/people?role=reporter", link: "table.list th a", then: "a[href$='/closure']" },
    { name: "handover", path: "/desk/people/handover" },
    { name: "trail", path: "/desk/audit" },
    { name: "looks in the trail", path: "/desk/audit?what=account.looked" },
    { name: "a question nobody can answer", path: "/desk/audit?from=%E3%81%82&who=zzzz" },
    { name: "jobs", path: "/desk/jobs" },
    { name: "a job that failed", from: "/desk/jobs", link: "table.list th a" },
    { name: "addresses that do not work", path: "/desk/jobs/addresses" },
    { name: "the last administrator", path: "/account/closing" },
  ],
  tanto: [
    { name: "desk", path: "/desk" },
    { name: "plan", path: "/desk/plan?state=no-contact" },
    { name: "a text", from: "/desk/plan", link: WRITING },
    { name: "people", path: "/desk/people" },
    { name: "jobs", path: "/desk/jobs" },
    { name: "rounds", path: "/desk/plan/rounds" },
    { name: "this year's round", path: ROUND },
    { name: "last year's round", path: "/desk/plan/rounds/2025" },
    { name: "days of the round", path: `${ROUND}/days` },
    { name: "a report to agree to", from: `${ROUND}?stage=mine`, link: ITEM },
    { name: "a correction", from: "/desk/plan/rounds/2025", link: ITEM, beside: "/correction" },
    { name: "workbooks of the round", path: `${ROUND}/workbooks` },
    { name: "adopting a report", path: "/desk/plan/rounds/2025/adoption" },
    { name: "evaluations", path: "/desk/plan/evaluations" },
    { name: "this year's evaluation", path: EVALUATION },
    { name: "what the meeting says", from: EVALUATION, link: "table.list .act a" },
    { name: "days of the evaluation", path: `${EVALUATION}/days` },
    { name: "opinions and answers", path: "/desk/plan/opinions" },
    { name: "an opinion", from: "/desk/plan/opinions", link: "table.list .act a" },
    { name: "a withdrawal", from: "/desk/plan/opinions", link: "table.list .act a", beside: "/withdrawal" },
    { name: "beginning a revision", path: "/desk/plan/draft" },
    { name: "earlier plans", path: "/desk/plan/earlier" },
    { name: "writing an earlier plan down", path: "/desk/plan/earlier/new" },
    { name: "reviews of the plan", path: "/desk/plan/revisions" },
    { name: "a review of the plan", path: REVISION },
    { name: "days of the review", path: `${REVISION}/days` },
    { name: "a proposal to decide on", from: `${REVISION}?stage=handed-in&verdict=change`, link: PROPOSAL },
    { name: "indicators", path: "/desk/plan/indicators" },
    { name: "an indicator", from: "/desk/plan/indicators", link: ".act a" },
    { name: "records behind a figure", path: "/desk/plan/indicators/web-access/records" },
    { name: "people of the city", path: "/desk/plan/population" },
    { name: "a plan to bring in", path: "/desk/plan/import" },
    { name: "partners", path: "/desk/plan/partners/2026" },
    { name: "asking a partner", path: "/desk/plan/partners/2026/new" },
    { name: "a partner who has answered", path: "/desk/plan/partners/2026/1" },
    { name: "residents' comments", path: "/desk/plan/voices/2025?stage=all" },
    { name: "a resident's comment", path: "/desk/plan/voices/2025/4" },
    { name: "asking residents", path: "/desk/plan/voices/2025/call" },
    { name: "not the coordinator's", path: "/desk/people/new", status: 403 },
  ],
  suishin: [
    { name: "desk", path: "/desk" },
    { name: "what becomes of an item", from: `${REVISION}?stage=mine`, link: PROPOSAL },
    { name: "plan", path: "/desk/plan" },
    { name: "nothing to list", path: "/desk/plan?q=zzzz" },
    { name: "a text with its draft", from: "/desk/plan?state=draft", link: WRITING },
    { name: "a preview", from: "/desk/plan?state=draft", link: WRITING, beside: "/preview" },
    { name: "a history", from: "/desk/plan?state=edited", link: WRITING, beside: "/texts" },
    { name: "round", path: ROUND },
    { name: "a report to write", from: `${ROUND}?stage=returned`, link: ITEM },
    { name: "a report as residents will see it", from: `${ROUND}?stage=returned`, link: ITEM, beside: "/preview" },
    { name: "a report of last year", from: "/desk/plan/rounds/2025", link: ITEM },
    { name: "not the reporter's", path: "/desk/audit", status: 403 },
  ],
  dairi: [{ name: "desk", path: "/desk" }],
  shozokucho: [
    { name: "desk", path: "/desk" },
    { name: "a report to agree to", from: `${ROUND}?stage=mine`, link: ITEM },
    { name: "a text", from: "/desk/plan", link: WRITING },
  ],
  iin: [
    { name: "desk", path: "/desk" },
    { name: "round", path: ROUND },
    { name: "evaluation", path: EVALUATION },
    { name: "an item to evaluate", from: EVALUATION, link: "table.list .act a" },
    { name: "plan", path: "/desk/plan" },
    { name: "own letters", path: "/account/mail" },
  ],
  center: [
    { name: "desk", path: "/desk" },
    { name: "a text to look at", from: "/desk/plan", link: WRITING },
  ],
  kansa: [
    { name: "desk", path: "/desk" },
    { name: "people", path: "/desk/people" },
    { name: "somebody", from: "/desk/people", link: "table.list th a" },
    { name: "trail", path: "/desk/audit" },
    { name: "jobs", path: "/desk/jobs" },
  ],
  shimin: [
    { name: "account", path: "/account" },
    { name: "password", path: "/account/password" },
    { name: "codes", path: "/account/codes" },
    { name: "passkeys", path: "/account/passkeys" },
    { name: "sessions", path: "/account/sessions" },
    { name: "looks", path: "/account/looks" },
    { name: "letters", path: "/account/mail" },
    { name: "address", path: "/account/address" },
    { name: "closing", path: "/account/closing" },
    { name: "not a resident's", path: "/desk/people", status: 403 },
  ],
};

/** Everybody with pages of their own. */
export const WORKERS = Object.keys(PAGES);

/** The pages of somebody: name, path, status. Who asks is signed in on this page. */
export async function deskPagesOf(page, city, who, at = Number(process.env.KYODO_E2E_PORT)) {
  const found = [];
  for (const { name, path, status = 200, ...way } of PAGES[who]) {
    found.push({ name, path: path ?? (await follow(page, city, way, at)), status });
  }
  return found;
}

async function follow(page, city, { from, link, then, beside = "" }, at) {
  let path = from;
  for (const selector of [link, then].filter(Boolean)) {
    await page.goto(address(at, city, path));
    path = await page.locator(`main ${selector}`).first().getAttribute("href");
  }
  return `${path}${beside}`;
}

/** Where the measures stand that somebody writes the text of, their own department's first. The page has them listed. */
export async function textsOf(page, city, at = Number(process.env.KYODO_E2E_PORT)) {
  await page.goto(address(at, city, "/desk/plan"));
  const links = page.locator(`main ${WRITING}`).filter({ hasText: /^書く/ });
  return links.evaluateAll((all) => all.map((link) => link.getAttribute("href")));
}

/** How many texts of a measure were ever public: the numbers of its history, newest first. */
export async function editionsOf(page, city, text, at = Number(process.env.KYODO_E2E_PORT)) {
  await page.goto(address(at, city, `${text}/texts`));
  return page.locator(".history > li > h2").allInnerTexts();
}
