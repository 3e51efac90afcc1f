// A mail server as others run them: STARTTLS, a name and a password, and each letter read by a parser that shares no code
// with the one that wrote it. What it does with a letter depends on the first word of its address:
//
//   later-N-…   refused with 451 the first N times
//   never-…     refused with 550 for good
//   hang-…      never answered
//   other       taken
//
// It says in one line of JSON when it is ready, and then one line for each letter that it took or refused.
//
//   node server.mjs --certificates FOLDER [--plain]
//
// `--plain` offers no TLS. Start at the bottom.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

const NAME = "folkmoot";
const PASSWORD = "p@ss/word";

const { values } = parseArgs({ options: { certificates: { type: "string" }, plain: { type: "boolean" } } });
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const refused = new Map();

/** What becomes of a letter to this address: a refusal, or none. */
function judge(address) {
  const [word, times] = address.split("-");
  if (word === "never") return Object.assign(new Error("5.1.1 no such mailbox"), { responseCode: 550 });
  if (word !== "later") return null;
  const before = refused.get(address) ?? 0;
  refused.set(address, before + 1);
  return before < Number(times) ? Object.assign(new Error("4.2.0 come back later"), { responseCode: 451 }) : null;
}

async function take(stream, session) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  const raw = Buffer.concat(chunks).toString("latin1");
  const letter = await simpleParser(Buffer.concat(chunks));
  say({
    took: session.envelope.rcptTo.map((to) => to.address),
    from: session.envelope.mailFrom.address,
    secure: session.secure,
    user: session.user ?? null,
    hello: session.hostNameAppearsAs,
    headers: Object.fromEntries(letter.headerLines.map(({ key, line }) => [key, line.slice(line.indexOf(":") + 1).trim()])),
    sender: letter.from.value,
    subject: letter.subject,
    text: letter.text,
    html: letter.html,
    raw,
  });
}

const server = new SMTPServer({
  ...(values.plain
    ? { hideSTARTTLS: true, disabledCommands: ["STARTTLS"], authOptional: true, allowInsecureAuth: true }
    : {
        key: readFileSync(join(values.certificates, "mail.key")),
        cert: readFileSync(join(values.certificates, "mail.pem")),
      }),
  logger: false,
  onAuth({ username, password }, _, done) {
    if (username === NAME && password === PASSWORD) return done(null, { user: username });
    done(Object.assign(new Error("5.7.8 not known here"), { responseCode: 535 }));
  },
  onRcptTo({ address }, _, done) {
    // Who is told to wait for ever is not answered at all.
    if (address.startsWith("hang-")) return say({ hangs: address });
    const no = judge(address);
    if (no) say({ refused: address, code: no.responseCode });
    done(no);
  },
  onData(stream, session, done) {
    take(stream, session).then(() => done(), done);
  },
});

server.on("error", () => {});
server.listen(0, "0.0.0.0", () => say({ port: server.server.address().port }));
