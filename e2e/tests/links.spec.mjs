// No dead link: everything that can be reached from a city's front page answers, and every fragment points
// at something.

import { expect, test } from "@playwright/test";

import { addressesIn, placesIn } from "../lib/links.mjs";
import { ask } from "../lib/kyodo.mjs";
import { CITIES } from "../lib/pages.mjs";
import { port, site } from "../lib/visit.mjs";

/** Filters multiply: of the addresses that differ only behind the question mark, some are enough. */
const MOST_QUESTIONS = 12;
const MOST_PAGES = 600;
const AT_ONCE = 4;

test("links are read as a browser reads them", () => {
  const html = `<!-- <a href="/no"> --><a class=x href='/a?b=1&amp;c=2#d'>a</a><form action="/s"></form>
    <form method="post" action="/p"></form><svg><a href="#e"></a></svg><img src=/i.png><p id="d" title="a > b"></p>`;
  const base = "http://x.localhost/here";
  expect(addressesIn(html, base)).toEqual([
    "http://x.localhost/a?b=1&c=2#d",
    "http://x.localhost/s",
    "http://x.localhost/here#e",
    "http://x.localhost/i.png",
  ]);
  expect([...placesIn(html)]).toEqual(["d"]);
});

for (const city of [...CITIES, null]) {
  test(`no link is dead: ${city ?? "the list of cities"}`, async () => {
    const { faults, seen } = await crawl(city);
    expect(faults, faults.join("\n")).toEqual([]);
    expect(seen, "pages reached").toBeGreaterThan(city ? 10 : 1);
  });
}

async function crawl(city) {
  const start = new URL(site(city, "/"));
  const seen = new Map([[start.pathname, "the start"]]);
  const questions = new Map();
  const queue = [start.pathname];
  const places = new Map();
  const fragments = [];
  const faults = [];

  const add = (url, from) => {
    if (url.host !== start.host) return;
    const address = url.pathname + url.search;
    if (url.hash.length > 1) fragments.push({ address, place: url.hash.slice(1), from });
    if (seen.has(address) || seen.size >= MOST_PAGES) return;
    if (url.search) {
      const asked = (questions.get(url.pathname) ?? 0) + 1;
      if (asked > MOST_QUESTIONS) return;
      questions.set(url.pathname, asked);
    }
    seen.set(address, from);
    queue.push(address);
  };

  const look = async (address) => {
    const answer = await ask(port(), city, address);
    if (answer.status >= 400) {
      faults.push(`${address} answered ${answer.status}, linked from ${seen.get(address)}`);
      return;
    }
    const base = new URL(address, start);
    if (answer.headers.location) add(new URL(answer.headers.location, base), address);
    if (!answer.headers["content-type"]?.startsWith("text/html")) return;
    places.set(address, placesIn(answer.text));
    for (const found of addressesIn(answer.text, base)) add(new URL(found), address);
  };

  while (queue.length > 0) await Promise.all(queue.splice(0, AT_ONCE).map(look));

  for (const { address, place, from } of fragments) {
    const known = places.get(address);
    if (known && !known.has(place) && !known.has(decodeURIComponent(place))) {
      faults.push(`${from} points at #${place}, which ${address} does not have`);
    }
  }
  return { faults, seen: seen.size };
}
