/**
 * For the self-check only: the smallest actor that a peer can talk to, written by hand on Node alone, so that Fedify is
 * not only held against itself. It is a `Group` at https://<host>/group, sits on plain HTTP behind front.mjs, speaks only
 * draft-cavage signatures and answers 401 to everything else, as much of the fediverse does.
 */
import { createHash, createVerify, createSign, generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import { listener } from "./sockets.mjs";

const digestOf = (body) => `SHA-256=${createHash("sha256").update(body).digest("base64")}`;
const activityJson = { "content-type": "application/activity+json" };

/** The string that is signed. // draft-cavage-http-signatures-12 2.3 */
const signed = (names, method, path, headers) =>
  names.map((name) => `${name}: ${name === "(request-target)" ? `${method.toLowerCase()} ${path}` : headers.get(name)}`).join("\n");

/** Whether a POST is signed, in draft-cavage, by the actor of its activity. */
async function verified(request, body) {
  if (request.headers.has("signature-input") || request.headers.get("digest") !== digestOf(body)) return false;
  const pairs = [...request.headers.get("signature").matchAll(/(\w+)="([^"]*)"/g)];
  const fields = Object.fromEntries(pairs.map(([, name, value]) => [name, value]));
  const names = fields.headers.split(" ");
  if (!["(request-target)", "host", "date", "digest"].every((name) => names.includes(name))) return false;
  const owner = await (await fetch(fields.keyId, { headers: { accept: activityJson["content-type"] } })).json();
  if (owner.publicKey.id !== fields.keyId || owner.id !== JSON.parse(body).actor) return false;
  const verify = createVerify("RSA-SHA256").update(signed(names, "POST", new URL(request.url).pathname, request.headers));
  return verify.verify(owner.publicKey.publicKeyPem, fields.signature, "base64");
}

/** @returns an actor with `received`, the activities that were verified, and `send` */
export async function createPlainActor(host) {
  const id = `https://${host}/group`;
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const document = {
    "@context": [
      "https://www.w3.org/ns/activitystreams",
      "https://w3id.org/security/v1",
      { featured: { "@id": "http://joinmastodon.org/ns#featured", "@type": "@id" } },
    ],
    id,
    type: "Group",
    preferredUsername: "group",
    name: "A plain group",
    inbox: `${id}/inbox`,
    featured: `${id}/featured`,
    publicKey: { id: `${id}#main-key`, owner: id, publicKeyPem: publicKey.export({ type: "spki", format: "pem" }) },
  };
  const note = {
    "@context": "https://www.w3.org/ns/activitystreams",
    id: `${id}/notes/1`,
    type: "Note",
    attributedTo: id,
    content: "<p>True</p>",
    to: ["https://www.w3.org/ns/activitystreams#Public"],
  };
  const featured = {
    "@context": note["@context"],
    id: document.featured,
    type: "OrderedCollection",
    totalItems: 1,
    orderedItems: [note],
  };
  const webfinger = { subject: `acct:group@${host}`, links: [{ rel: "self", type: activityJson["content-type"], href: id }] };
  const received = [];

  async function answer(request) {
    const { pathname } = new URL(request.url);
    if (request.headers.get("host") !== host) return new Response("wrong host", { status: 421 });
    if (pathname === "/.well-known/webfinger") return Response.json(webfinger);
    if (pathname === "/group") return Response.json(document, { headers: activityJson });
    if (pathname === "/group/notes/1") return Response.json(note, { headers: activityJson });
    if (pathname === "/group/featured") return Response.json(featured, { headers: activityJson });
    if (pathname !== "/group/inbox") return new Response("nothing here", { status: 404 });
    const body = await request.text();
    if (!await verified(request, body)) return new Response("not signed in draft-cavage", { status: 401 });
    received.push(JSON.parse(body));
    return new Response("", { status: 202 });
  }

  /** Delivers and answers the status. `tamper` changes the body after it was signed. */
  async function send(inbox, activity, tamper = (body) => body) {
    const body = JSON.stringify({ "@context": "https://www.w3.org/ns/activitystreams", actor: id, ...activity });
    const { host: to, pathname } = new URL(inbox);
    const headers = new Headers({ host: to, date: new Date().toUTCString(), digest: digestOf(body), ...activityJson });
    const names = ["(request-target)", "host", "date", "digest"];
    const signature = createSign("RSA-SHA256").update(signed(names, "POST", pathname, headers)).sign(privateKey, "base64");
    headers.set("signature", `keyId="${id}#main-key",algorithm="rsa-sha256",headers="${names.join(" ")}",signature="${signature}"`);
    return (await fetch(inbox, { method: "POST", headers, body: tamper(body) })).status;
  }

  const traffic = [];
  const server = http.createServer(listener(`https://${host}`, answer, traffic)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { id, handle: `@group@${host}`, port: server.address().port, note, received, traffic, send };
}
