// Asks for a page without a browser: for links that are only counted, and for what programs read.

import { request } from "node:http";

/** Asks, as whoever the browser's state says. Node does not know that names under localhost lead here (RFC 6761 6.3). */
export function ask(base, path, { state, accept = "text/html,*/*;q=0.8" } = {}) {
  const url = new URL(path, base);
  const headers = { host: url.host, accept };
  const cookies = state?.cookies.map(({ name, value }) => `${name}=${value}`);
  if (cookies?.length > 0) headers.cookie = cookies.join("; ");
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port: url.port, path: url.pathname + url.search, headers };
    const sent = request(options, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part) => (text += part));
      answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, text, url }));
    });
    sent.on("error", reject).end();
  });
}

/** The same, led on to where it says. */
export async function follow(base, path, options) {
  let answer = await ask(base, path, options);
  for (let more = 5; more > 0 && answer.status >= 300 && answer.status < 400; more -= 1) {
    answer = await ask(base, new URL(answer.headers.location, answer.url).href, options);
  }
  return answer;
}
