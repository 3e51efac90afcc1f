/**
 * One actor on one host, built on Fedify: WebFinger, its document and keys, its notes, its inbox. Fedify verifies what
 * comes in and signs what goes out, as it would for any program built on it; nothing here may soften that. What the
 * actor does by itself is little: it accepts every follower. What it does when told is in acts.mjs, what it holds and
 * sees in home.mjs. Start at `createPeer`.
 */
import { createFederation, generateCryptoKeyPair, InProcessMessageQueue, MemoryKvStore } from "@fedify/fedify";
import {
  Accept, Activity, Endpoints, Follow, Group, isActor, Note, Person, PUBLIC_COLLECTION, Question, Tombstone, Undo,
} from "@fedify/vocab";
import { describe, describeActivity } from "./describe.mjs";
import { Home } from "./home.mjs";

const kinds = { Person, Group };

/** RSA-2048, as Mastodon makes them (Fedify's own generator makes slow 4096-bit ones), and Ed25519. // FEP-521a */
async function createKeys() {
  const rsa = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  return [
    await crypto.subtle.generateKey(rsa, true, ["sign", "verify"]),
    await generateCryptoKeyPair("Ed25519"),
  ];
}

/**
 * @typedef {object} Peer
 * @property {string} identifier  the name in the handle
 * @property {string} handle  `@name@host`
 * @property {string} origin
 * @property {URL} id  of the actor
 * @property {Home} home
 * @property {Map<string, Note|Question|null>} notes  what we wrote, by id; null once deleted
 * @property {Map<string, import("@fedify/vocab").Actor>} followers
 * @property {Map<string, import("@fedify/vocab").Actor>} known  everyone we have to do with
 * @property {{follow: Map<string, Activity>, like: Map<string, Activity>, boost: Map<string, Activity>}} undoable
 *    what we did and have not undone, by what it was done to
 * @property {object[]} refused  deliveries that failed verification, and why
 * @property {string[]} failures  what went wrong inside this peer
 * @property {boolean} gone  whether the actor has been deleted
 * @property {() => import("@fedify/fedify").Context<void>} context
 * @property {(ref: string|URL) => Promise<import("@fedify/vocab").Object|null>} find
 * @property {(request: Request) => Promise<Response>} answer
 */

/**
 * @param {{host: string, name: string, kind: "Person"|"Group", firstKnock?: string}} options
 * @returns {Promise<Peer>}
 */
export async function createPeer({ host, name, kind, firstKnock }) {
  const origin = `https://${host}`;
  const federation = createFederation({
    kv: new MemoryKvStore(),
    queue: new InProcessMessageQueue(),
    origin,
    allowPrivateAddress: true, // everything here is on loopback
    firstKnock, // undefined: Fedify's default, RFC 9421 first, then draft-cavage
  });
  const context = () => federation.createContext(new URL(origin), undefined);
  const id = new URL(`/users/${name}`, origin);
  const notes = new Map();
  /** @type {Peer} */
  const peer = {
    identifier: name,
    handle: `@${name}@${host}`,
    origin,
    id,
    notes,
    home: new Home(id.href, (note) => notes.has(note)),
    followers: new Map(),
    known: new Map(),
    undoable: { follow: new Map(), like: new Map(), boost: new Map() },
    refused: [],
    failures: [],
    gone: false,
    context,
    find: (ref) => find(peer, ref),
    answer: async (request) => deletedNote(peer, request) ?? federation.fetch(request, { contextData: undefined }),
  };
  publish(federation, peer, kind, await createKeys());
  listen(federation, peer);
  return peer;
}

/** Fetches anything by handle or URL, with a signed GET that bypasses Fedify's cache of documents. */
async function find(peer, ref) {
  const context = peer.context();
  const documentLoader = await context.getDocumentLoader({ identifier: peer.identifier });
  const found = await context.lookupObject(ref, { documentLoader });
  if (found && isActor(found)) peer.known.set(found.id.href, found);
  return found;
}

