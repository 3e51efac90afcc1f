/**
 * What has reached our actor, and what its owner would see of it: the home timeline, direct posts and notifications.
 * The rules are Mastodon's, as far as a follower can tell them; each names what it imitates. It decides only from
 * descriptions (describe.mjs) and sends nothing. Start at `receive`.
 */
import { EventEmitter } from "node:events";

const PUBLIC = "https://www.w3.org/ns/activitystreams#Public";

const addressesOf = (post) => [...post.to ?? [], ...post.cc ?? []];
const originOf = (id) => URL.canParse(id) ? new URL(id).origin : null;

/** The question that a voter answered is not the one that stands there now. */
function askedAnew(before, after) {
  const asked = (post) => JSON.stringify([post.type, post.endTime, post.multiple, post.options?.map((option) => option.name)]);
  return asked(before) !== asked(after);
}

export class Home extends EventEmitter {
  /** Everything received and verified, in order. */
  seen = [];
  /** Whom we follow, by id: our `Follow`, whether they accepted, their followers' address.
   *  @type {Map<string, {id: string, accepted: boolean, followers: string}>} */
  following = new Map();
  /** Posts of others that we hold, oldest first. @type {Map<string, object>} */
  posts = new Map();
  /** Boosts by those we follow, by the id of the `Announce`. */
  boosts = new Map();
  notifications = [];

  /** @param {string} me the id of our actor  @param {(id: string) => boolean} isMine whether we wrote this post */
  constructor(me, isMine) {
    super();
    this.me = me;
    this.isMine = isMine;
  }

  /**
   * Takes in one verified activity.
   * @param {object} activity  as `describeActivity` gives it
   * @param {(id: string) => Promise<object|null>} fetch  describes a post that did not come embedded
   */
  async receive(activity, fetch) {
    this.seen.push({ number: this.seen.length + 1, at: new Date().toISOString(), ...activity });
    await this.#takes[activity.type]?.(activity, fetch);
    this.emit("seen");
  }

  /** Our own vote stands beside the poll from now on. */
  voted(question, names) {
    const post = this.posts.get(question);
    if (post) post.ownVotes = names;
  }

  #takes = {
    Accept: ({ actor, object }) => {
      const follow = this.following.get(actor);
      if (follow?.id === object.id) follow.accepted = true;
    },
    Reject: ({ actor, object }) => {
      if (this.following.get(actor)?.id === object.id) this.following.delete(actor);
    },
    Create: ({ actor, object }) => {
      if (this.#isTheirs(actor, object) && !this.posts.has(object.id)) this.#keep(object);
    },
    Update: ({ actor, object }) => {
      const before = this.posts.get(object.id);
      if (before && before.attributedTo === actor && this.#isTheirs(actor, object)) this.#change(before, object);
    },
    Delete: ({ actor, object }) => {
      if (object.id === actor) return this.#forgetActor(actor);
      if (this.posts.get(object.id)?.attributedTo === actor) this.#forgetPost(object.id);
    },
    Announce: async ({ id, actor, object, published }, fetch) => {
      if (!this.posts.has(object.id) && !this.isMine(object.id)) {
        const post = await fetch(object.id);
        if (post && originOf(post.id) === originOf(post.attributedTo)) this.posts.set(post.id, post);
      }
      if (this.isMine(object.id)) this.#notify("boost", id, actor);
      else if (this.#follows(actor)) this.boosts.set(id, { id, actor, object: object.id, published });
    },
    Like: ({ id, actor, object }) => {
      if (this.isMine(object.id)) this.#notify("favourite", id, actor);
    },
    Undo: ({ actor, object }) => {
      if (this.boosts.get(object.id)?.actor === actor) this.boosts.delete(object.id);
    },
  };

  /** An actor speaks only for what stands on its own host and is attributed to it. */
  #isTheirs(actor, object) {
    return Boolean(object.type) && object.attributedTo === actor && originOf(object.id) === originOf(actor);
  }

  #follows(actor) {
    return this.following.get(actor)?.accepted === true;
  }

  #keep(post) {
    this.posts.set(post.id, post);
    if (this.#mentionsMe(post)) this.#notify("mention", post.id, post.attributedTo);
  }

  /** Without a later `updated` only tallies and closing are taken over. // Mastodon, process_status_update_service.rb */
  #change(before, after) {
    const edited = after.updated != null && Date.parse(after.updated) > Date.parse(before.updated ?? before.published ?? 0);
    const poll = { options: after.options, closed: after.closed, endTime: after.endTime, voters: after.voters };
    const now = edited ? { ...after } : { ...before, ...JSON.parse(JSON.stringify(poll)) };
    if (before.ownVotes && !askedAnew(before, now)) now.ownVotes = before.ownVotes; // else the votes are lost
    this.posts.set(after.id, now); // keeps its place
    if (now.ownVotes && now.closed && !before.closed) this.#notify("poll ended", now.id, now.attributedTo);
  }

  #forgetPost(id) {
    this.posts.delete(id);
    for (const [boost, { object }] of this.boosts) if (object === id) this.boosts.delete(boost);
    this.notifications = this.notifications.filter((notification) => notification.object !== id);
  }

  #forgetActor(actor) {
    this.following.delete(actor);
    for (const post of [...this.posts.values()]) if (post.attributedTo === actor) this.#forgetPost(post.id);
    for (const [id, boost] of this.boosts) if (boost.actor === actor) this.boosts.delete(id);
    this.notifications = this.notifications.filter((notification) => notification.from !== actor);
  }

  #notify(kind, object, from) {
    this.notifications.push({ kind, object, from, at: new Date().toISOString() });
  }

  /** A post for one person reaches them only by a `Mention`. // Mastodon, mention and limited visibility */
  #mentionsMe(post) {
    return post.mentions?.includes(this.me) === true;
  }

  /** To named people only: neither to the public nor to the author's followers. */
  #isDirect(post) {
    const followers = this.following.get(post.attributedTo)?.followers;
    return !addressesOf(post).some((address) => address === PUBLIC || address === followers);
  }

  /** A reply shows only when its parent is known, and is the author's own, ours, or of one we follow. // Mastodon, feed_manager.rb */
  #isHome(post) {
    if (!this.#follows(post.attributedTo) || this.#isDirect(post)) return false;
    if (!post.inReplyTo || this.isMine(post.inReplyTo)) return true;
    const author = this.posts.get(post.inReplyTo)?.attributedTo;
    return author === post.attributedTo || (author != null && this.#follows(author));
  }

  /** What our actor's owner sees now, newest first. */
  timeline() {
    const posts = [...this.posts.values()];
    const boosts = [...this.boosts.values()].map((boost) => ({ boost, post: this.posts.get(boost.object) ?? null }));
    return {
      home: posts.filter((post) => this.#isHome(post)).reverse(),
      boosts: boosts.reverse(),
      direct: posts.filter((post) => this.#isDirect(post) && this.#mentionsMe(post)).reverse(),
      notifications: [...this.notifications].reverse(),
    };
  }
}
