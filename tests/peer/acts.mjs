/**
 * What the actor does when told, one function for one act, in the shapes that Mastodon sends. Every act is delivered
 * before it is answered: a refusal by the other side is thrown here (`SendActivityError`, with its status) and nothing
 * is retried behind a test's back. Deciding what others may do is not for here. All take the peer and the act's words.
 */
import {
  Announce, Collection, Create, Delete, Follow, isActor, Like, Mention, Note, PUBLIC_COLLECTION, Question, Tombstone,
  Undo, Update,
} from "@fedify/vocab";
import { Temporal } from "@js-temporal/polyfill";
import { describe } from "./describe.mjs";

/** @typedef {import("./actor.mjs").Peer} Peer */

/** An id of our own that cannot be fetched, as Mastodon gives to what is no post. */
const fragment = (peer, kind) => new URL(`#${kind}/${crypto.randomUUID()}`, peer.id);

const under = (id, tail) => new URL(`${id.href}${id.hash ? "/" : "#"}${tail}`);

async function findActor(peer, ref) {
  const actor = await peer.find(ref);
  if (!actor || !isActor(actor)) throw new Error(`no actor at ${ref}`);
  return actor;
}

/** Whose post it is: from what we hold, else by fetching it. */
async function authorOf(peer, post) {
  const held = peer.home.posts.get(post)?.attributedTo;
  const author = held ?? (await peer.find(post))?.attributionId?.href;
  if (!author) throw new Error(`no post at ${post}`);
  return peer.known.get(author) ?? findActor(peer, author);
}

/** @param {boolean} [shared] to the shared inbox where there is one */
async function send(peer, recipients, activity, shared = false) {
  const options = { immediate: true, preferSharedInbox: shared };
  await peer.context().sendActivity({ identifier: peer.identifier }, recipients, activity, options);
  return { id: activity.id.href };
}

/** WebFinger, then the actor; or any object by its URL. */
export async function lookup(peer, { handle, url }) {
  const object = await peer.find(handle ?? url);
  if (!object) throw new Error(`nothing found at ${handle ?? url}`);
  const resource = handle ? `acct:${handle.replace(/^@/, "")}` : url;
  const webfinger = await peer.context().lookupWebFinger(resource);
  return { object: await describe(object), webfinger, raw: await object.toJsonLd() };
}

export async function follow(peer, { actor }) {
  const target = await findActor(peer, actor);
  const activity = new Follow({ id: fragment(peer, "follows"), actor: peer.id, object: target.id });
  peer.home.following.set(target.id.href, {
    id: activity.id.href,
    accepted: false,
    followers: target.followersId?.href,
  });
  peer.undoable.follow.set(target.id.href, activity);
  return send(peer, target, activity);
}

export async function unfollow(peer, { actor }) {
  const target = await findActor(peer, actor);
  peer.home.following.delete(target.id.href);
  return undo(peer, "follow", target.id.href, target);
}

/** `Undo` with what is undone embedded, as all known servers send it. */
async function undo(peer, kind, object, recipients, audience) {
  const activity = peer.undoable[kind].get(object);
  if (!activity) throw new Error(`no ${kind} of ${object} to undo`);
  peer.undoable[kind].delete(object);
  return send(peer, recipients, new Undo({ id: under(activity.id, "undo"), actor: peer.id, object: activity, ...audience }));
}

/** One `Create` for each ticked option, one after the other, to the author alone. // Mastodon, vote_serializer.rb */
export async function vote(peer, { question, options }) {
  const author = await authorOf(peer, question);
  const votes = [];
  for (const name of options) {
    const id = fragment(peer, "votes");
    const note = new Note({ id, name, attribution: peer.id, replyTarget: new URL(question), to: author.id });
    await send(peer, author, new Create({ id: under(id, "activity"), actor: peer.id, object: note, to: author.id }));
    votes.push({ name, id: id.href });
  }
  peer.home.voted(question, options);
  return { votes };
}

const followersOf = (peer) => peer.context().getFollowersUri(peer.identifier);

/** `to` and `cc`: one person alone, or everybody, our followers and whom we answer. */
function audience(peer, author, direct) {
  if (direct) return { to: author.id };
  return { to: PUBLIC_COLLECTION, ccs: [followersOf(peer), ...author ? [author.id] : []] };
}

/** An answer opens with the name of whom it is for, and carries a `Mention`. */
function mention(author) {
  const name = `@${author.preferredUsername}@${author.id.host}`;
  const html = `<span class="h-card"><a href="${author.url?.href ?? author.id.href}" class="u-url mention">${name}</a></span> `;
  return { html, tag: new Mention({ href: author.id, name }) };
}

