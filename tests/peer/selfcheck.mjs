/**
 * Proves that the peer itself works, before anything is concluded about Folkmoot: `npm run selfcheck`. Runs inside
 * net.sh with three names: maria (Fedify, fedify.test), an allotment that asks (Fedify Group, second.test), and a plain
 * actor by hand behind the TLS front (moot.test), where Folkmoot stands otherwise. Ends with 1 at the first failure.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { Home } from "./home.mjs";
import { createPlainActor } from "./plain.mjs";

const work = dirname(process.env.NODE_EXTRA_CA_CERTS);
const children = [];

/** Starts one of our programs and waits until it says that it is ready. */
async function start(program, ...flags) {
  const child = spawn(process.execPath, [`${import.meta.dirname}/${program}`, "--certificates", work, ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [line] = await Promise.race([
    once(createInterface(child.stdout), "line"),
    once(child, "exit").then(([code]) => assert.fail(`${program} ended with ${code}`)),
  ]);
  return JSON.parse(line);
}

/** A peer's control API. */
function desk({ control }) {
  const ask = async (path, options) => {
    const answer = await fetch(`http://127.0.0.1:${control}${path}`, options);
    const words = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(words)}`);
    return words;
  };
  let read = 0;
  return {
    see: (path) => ask(path),
    tell: (path, words = {}) => ask(path, { method: "POST", body: JSON.stringify(words) }),
    /** The next thing that reaches the inbox. */
    next: async (type) => {
      const [arrived] = await ask(`/seen?after=${read}&wait=10`);
      assert.equal(arrived?.type, type, `expected ${type} to arrive`);
      read = arrived.number;
      return arrived;
    },
  };
}

async function step(name, body) {
  const began = performance.now();
  await body();
  console.log(`ok  ${name} (${Math.round(performance.now() - began)} ms)`);
}

/** What only hostile or clumsy servers send, put straight into a `Home`. */
async function homeRules() {
  const [me, they, stranger] = ["https://a.test/me", "https://b.test/they", "https://c.test/stranger"];
  const rules = new Home(me, () => false);
  rules.following.set(they, { id: "follow", accepted: false, followers: `${they}/f` });
  await rules.receive({ type: "Accept", actor: stranger, object: { id: "follow" } });
  assert.equal(rules.following.get(they).accepted, false);
  await rules.receive({ type: "Accept", actor: they, object: { id: "follow" } });
  const post = (name, more) => ({ id: `https://b.test/${name}`, type: "Note", attributedTo: they, to: [`${they}/f`], ...more });
  const told = (type, object, actor = they) => rules.receive({ type, actor, object });
  const ids = (posts) => posts.map(({ id }) => id.split("/").pop());
  const poll = { type: "Question", endTime: "2030-01-01T00:00:00Z", multiple: true, options: [{ name: "One", votes: 0 }] };
  await told("Create", post("poll", poll));
  await told("Create", post("reply", { inReplyTo: "https://b.test/poll" }));
  await told("Create", post("answer-to-unknown", { inReplyTo: "https://d.test/unknown" }));
  await told("Create", post("direct", { to: [me], mentions: [me] }));
  await told("Create", post("direct-without-mention", { to: [me] }));
  await told("Create", { ...post("forged"), attributedTo: stranger });
  await told("Create", { ...post("elsewhere"), id: "https://c.test/elsewhere" });
  assert.deepEqual(ids(rules.timeline().home), ["reply", "poll"]);
  assert.deepEqual(ids(rules.timeline().direct), ["direct"]);
  assert.deepEqual(rules.timeline().notifications.map(({ kind }) => kind), ["mention"]);
  rules.voted("https://b.test/poll", ["One"]);
  await told("Update", post("poll", { ...poll, content: "quiet", options: [{ name: "One", votes: 4 }] }));
  const held = () => rules.posts.get("https://b.test/poll");
  assert.deepEqual([held().content, held().options[0].votes, held().ownVotes], [undefined, 4, ["One"]]);
  await told("Update", post("poll", { ...poll, options: [{ name: "Two", votes: 0 }], updated: "2029-01-01T00:00:00Z" }));
  assert.equal(held().ownVotes, undefined);
  await told("Delete", { id: "https://b.test/poll" }, stranger);
  assert.ok(held());
  await told("Delete", { id: they });
  assert.equal(rules.posts.size, 0);
}

const began = performance.now();
const plain = await createPlainActor("moot.test");
const [mariaReady, allotmentReady] = await Promise.all([
  start("peer.mjs", "--host", "fedify.test", "--name", "maria", "--log", "fatal"),
  start("peer.mjs", "--host", "second.test", "--name", "allotment", "--kind", "Group", "--log", "fatal"),
  start("front.mjs", "--name", "moot.test", "--to", String(plain.port)),
]);
const maria = desk(mariaReady);
const allotment = desk(allotmentReady);
console.log(`ok  started (${Math.round(performance.now() - began)} ms; maria by herself ${mariaReady.startedInMilliseconds} ms)`);
const home = async () => (await maria.see("/timeline")).home;
let question, reply;

await step("names and TLS: only our authority makes these hosts trusted", async () => {
  assert.equal((await fetch("https://fedify.test/users/maria", { headers: { accept: "application/activity+json" } })).status, 200);
  await assert.rejects(fetch("https://unknown.test/"));
  const untrusting = spawn(process.execPath, ["-e", "fetch('https://fedify.test/').then(() => process.exit(0), () => process.exit(9))"], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: "" },
  });
  assert.deepEqual(await once(untrusting, "exit"), [9, null]);
});

