// Does a real mail server understand what Kyodo's transport says? Needs no browser.

import net from "node:net";

import { expect, test } from "@playwright/test";

import { startPost } from "../lib/smtp.mjs";

/** Says lines to a mail server one after the other; the answers' codes. */
function converse(port, lines) {
  return new Promise((done, fail) => {
    const codes = [];
    const rest = [...lines];
    const socket = net.connect(port, "127.0.0.1");
    socket.setEncoding("utf8");
    socket.on("error", fail);
    socket.on("end", () => done(codes));
    let heard = "";
    socket.on("data", (text) => {
      heard += text;
      // The last line of an answer has a space behind its code.
      for (let end; (end = heard.match(/^(?:\d{3}-.*\r\n)*(\d{3}) .*\r\n/)); heard = heard.slice(end[0].length)) {
        codes.push(Number(end[1]));
        if (rest.length > 0) socket.write(rest.shift());
      }
    });
  });
}

test("the post of the tests takes letters, shows them, and refuses whom it is told to refuse", async () => {
  const post = await startPost({ refuse: ["nobody@example.jp"] });
  const letter = "Subject: =?utf-8?b?5Lu25ZCN?=\r\nTo: <hana@example.jp>\r\n\r\ntext\r\n.\r\n";
  const codes = await converse(post.port, [
    "EHLO kyodo.example\r\n",
    "MAIL FROM:<kyodo@mihon.example>\r\n",
    "RCPT TO:<nobody@example.jp>\r\n",
    "RCPT TO:<hana@example.jp>\r\n",
    "DATA\r\n",
    letter,
    "QUIT\r\n",
  ]);
  await post.stop();
  expect(codes).toEqual([220, 250, 250, 550, 250, 354, 250, 221]);
  expect(post.letters).toHaveLength(1);
  expect(post.letters[0].message.subject).toBe("件名");
});
