/**
 * Between Node's servers and the `Request` and `Response` that Fedify speaks; and a record of all traffic, in both
 * directions, so that a test can see how a peer knocked and how it was answered. Knows nothing of ActivityPub.
 */

/** @typedef {{at: string, method: string, url: string, status: number, signature: string|null, agent: string|null,
 *    type?: string, id?: string}} Knock  One request: which way it was signed, and how it was answered. */

/** Which dialect signed these headers. */
function signatureOf(headers) {
  if (headers.get("signature-input")) return "rfc9421"; // RFC 9421 4.1
  return headers.get("signature") ? "draft-cavage" : null;
}

/** @returns {Knock} */
function knock(request, status, body) {
  let activity = {};
  try {
    activity = body?.length ? JSON.parse(body) : {};
  } catch { /* not JSON: nothing to name */ }
  return {
    at: new Date().toISOString(),
    method: request.method,
    url: request.url,
    status,
    signature: signatureOf(request.headers),
    agent: request.headers.get("user-agent"),
    ...(typeof activity.type === "string" && { type: activity.type }),
    ...(typeof activity.id === "string" && { id: activity.id }),
  };
}

/**
 * A listener for Node's `http` and `https` servers.
 * @param {string} origin  the origin that this server is known by
 * @param {(request: Request) => Promise<Response>} answer
 * @param {Knock[]} [record]  where to write down what came in
 */
export function listener(origin, answer, record) {
  return async (incoming, outgoing) => {
    try {
      const chunks = [];
      for await (const chunk of incoming) chunks.push(chunk);
      const body = chunks.length ? Buffer.concat(chunks) : undefined;
      const headers = new Headers();
      for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
        headers.append(incoming.rawHeaders[at], incoming.rawHeaders[at + 1]);
      }
      const request = new Request(new URL(incoming.url, origin), { method: incoming.method, headers, body });
      const response = await answer(request);
      record?.push(knock(request, response.status, body));
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      outgoing.end(Buffer.from(await response.arrayBuffer()));
    } catch (error) {
      console.error(error);
      if (!outgoing.headersSent) outgoing.writeHead(500, { "content-type": "text/plain" });
      outgoing.end("failed\n");
    }
  };
}

/**
 * Writes down every request that this process makes from now on.
 * @param {Knock[]} record
 */
export function recordOutgoing(record) {
  const plainFetch = globalThis.fetch;
  globalThis.fetch = async (resource, options) => {
    const copy = resource instanceof Request ? resource.clone() : new Request(resource, options); // the original stays as it is
    let status = 0; // 0: nobody answered
    try {
      const response = await plainFetch(resource, options);
      status = response.status;
      return response;
    } finally {
      record.push(knock(copy, status, copy.body ? await copy.text() : undefined));
    }
  };
}
