/**
 * What Fedify understood of an object, as compact JSON for a test to read. Only what came embedded is described:
 * nothing is fetched here. Absent and empty properties are left out. Start at `describe`.
 */
import { Hashtag, Image, isActor, Mention, Place, PropertyValue, Question, Tombstone } from "@fedify/vocab";

/** Nothing may be fetched while describing. */
const embeddedOnly = {
  documentLoader: async (url) => {
    throw new Error(`${url} is not embedded`);
  },
  suppressError: true,
  crossOrigin: "trust", // whoever acts on a description compares origins
};

/** The last part of a type's IRI: `Note`, `Question`, `Proposal`. */
export const typeOf = (thing) => thing.constructor.typeId.href.split(/[#/]/).pop();

const text = (value) => value?.toString();
const addresses = (urls) => urls.map((url) => url.href);
const link = (value) => value?.href?.href ?? value?.href;

/** Leaves out what is null, undefined or an empty list. */
function compact(entries) {
  return Object.fromEntries(
    Object.entries(entries).filter(([, value]) => value != null && !(Array.isArray(value) && value.length === 0)),
  );
}

async function list(iterable, turn) {
  const found = [];
  for await (const item of iterable) found.push(await turn(item));
  return found;
}

/** The options of a poll, in order, with their tallies. */
async function options(question) {
  const several = await list(question.getInclusiveOptions(embeddedOnly), option);
  const one = await list(question.getExclusiveOptions(embeddedOnly), option);
  return { multiple: several.length > 0, options: [...several, ...one] };
}

async function option(note) {
  return { name: text(note.name), votes: (await note.getReplies(embeddedOnly))?.totalItems ?? null };
}

async function tags(object) {
  const all = await list(object.getTags(embeddedOnly), (tag) => tag);
  const named = (kind) => all.filter((tag) => tag instanceof kind);
  return {
    mentions: named(Mention).map((tag) => tag.href?.href),
    mentionNames: named(Mention).map((tag) => text(tag.name)),
    hashtags: named(Hashtag).map((tag) => text(tag.name)),
  };
}

async function attachments(object) {
  const all = await list(object.getAttachments(embeddedOnly), (attachment) => attachment);
  const pictures = all.filter((attachment) => !(attachment instanceof PropertyValue));
  return {
    attachments: pictures.map((picture) =>
      compact({ type: typeOf(picture), url: link(picture.url), name: text(picture.name) })
    ),
    fields: all.filter((attachment) => attachment instanceof PropertyValue)
      .map((field) => ({ name: text(field.name), value: text(field.value) })),
  };
}

async function place(object) {
  const location = await object.getLocation(embeddedOnly);
  if (!(location instanceof Place)) return null;
  return compact({ name: text(location.name), latitude: location.latitude, longitude: location.longitude });
}

/** @param {import("@fedify/vocab").Object} object */
export async function describe(object) {
  if (isActor(object)) return describeActor(object);
  return compact({
    type: typeOf(object),
    id: object.id?.href,
    url: link(object.url),
    attributedTo: object.attributionId?.href,
    actor: object.actorId?.href, // when the object is itself an activity
    object: object.objectId?.href,
    inReplyTo: object.replyTargetId?.href,
    name: text(object.name),
    summary: text(object.summary),
    content: text(object.content),
    language: object.contents?.find((content) => content.locale)?.locale.toString(),
    ...(object instanceof Question && {
      ...await options(object),
      closed: text(object.closed),
      voters: object.voters,
    }),
    ...(object instanceof Tombstone && { formerType: object.formerType?.typeId?.href.split("#").pop() }),
    startTime: text(object.startTime),
    endTime: text(object.endTime),
    published: text(object.published),
    updated: text(object.updated),
    to: addresses(object.toIds),
    cc: addresses(object.ccIds),
    ...await tags(object),
    ...await attachments(object),
    location: await place(object),
  });
}

async function describeActor(actor) {
  const icon = await actor.getIcon(embeddedOnly);
  return compact({
    type: typeOf(actor),
    id: actor.id?.href,
    url: link(actor.url),
    preferredUsername: text(actor.preferredUsername),
    name: text(actor.name),
    summary: text(actor.summary),
    icon: icon instanceof Image ? link(icon.url) : null,
    fields: (await attachments(actor)).fields,
    inbox: actor.inboxId?.href,
    sharedInbox: actor.endpoints?.sharedInbox?.href,
    followers: actor.followersId?.href,
    outbox: actor.outboxId?.href,
    featured: actor.featuredId?.href,
    publicKey: actor.publicKeyId?.href,
    discoverable: actor.discoverable,
    manuallyApprovesFollowers: actor.manuallyApprovesFollowers,
    published: text(actor.published),
    updated: text(actor.updated),
  });
}

/**
 * A received activity: the envelope, what Fedify made of it, and the JSON as it came.
 * @param {import("@fedify/vocab").Activity} activity
 * @param {object} raw
 */
export async function describeActivity(activity, raw) {
  const embedded = raw.object !== null && typeof raw.object === "object";
  const object = embedded ? await activity.getObject(embeddedOnly) : null;
  return compact({
    type: typeOf(activity),
    id: activity.id?.href,
    actor: activity.actorId?.href,
    to: addresses(activity.toIds),
    cc: addresses(activity.ccIds),
    published: text(activity.published),
    embedded,
    object: object ? await describe(object) : compact({ id: activity.objectId?.href }),
    raw,
  });
}
