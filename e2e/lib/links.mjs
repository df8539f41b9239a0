// Reading the links out of a page, without a browser: addresses it leads to, and places that can be led to.

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decoded(text) {
  return text.replace(/&(#x[0-9a-f]+|#\d+|amp|lt|gt|quot|apos);/gi, (whole, name) => {
    if (!name.startsWith("#")) return ENTITIES[name.toLowerCase()] ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return String.fromCodePoint(code);
  });
}

function tags(html) {
  return html.replace(/<!--[\s\S]*?-->/g, "").match(/<[a-z][^\s/>]*(?:"[^"]*"|'[^']*'|[^'">])*>/gi) ?? [];
}

function attribute(tag, name) {
  const match = tag.match(new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, "i"));
  return match ? decoded(match[1] ?? match[2] ?? match[3]) : null;
}

/** Every address that the page fetches or leads to, made absolute. */
export function addressesIn(html, base) {
  const found = new Set();
  for (const tag of tags(html)) {
    const isForm = /^<form/i.test(tag);
    if (isForm && (attribute(tag, "method") ?? "get").toLowerCase() !== "get") continue;
    for (const name of isForm ? ["action"] : ["href", "src"]) {
      const value = attribute(tag, name);
      if (value !== null && URL.canParse(value, base)) found.add(new URL(value, base).href);
    }
  }
  return [...found];
}

/** The names that a fragment can point to. */
export function placesIn(html) {
  return new Set(tags(html).map((tag) => attribute(tag, "id")).filter((id) => id !== null));
}