/** @param {{to: string, html: string, direct?: boolean, mention?: boolean}} words  `to`: the post that is answered */
export async function reply(peer, { to, html, direct = false, mention: named = true }) {
  const author = await authorOf(peer, to);
  const { html: opening, tag } = mention(author);
  const note = new Note({
    id: peer.context().getObjectUri(Note, { number: crypto.randomUUID() }),
    attribution: peer.id,
    replyTarget: new URL(to),
    content: named ? `<p>${opening}</p>${html}` : html,
    tags: named ? [tag] : [],
    published: Temporal.Now.instant(),
    ...audience(peer, author, direct),
  });
  return create(peer, note, direct ? [author] : [author, ...peer.followers.values()]);
}

/** A post, or a poll when there are options, to all followers. `ends` in seconds from now. */
export async function post(peer, { html, options, multiple = true, ends = 3600 }) {
  const choices = options?.map((name) => new Note({ name, replies: new Collection({ totalItems: 0 }) }));
  const now = Temporal.Now.instant();
  const Kind = choices ? Question : Note;
  const note = new Kind({
    id: peer.context().getObjectUri(Kind, { number: crypto.randomUUID() }),
    attribution: peer.id,
    content: html,
    published: now,
    ...audience(peer),
    ...choices && { [multiple ? "inclusiveOptions" : "exclusiveOptions"]: choices, endTime: now.add({ seconds: ends }) },
  });
  return create(peer, note, [...peer.followers.values()]);
}

async function create(peer, note, recipients) {
  peer.notes.set(note.id.href, note);
  const activity = new Create({
    id: new URL(`${note.id.href}/activity`),
    actor: peer.id,
    object: note,
    published: note.published,
    tos: note.toIds,
    ccs: note.ccIds,
  });
  await send(peer, recipients, activity, true);
  return { id: note.id.href, activity: activity.id.href };
}

/** Everyone who may have a copy of a note of ours. */
async function readers(peer, note) {
  const answered = note.replyTargetId ? [await authorOf(peer, note.replyTargetId.href)] : [];
  const open = note.ccIds.length > 0;
  return open ? [...answered, ...peer.followers.values()] : answered;
}

function written(peer, id) {
  const note = peer.notes.get(id);
  if (!note) throw new Error(`no note ${id} of ours`);
  return note;
}

async function change(peer, note, changed) {
  peer.notes.set(note.id.href, changed);
  const activity = new Update({
    id: under(note.id, `updates/${Date.now()}`),
    actor: peer.id,
    object: changed,
    tos: note.toIds,
    ccs: note.ccIds,
  });
  return send(peer, await readers(peer, note), activity, true);
}

/** Also for posts. The opening with the name stays. */
export function editReply(peer, { id, html }) {
  const note = written(peer, id);
  const opening = String(note.content).match(/^<p><span class="h-card">.*?<\/p>/)?.[0] ?? "";
  return change(peer, note, note.clone({ content: opening + html, updated: Temporal.Now.instant() }));
}

/** New tallies for a poll of ours, without a later `updated`; and its closing. */
export async function tally(peer, { id, votes, closed = false }) {
  const question = written(peer, id);
  const { options } = await describe(question);
  const inclusiveOptions = options.map(({ name }, at) =>
    new Note({ name, replies: new Collection({ totalItems: votes[at] }) })
  );
  const ended = closed ? { closed: Temporal.Now.instant(), endTime: Temporal.Now.instant() } : {};
  return change(peer, question, question.clone({ inclusiveOptions, ...ended }));
}

/** Also for posts. */
export async function deleteReply(peer, { id }) {
  const note = written(peer, id);
  const recipients = await readers(peer, note);
  peer.notes.set(id, null);
  const activity = new Delete({
    id: under(note.id, "delete"),
    actor: peer.id,
    object: new Tombstone({ id: note.id }),
    to: PUBLIC_COLLECTION,
  });
  return send(peer, recipients, activity, true);
}

export async function like(peer, { object }) {
  const activity = new Like({ id: fragment(peer, "likes"), actor: peer.id, object: new URL(object) });
  peer.undoable.like.set(object, activity);
  return send(peer, await authorOf(peer, object), activity);
}

export async function undoLike(peer, { object }) {
  return undo(peer, "like", object, await authorOf(peer, object));
}

export async function boost(peer, { object }) {
  const author = await authorOf(peer, object);
  const activity = new Announce({
    id: fragment(peer, "announces"),
    actor: peer.id,
    object: new URL(object),
    published: Temporal.Now.instant(),
    ...audience(peer, author),
  });
  peer.undoable.boost.set(object, activity);
  return send(peer, [author, ...peer.followers.values()], activity, true);
}

export async function undoBoost(peer, { object }) {
  const author = await authorOf(peer, object);
  return undo(peer, "boost", object, [author, ...peer.followers.values()], audience(peer, author));
}

/** The whole actor goes: `Delete` of itself to everyone it has to do with, then 410. */
export async function deleteMe(peer) {
  const activity = new Delete({ id: under(peer.id, "delete"), actor: peer.id, object: peer.id, to: PUBLIC_COLLECTION });
  const sent = await send(peer, [...peer.known.values()], activity, true);
  peer.gone = true;
  return sent;
}
