// Letters, through a real mail server: an invitation, a new password, a new address; and a mail server that is away for a
// while. The Kyodo of these tests is their own.

import { expect, test } from "@playwright/test";

import { expectFaultless } from "../lib/axe.mjs";
import { address, freePort, freshFolder, start } from "../lib/kyodo.mjs";
import { email, fillIn, signIn } from "../lib/people.mjs";
import { startPost } from "../lib/smtp.mjs";

// One Kyodo and one mail server for all of them.
test.describe.configure({ mode: "default" });

const FROM = "kyodo@example.jp";
const PASSWORD = "あさひの坂道を毎朝のぼる";

let post;
let kyodo;

test.beforeAll(async () => {
  post = await startPost();
  kyodo = await start({ words: ["--mail", post.address, "--mail-from", FROM] });
});

test.afterAll(async () => {
  await kyodo?.stop();
  await post?.stop();
});

/** The link of a kind that a letter carries: the same in its text and behind its words in HTML. */
function linkIn({ message }, kind) {
  const [link] = message.text.match(new RegExp(`http://\\S+/${kind}/[0-9a-f]+`)) ?? [];
  expect(link, message.text).toBeTruthy();
  expect(message.html).toContain(`<a href="${link}">`);
  return link;
}

async function invite(page, at, city, { name, to }) {
  await signIn(page, city, "kanri", { to: "/desk/people/new", at });
  await page.locator("#name").fill(name);
  await page.locator("#email").fill(to);
  await page.locator("#role").selectOption("coordinator");
  await page.getByRole("button", { name: "招待のメールを送る" }).click();
  await expect(page.locator(".said")).toHaveText("招待のメールを送りました。");
}

async function choosePassword(page) {
  await page.locator("#password").fill(PASSWORD);
  await page.getByRole("button", { name: "決める" }).click();
  await expect(page.locator(".said")).toHaveText("パスワードを決めました。ログインしてください。");
}

test("somebody is invited by a letter, chooses a password, and comes to their desk", async ({ page, browser }) => {
  const city = "honjo";
  await invite(page, kyodo.port, city, { name: "髙橋 花", to: "hana@example.org" });
  await expect(page.locator("h1")).toContainText("髙橋 花");
  const letter = await post.letterTo("hana@example.org");
  const { message } = letter;

  await test.step("the letter is one that every mail program understands", async () => {
    expect(letter.from).toBe(FROM);
    expect(message.subject).toMatch(/への招待$/);
    expect(message.from.value).toEqual([{ address: FROM, name: "本庄市" }]);
    expect(message.to.value).toEqual([{ address: "hana@example.org", name: "髙橋 花" }]);
    expect(message.text).toMatch(/^髙橋 花 さま/);
    expect(message.messageId).toMatch(/^<[^@\s]+@example\.jp>$/);
    expect(message.date).toBeInstanceOf(Date);
    expect(message.headers.get("auto-submitted")).toBe("auto-generated");
    expect(message.headers.get("content-type").value).toBe("multipart/alternative");
    // In the letter itself nothing but ASCII stands in a header, and no line is too long.
    for (const { line } of message.headerLines) expect(line).toMatch(/^[\x20-\x7e\r\n\t]*$/);
    expect(message.html).toContain('<html lang="ja">');
    expect(message.html).not.toMatch(/<(img|script|link|style)/);
  });

  const link = linkIn(letter, "invitation");
  expect(new URL(link).host, "the link leads to this Kyodo").toBe(`${city}.localhost:${kyodo.port}`);
  const guest = await (await browser.newContext({ locale: "ja-JP" })).newPage();
  await guest.goto(link);
  await expect(guest.locator("h1")).toContainText("ようこそ");
  await expect(guest.locator("main")).toContainText("髙橋 花さんのアカウントです。");
  await expectFaultless(guest);
  await guest.locator("#password").fill("hana@example.org");
  await guest.getByRole("button", { name: "決める" }).click();
  await expect(guest.locator(".wrongs a").first()).toBeVisible();
  await choosePassword(guest);
  await fillIn(guest, "hana@example.org", PASSWORD);
  // A demo does not ask its people for more; elsewhere staff set up a second proof here.
  await expect(guest).toHaveURL((url) => ["/desk", "/account/codes"].includes(url.pathname));
  const answer = await guest.goto(link);
  expect(answer.status(), "the link is good once").toBe(410);
  await guest.context().close();
});

