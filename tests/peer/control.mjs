/**
 * The control API: how a test drives the actor and reads what reached it, as JSON over plain HTTP on loopback. It only
 * translates. Errors: 400 for a request that makes no sense, 404 for an unknown path, 502 with the other side's
 * `status` when a delivery was refused. README.md lists the paths.
 */
import { once } from "node:events";
import { traverseCollection } from "@fedify/vocab";
import * as acts from "./acts.mjs";
import { describe } from "./describe.mjs";

/** @typedef {import("./actor.mjs").Peer} Peer */

const told = {
  "/lookup": acts.lookup,
  "/follow": acts.follow,
  "/unfollow": acts.unfollow,
  "/vote": acts.vote,
  "/reply": acts.reply,
  "/edit-reply": acts.editReply,
  "/delete-reply": acts.deleteReply,
  "/like": acts.like,
  "/undo-like": acts.undoLike,
  "/boost": acts.boost,
  "/undo-boost": acts.undoBoost,
  "/delete-me": acts.deleteMe,
  "/post": acts.post,
  "/tally": acts.tally,
};

/** What was received after the first `after`; with `wait` (seconds), not before there is something. */
async function seen(peer, { after = 0, wait = 0 }) {
  const deadline = AbortSignal.timeout(Number(wait) * 1000);
  while (peer.home.seen.length <= Number(after) && !deadline.aborted) {
    await once(peer.home, "seen", { signal: deadline }).catch(() => {}); // the time is up
  }
  return peer.home.seen.slice(Number(after));
}

/** Our own standing; or, with `actor`, the profile page of somebody: their document, counts and what they pinned. */
async function profile(peer, { actor }) {
  if (!actor) {
    return {
      id: peer.id.href,
      handle: peer.handle,
      gone: peer.gone,
      following: Object.fromEntries(peer.home.following),
      followers: [...peer.followers.keys()],
    };
  }
  const found = await peer.find(actor);
  if (!found) throw new Error(`nobody at ${actor}`);
  const documentLoader = await peer.context().getDocumentLoader({ identifier: peer.identifier });
  const read = { documentLoader, contextLoader: peer.context().contextLoader, suppressError: true };
  const pinned = [];
  const featured = await found.getFeatured?.(read);
  if (featured) for await (const post of traverseCollection(featured, read)) pinned.push(await describe(post));
  return {
    ...await describe(found),
    followersCount: (await found.getFollowers(read))?.totalItems ?? null,
    followingCount: (await found.getFollowing(read))?.totalItems ?? null,
    postsCount: (await found.getOutbox(read))?.totalItems ?? null,
    pinned,
  };
}

/**
 * @param {Peer} peer
 * @param {{in: object[], out: object[]}} traffic
 * @returns {(request: Request) => Promise<Response>}
 */
export function control(peer, traffic) {
  const read = {
    "/seen": seen,
    "/timeline": () => peer.home.timeline(),
    "/profile": profile,
    "/traffic": () => traffic,
    "/refused": () => ({ refused: peer.refused, failures: peer.failures }),
  };
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const act = request.method === "POST" ? told[pathname] : read[pathname];
    if (!act) return Response.json({ error: `no ${request.method} ${pathname}` }, { status: 404 });
    try {
      const words = request.method === "POST" ? JSON.parse(await request.text() || "{}") : Object.fromEntries(searchParams);
      return Response.json(await act(peer, words));
    } catch (error) {
      const status = error.statusCode ?? null;
      return Response.json({ error: error.message, status }, { status: status ? 502 : 400 });
    }
  };
}