await step("lookup by handle and by URL", async () => {
  const { object, webfinger } = await maria.tell("/lookup", { handle: "@allotment@second.test" });
  assert.equal(object.type, "Group");
  assert.equal(webfinger.subject, "acct:allotment@second.test");
  const byUrl = await maria.tell("/lookup", { url: object.id });
  assert.equal(byUrl.object.id, object.id);
  assert.equal((await maria.see(`/profile?actor=${object.id}`)).followersCount, 0);
  const profile = await maria.see(`/profile?actor=${plain.handle}`);
  assert.deepEqual([profile.name, profile.pinned.map(({ content }) => content)], ["A plain group", ["<p>True</p>"]]);
});

await step("follow and accept", async () => {
  await maria.tell("/follow", { actor: "@allotment@second.test" });
  assert.equal((await allotment.next("Follow")).actor, mariaReady.actor);
  await maria.next("Accept");
  assert.equal((await maria.see("/profile")).following[allotmentReady.actor].accepted, true);
  assert.deepEqual((await allotment.see("/profile")).followers, [mariaReady.actor]);
});

await step("a question reaches the home timeline", async () => {
  question = (await allotment.tell("/post", { html: "<p>Who helps?</p>", options: ["Digging", "Tea", "Tools"] })).id;
  const { object, inbox } = await maria.next("Create");
  assert.equal(object.type, "Question");
  assert.equal(inbox, "shared");
  const [post] = await home();
  assert.equal(post.id, question);
  assert.deepEqual(post.options.map(({ name }) => name), ["Digging", "Tea", "Tools"]);
});

await step("two votes arrive, each its own, to the author alone", async () => {
  const { votes } = await maria.tell("/vote", { question, options: ["Digging", "Tools"] });
  for (const { name, id } of votes) {
    const { object, cc, embedded } = await allotment.next("Create");
    assert.ok(embedded && object.content === undefined && cc === undefined);
    assert.deepEqual([object.name, object.id, object.inReplyTo], [name, id, question]);
    assert.deepEqual(object.to, [allotmentReady.actor]);
  }
  assert.deepEqual((await home())[0].ownVotes, ["Digging", "Tools"]);
});

await step("tallies change quietly, an edit shows, closing tells the voter", async () => {
  await allotment.tell("/tally", { id: question, votes: [1, 0, 1] });
  assert.equal((await maria.next("Update")).object.updated, undefined);
  assert.deepEqual((await home())[0].options.map(({ votes }) => votes), [1, 0, 1]);
  await allotment.tell("/edit-reply", { id: question, html: "<p>Who helps on Sunday?</p>" });
  await maria.next("Update");
  assert.equal((await home())[0].content, "<p>Who helps on Sunday?</p>");
  await allotment.tell("/tally", { id: question, votes: [1, 0, 1], closed: true });
  await maria.next("Update");
  assert.ok((await home())[0].closed);
  assert.deepEqual((await maria.see("/timeline")).notifications.map(({ kind }) => kind), ["poll ended"]);
});

await step("reply, edit of it, delete of it", async () => {
  reply = (await maria.tell("/reply", { to: question, html: "<p>Gladly.</p>" })).id;
  const { object } = await allotment.next("Create");
  assert.deepEqual([object.id, object.inReplyTo, object.mentions], [reply, question, [allotmentReady.actor]]);
  assert.equal((await fetch(reply, { headers: { accept: "application/activity+json" } })).status, 200);
  await maria.tell("/edit-reply", { id: reply, html: "<p>Gladly, after ten.</p>" });
  assert.match((await allotment.next("Update")).object.content, /u-url mention.*<p>Gladly, after ten\.<\/p>$/);
  await maria.tell("/delete-reply", { id: reply });
  assert.equal((await allotment.next("Delete")).object.type, "Tombstone");
  assert.equal((await fetch(reply, { headers: { accept: "application/activity+json" } })).status, 410);
});