/** 410 for what we wrote and deleted. // ActivityPub 6.4 */
function deletedNote(peer, request) {
  if (peer.notes.get(request.url) !== null) return null;
  const tombstone = { "@context": "https://www.w3.org/ns/activitystreams", type: "Tombstone", id: request.url };
  return Response.json(tombstone, { status: 410, headers: { "content-type": "application/activity+json" } });
}

/** What can be fetched: the actor, its followers and its notes. */
function publish(federation, peer, kind, keys) {
  federation.setActorDispatcher("/users/{identifier}", async (context, identifier) => {
    if (identifier !== peer.identifier) return null;
    if (peer.gone) return new Tombstone({ id: peer.id });
    const pairs = await context.getActorKeyPairs(identifier);
    return new kinds[kind]({
      id: peer.id,
      preferredUsername: identifier,
      name: identifier[0].toUpperCase() + identifier.slice(1),
      url: peer.id,
      inbox: context.getInboxUri(identifier),
      endpoints: new Endpoints({ sharedInbox: context.getInboxUri() }),
      followers: context.getFollowersUri(identifier),
      publicKey: pairs[0].cryptographicKey,
      assertionMethods: pairs.map((pair) => pair.multikey),
    });
  })
    .mapHandle((_, username) => username === peer.identifier ? username : null)
    .setKeyPairsDispatcher((_, identifier) => identifier === peer.identifier ? keys : []);

  federation.setFollowersDispatcher("/users/{identifier}/followers", () => ({ items: [...peer.followers.values()] }))
    .setCounter(() => peer.followers.size);

  for (const [type, folder] of [[Note, "notes"], [Question, "questions"]]) {
    federation.setObjectDispatcher(type, `/${folder}/{number}`, async (context, values) => {
      const note = peer.notes.get(context.getObjectUri(type, values).href);
      return note && await mayRead(context, note) ? note : null;
    });
  }
}

/** A direct note is there only for those it is addressed to; to all others it does not exist. // as on Mastodon */
async function mayRead(context, note) {
  if ([...note.toIds, ...note.ccIds].some((address) => address.href === PUBLIC_COLLECTION.href)) return true;
  const reader = await context.getSignedKeyOwner();
  return note.toIds.some((address) => address.href === reader?.id?.href);
}

/** What comes in. Listeners hear only what Fedify has verified. */
function listen(federation, peer) {
  federation.setInboxListeners("/users/{identifier}/inbox", "/inbox")
    .setSharedKeyDispatcher(() => ({ identifier: peer.identifier }))
    .on(Activity, async (context, activity) => {
      const described = await describeActivity(activity, await activity.toJsonLd());
      const fetch = async (post) => {
        const found = await peer.find(post);
        return found && describe(found);
      };
      await peer.home.receive({ inbox: context.recipient ? "personal" : "shared", ...described }, fetch);
      if (activity instanceof Follow) await acceptFollower(peer, context, activity);
      if (activity instanceof Undo && described.object.type === "Follow") peer.followers.delete(described.actor);
    })
    .onUnverifiedActivity((_, activity, reason) => {
      peer.refused.push({ id: activity.id?.href, actor: activity.actorId?.href, reason: reason.type, key: reason.keyId?.href });
    })
    .onError((_, error) => {
      peer.failures.push(String(error?.stack ?? error));
    });
}

async function acceptFollower(peer, context, follow) {
  const follower = follow.objectId?.href === peer.id.href ? await peer.find(follow.actorId) : null;
  if (!follower) return;
  peer.followers.set(follower.id.href, follower);
  const accept = new Accept({
    id: new URL(`#accepts/${crypto.randomUUID()}`, peer.id),
    actor: peer.id,
    object: follow,
    to: follower.id,
  });
  await context.sendActivity({ identifier: peer.identifier }, follower, accept);
}
