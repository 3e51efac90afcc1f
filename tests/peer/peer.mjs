/**
 * An independent ActivityPub peer for the acceptance tests: one actor, everything in memory.
 *
 *     node peer.mjs --host fedify.test --name maria --certificates WORKDIR
 *
 * It listens on 443 of its own host (TLS) and on a control port of 127.0.0.1, prints one line of JSON when it is ready,
 * and ends with SIGTERM. It is a stranger to Folkmoot: it may share no code with it. Start at actor.mjs.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { configure, getConsoleSink } from "@logtape/logtape";
import { createPeer } from "./actor.mjs";
import { control } from "./control.mjs";
import { listener, recordOutgoing } from "./sockets.mjs";

const { values: flags } = parseArgs({
  options: {
    host: { type: "string" }, // the host name; its address comes from the hosts file
    name: { type: "string" }, // the name in the handle
    kind: { type: "string", default: "Person" }, // or Group
    certificates: { type: "string" }, // the folder with <host>.pem and <host>.key
    control: { type: "string", default: "0" }, // the control port; 0 takes a free one
    "first-knock": { type: "string" }, // rfc9421 (Fedify's default) or draft-cavage-http-signatures-12
    log: { type: "string", default: "warning" }, // how much Fedify says on standard error: debug, info, warning, error, fatal
  },
});
if (!flags.host || !flags.name || !flags.certificates) {
  console.error("usage: node peer.mjs --host HOST --name NAME --certificates FOLDER");
  console.error("                     [--kind Group] [--control PORT] [--first-knock DIALECT] [--log LEVEL]");
  process.exit(2);
}

const onStandardError = getConsoleSink({ console: { ...console, log: console.error, info: console.error, debug: console.error } });
await configure({
  contextLocalStorage: new AsyncLocalStorage(),
  sinks: { stderr: onStandardError },
  loggers: [
    { category: "fedify", lowestLevel: flags.log, sinks: ["stderr"] },
    { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["stderr"] },
  ],
});

const traffic = { in: [], out: [] };
recordOutgoing(traffic.out);
const peer = await createPeer({ host: flags.host, name: flags.name, kind: flags.kind, firstKnock: flags["first-knock"] });

const world = https.createServer({
  cert: readFileSync(`${flags.certificates}/${flags.host}.pem`),
  key: readFileSync(`${flags.certificates}/${flags.host}.key`),
}, listener(peer.origin, peer.answer, traffic.in)).listen(443, flags.host);
const desk = http.createServer(listener("http://127.0.0.1", control(peer, traffic))).listen(Number(flags.control), "127.0.0.1");
await Promise.all([once(world, "listening"), once(desk, "listening")]);

console.log(JSON.stringify({
  ready: peer.handle,
  actor: peer.id.href,
  control: desk.address().port,
  startedInMilliseconds: Math.round(performance.now()),
}));
