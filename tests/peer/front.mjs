/**
 * A TLS front: what nginx or Caddy is on a real machine. It takes HTTPS for one name and passes every request,
 * unchanged (Host, order of headers, raw body), to a plain HTTP port on 127.0.0.1.
 *
 *     node front.mjs --name moot.test --to 8080 --certificates WORKDIR
 *
 * It must not add, drop or understand anything: signatures cover what passes here. While nobody listens behind it,
 * it answers 502. Prints one line of JSON when it is ready.
 */
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { parseArgs } from "node:util";

const { values: flags } = parseArgs({
  options: {
    name: { type: "string" }, // the host name; its address comes from the hosts file
    to: { type: "string" }, // the port on 127.0.0.1 behind the front
    certificates: { type: "string" }, // the folder with <name>.pem and <name>.key
    port: { type: "string", default: "443" },
  },
});
if (!flags.name || !flags.to || !flags.certificates) {
  console.error("usage: node front.mjs --name NAME --to PORT --certificates FOLDER [--port 443]");
  process.exit(2);
}

/** The headers in their order, without those that concern one connection only. // RFC 9110 7.6.1 */
function onwardHeaders(raw) {
  const kept = [];
  for (let at = 0; at < raw.length; at += 2) {
    if (!/^(connection|keep-alive)$/i.test(raw[at])) kept.push(raw[at], raw[at + 1]);
  }
  return kept;
}

/** Passes one request on and its answer back. */
function pass(request, response) {
  const onward = http.request({
    agent: false, // a connection each: what is behind may be killed and started again
    host: "127.0.0.1",
    port: Number(flags.to),
    method: request.method,
    path: request.url,
    headers: onwardHeaders(request.rawHeaders),
    setHost: false,
  });
  onward.on("response", (answer) => {
    response.writeHead(answer.statusCode, answer.statusMessage, onwardHeaders(answer.rawHeaders));
    answer.pipe(response);
    answer.on("error", () => response.destroy());
  });
  onward.on("error", (error) => {
    if (response.headersSent) return response.destroy();
    response.writeHead(502, { "content-type": "text/plain" }).end(`nobody behind the front: ${error.message}\n`);
  });
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}

const server = https.createServer({
  cert: readFileSync(`${flags.certificates}/${flags.name}.pem`),
  key: readFileSync(`${flags.certificates}/${flags.name}.key`),
}, pass);
server.listen(Number(flags.port), flags.name, () => {
  console.log(JSON.stringify({ ready: `https://${flags.name}`, to: Number(flags.to) }));
});