test("a forgotten password is set anew by a letter", async ({ page }) => {
  const [city, who] = ["shinjo", "shimin"];
  await page.goto(address(kyodo.port, city, "/login"));
  await page.getByRole("link", { name: "パスワードを忘れたとき" }).click();
  await page.locator("#email").fill("nobody@example.org");
  await page.getByRole("button", { name: "リンクを送る" }).click();
  const toNobody = await page.locator("main").innerText();
  await page.goto(address(kyodo.port, city, "/reset"));
  await page.locator("#email").fill(email(city, who));
  await page.getByRole("button", { name: "リンクを送る" }).click();
  await expect(page.locator("h1")).toHaveText("メールを確かめてください");
  expect(await page.locator("main").innerText(), "nobody learns who has an account").toBe(toNobody);

  const letter = await post.letterTo(email(city, who), { subject: "パスワードの決め直し" });
  expect(post.letters.some((one) => one.to.includes("nobody@example.org"))).toBe(false);
  await page.goto(linkIn(letter, "reset"));
  await choosePassword(page);
  await post.letterTo(email(city, who), { subject: "アカウントの変更のお知らせ", says: "パスワードを変えました。" });
  await fillIn(page, email(city, who));
  await expect(page.locator(".wrongs a"), "the old password is worth nothing").toBeVisible();
  await fillIn(page, email(city, who), PASSWORD);
  await expect(page).toHaveURL((url) => url.pathname === "/account");
});

test("a new address is confirmed by a letter, and the old one hears of it", async ({ page }) => {
  const [city, who] = ["kikugawa", "center"];
  await signIn(page, city, who, { to: "/account/address", at: kyodo.port });
  await page.locator("#email").fill("new@example.org");
  await page.getByRole("button", { name: "確認のメールを送る" }).click();
  await expect(page.locator(".said")).toHaveText("新しいアドレスを確かめています。届いたメールのリンクを開いてください。");
  await expect(page.locator("dl.answers")).toContainText("new@example.org");
  const letter = await post.letterTo("new@example.org");
  await page.goto(linkIn(letter, "address"));
  await expect(page.locator("main")).toContainText("これからは new@example.org を使います。");
  await page.getByRole("button", { name: "このアドレスに変える" }).click();
  await expect(page.locator(".said")).toHaveText("メールアドレスを変えました。");
  await post.letterTo(email(city, who), { subject: "アカウントの変更のお知らせ", says: "メールアドレスを変えました。" });
  await page.context().clearCookies();
  await page.goto(address(kyodo.port, city, "/login"));
  await fillIn(page, "new@example.org");
  await expect(page).toHaveURL((url) => url.pathname === "/desk");
  await page.goto(address(kyodo.port, city, "/account/mail"));
  await expect(page.locator("table.list")).toContainText("新しいメールアドレスの確認");
});

test("a letter waits for its mail server, even over a restart, and leaves once", async ({ page }) => {
  const [city, port] = ["ichinoseki", await freePort()];
  const folder = await freshFolder();
  const words = ["--mail", `smtp://127.0.0.1:${port}`, "--mail-from", FROM];
  // Nobody listens there yet.
  let own = await start({ words, data: folder.data });
  let late;
  try {
    await invite(page, own.port, city, { name: "待井 春", to: "haru@example.org" });
    await page.goto(address(own.port, city, "/desk/jobs"));
    const row = page.locator("section[aria-labelledby=jobs] tbody tr", { hasText: "メール" });
    await expect(async () => {
      await page.reload();
      await expect(row.filter({ hasText: "メールサーバーにつながりません。" }).first()).toContainText("待っている", { timeout: 100 });
    }).toPass({ timeout: 10_000 });
    await row.first().getByRole("link").click();
    await expect(page.locator("dl.answers")).toContainText("haru@example.org");
    await expectFaultless(page);
    await own.stop();

    // The day after the server is there.
    late = await startPost({ port });
    own = await start({ words: [...words, "--today", "2026-11-21"], data: folder.data });
    const letter = await late.letterTo("haru@example.org");
    expect(linkIn(letter, "invitation")).toContain(`//${city}.localhost:`);
    await signIn(page, city, "kanri", { to: "/desk/jobs", at: own.port });
    await expect(async () => {
      await page.reload();
      await expect(page.locator("ul.counts li", { hasText: "待っている" })).toContainText(/^0\s/, { timeout: 100 });
    }).toPass({ timeout: 10_000 });
    // The morning's letter of unread notices is another one.
    const invitations = late.letters.filter((one) => one.to.includes("haru@example.org") && one.message.text.includes("/invitation/"));
    expect(invitations).toHaveLength(1);
  } finally {
    await own.stop();
    await late?.stop();
    await folder.remove();
  }
});
