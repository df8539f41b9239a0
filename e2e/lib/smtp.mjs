// A real mail server on loopback, which keeps what it takes and shows it as its reader would see it.

import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

/**
 * Starts a mail server, on a free port unless one is named. `refuse` names the readers it does not know.
 * The answer has its address for `--mail`, the letters it took, a way to wait for one, and a way to stop it.
 */
export async function startPost({ refuse = [], port: wanted = 0 } = {}) {
  const letters = [];
  const waiting = [];
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS", "AUTH"],
    logger: false,
    onRcptTo(address, _session, answer) {
      if (!refuse.includes(address.address)) return answer();
      const refusal = new Error("5.1.1 no such user");
      refusal.responseCode = 550;
      return answer(refusal);
    },
    onData(stream, session, answer) {
      simpleParser(stream).then((message) => {
        const { mailFrom, rcptTo } = session.envelope;
        const to = rcptTo.map((reader) => reader.address);
        const letter = { from: mailFrom.address, to, message };
        letters.push(letter);
        for (const one of waiting.splice(0)) one.look();
        answer();
      }, answer);
    },
  });
  await new Promise((ready, fail) => {
    server.once("error", fail);
    server.listen(wanted, "127.0.0.1", ready);
  });
  const { port } = server.server.address();

  /** The first letter to a reader, with this in its subject and its text, among those that came and those that will. */
  const letterTo = (reader, { subject = "", says = "", within = 40_000 } = {}) =>
    new Promise((found, fail) => {
      const late = setTimeout(() => fail(new Error(`no letter to ${reader} came in ${within / 1000} s`)), within);
      const look = () => {
        const letter = letters
          .filter(({ to }) => to.includes(reader))
          .find(({ message }) => message.subject.includes(subject) && message.text.includes(says));
        if (!letter) return waiting.push({ look });
        clearTimeout(late);
        return found(letter);
      };
      look();
    });

  const stop = () => new Promise((done) => server.close(done));
  return { port, address: `smtp://127.0.0.1:${port}`, letters, letterTo, stop };
}