await step("a direct answer notifies, stands apart, and is hidden from strangers", async () => {
  await maria.tell("/reply", { to: question, html: "<p>Only for you.</p>", direct: true });
  const { object, cc } = await allotment.next("Create");
  assert.deepEqual([object.to, cc], [[allotmentReady.actor], undefined]);
  assert.equal((await fetch(object.id, { headers: { accept: "application/activity+json" } })).status, 404);
  await allotment.tell("/reply", { to: object.id, html: "<p>Thanks!</p>", direct: true });
  await maria.next("Create");
  const { direct, home: posts } = await maria.see("/timeline");
  assert.equal(direct.length, 1);
  assert.equal(posts.length, 1);
});

await step("like, boost, and their undoing", async () => {
  for (const [act, type] of [["like", "Like"], ["boost", "Announce"]]) {
    await maria.tell(`/${act}`, { object: question });
    const done = await allotment.next(type);
    assert.equal(done.object.id, question);
    await maria.tell(`/undo-${act}`, { object: question });
    const { object, embedded } = await allotment.next("Undo");
    assert.deepEqual([embedded, object.type, object.id], [true, type, done.id]);
  }
});

await step("knocks with RFC 9421, falls back to draft-cavage on 401, and remembers", async () => {
  await maria.tell("/follow", { actor: plain.handle });
  assert.deepEqual(plain.received.map(({ type }) => type), ["Follow"]);
  const posts = () => plain.traffic.filter(({ method }) => method === "POST").map(({ signature, status }) => [signature, status]);
  assert.deepEqual(posts(), [["rfc9421", 401], ["draft-cavage", 202]]);
  const { id, actor } = plain.received[0];
  const follow = { type: "Follow", id, actor, object: plain.id };
  const accept = { id: `${plain.id}/accepts/1`, type: "Accept", object: follow, to: [actor] };
  assert.equal(await plain.send(`${mariaReady.actor}/inbox`, accept), 202);
  await maria.next("Accept");
  await maria.tell("/unfollow", { actor: plain.handle });
  assert.deepEqual(posts().slice(2), [["draft-cavage", 202]]);
});

await step("verifies what it receives", async () => {
  const create = { id: `${plain.id}/activities/2`, type: "Create", object: plain.note, to: [mariaReady.actor] };
  const inbox = `${mariaReady.actor}/inbox`;
  assert.equal(await plain.send(inbox, create, (body) => body.replace("True", "False")), 401);
  assert.equal(await plain.send(inbox, { ...create, actor: allotmentReady.actor }), 401);
  const context = { "@context": "https://www.w3.org/ns/activitystreams" };
  const unsigned = await fetch(inbox, { method: "POST", body: JSON.stringify({ ...context, actor: plain.id, ...create }) });
  assert.equal(unsigned.status, 401);
  assert.equal(await plain.send(inbox, create), 202);
  assert.equal((await maria.next("Create")).object.content, "<p>True</p>");
  assert.deepEqual((await maria.see("/refused")).refused.map(({ reason }) => reason), ["invalidSignature", "noSignature"]);
});

await step("a boost by one we follow shows, and its undoing", async () => {
  await allotment.tell("/boost", { object: plain.note.id });
  await maria.next("Announce");
  const { boosts } = await maria.see("/timeline");
  assert.deepEqual(boosts.map(({ boost, post }) => [boost.actor, post.content]), [[allotmentReady.actor, "<p>True</p>"]]);
  await allotment.tell("/undo-boost", { object: plain.note.id });
  await maria.next("Undo");
  assert.deepEqual((await maria.see("/timeline")).boosts, []);
});

await step("the home timeline follows Mastodon's rules", homeRules);

await step("the front answers 502 while nobody is behind it", async () => {
  await start("front.mjs", "--name", "moot.test", "--to", "1", "--port", "8443");
  assert.equal((await fetch("https://moot.test:8443/")).status, 502);
});

await step("a question goes, and an actor goes", async () => {
  await allotment.tell("/delete-reply", { id: question });
  await maria.next("Delete");
  assert.deepEqual(await home(), []);
  await maria.tell("/delete-me");
  assert.equal((await allotment.next("Delete")).object.id, mariaReady.actor);
  assert.equal((await fetch(mariaReady.actor, { headers: { accept: "application/activity+json" } })).status, 410);
});

for (const peer of [maria, allotment]) {
  const { failures } = await peer.see("/refused");
  assert.deepEqual(failures, []);
}
console.log(`all well (${Math.round(performance.now() - began)} ms)`);
for (const child of children) child.kill();
process.exit(0);
