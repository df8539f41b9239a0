// The one list of public pages. A page whose address depends on the city's plan takes its key from the API;
// where the city has nothing of the kind, the page is left out.

import { ask } from "./kyodo.mjs";

export const CITIES = ["shinjo", "yamaguchi", "ichinoseki", "honjo", "kikugawa"];

/** The city in which variants (languages, dark scheme) are looked at. */
export const CITY = "ichinoseki";

const SEARCH = `/search?q=${encodeURIComponent("協働")}`;

const PAGES = [
  { name: "front page", path: () => "/" },
  { name: "overview", path: () => "/plan" },
  { name: "schedule", path: () => "/plan/schedule" },
  { name: "matrix", path: () => "/plan/matrix" },
  { name: "indicators", path: () => "/plan/indicators" },
  { name: "first indicator", path: ({ indicators }) => indicator(indicators[0]) },
  { name: "last indicator", path: ({ indicators }) => indicator(indicators.at(-1)) },
  { name: "first node", path: ({ nodes }) => node(nodes[0]) },
  { name: "middle node", path: ({ nodes }) => node(nodes[Math.floor(nodes.length / 2)]) },
  { name: "last node", path: ({ nodes }) => node(nodes.at(-1)) },
  { name: "repeated node", path: ({ nodes }) => node(nodes.find((one) => one.alias_of)) },
  { name: "yearly report", path: ({ reports }) => reports },
  { name: "two years side by side", path: ({ reports }) => (reports === "/plan/reports/2025" ? `${reports}?with=2026` : null) },
  { name: "versions of the plan", path: () => "/plan/versions" },
  { name: "an earlier plan", path: ({ earlier }) => earlier },
  { name: "a line of an earlier plan", path: ({ earlier }) => earlier && `${earlier}/1` },
  { name: "about", path: () => "/about" },
  { name: "empty search", path: () => "/search" },
  { name: "search", path: () => SEARCH },
  { name: "description of the API", path: () => "/api/docs" },
  { name: "a page that is not there", path: () => "/no-such-page", status: 404 },
];

/** The pages of a city: name, path, and the status they answer with. */
export async function pagesOf(port, city) {
  if (!city) return [{ name: "list of cities", path: "/", status: 200 }];
  const [nodes, indicators, reports, earlier] = await Promise.all([
    items(port, city, "/api/v1/plan/nodes"),
    items(port, city, "/api/v1/plan/indicators"),
    lastYear(port, city),
    lastPlan(port, city),
  ]);
  return PAGES.map((page) => ({ name: page.name, path: page.path({ nodes, indicators, reports, earlier }), status: page.status ?? 200 }))
    .filter((page) => page.path !== null)
    .filter((page, place, all) => all.findIndex((other) => other.path === page.path) === place);
}

/** A measure of the lowest level that is not a repetition. */
export async function measureOf(port, city) {
  const nodes = await items(port, city, "/api/v1/plan/nodes");
  const lowest = Math.max(...nodes.map((one) => one.level));
  return node(nodes.find((one) => one.level === lowest && !one.alias_of));
}

/** The report of the year before the demo's; some cities have none. */
async function lastYear(port, city) {
  const path = "/plan/reports/2025";
  return (await ask(port, city, path)).status === 200 ? path : null;
}

/** The plan before the one that stands; some cities tell of none. */
async function lastPlan(port, city) {
  const { text } = await ask(port, city, "/plan/versions");
  return text.match(/\/plan\/earlier\/[0-9-]+/)?.[0] ?? null;
}

/** The same address with one more question, such as a language. */
export function asking(path, question) {
  if (!question) return path;
  return `${path}${path.includes("?") ? "&" : "?"}${question}`;
}

async function items(port, city, path) {
  const answer = await ask(port, city, `${path}?limit=500`);
  if (answer.status !== 200) throw new Error(`${city}: ${path} answered ${answer.status}`);
  return JSON.parse(answer.text).items;
}

function node(one) {
  return one ? `/plan/nodes/${one.key}` : null;
}

function indicator(one) {
  return one ? `/plan/indicators/${one.key}` : null;
}
