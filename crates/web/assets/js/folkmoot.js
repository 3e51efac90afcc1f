// htmx, where a reload hurts, and nothing else. Pages work without; this is loaded by those that say `hx-`.
//
// How it behaves stands in the page's `htmx-config`: same origin only, no styles made at run time, no history of its own.
// No eval: what htmx would compile from attributes is refused. Only our own server's answers become HTML, and only
// without scripts, whatever a template may do wrong one day.
import htmx from "htmx.org";

// Whole pages come with the line that loads this file; it is here already.
const OURS = /<script src="\/assets\/[\w.-]+" defer><\/script>/g;

const noScript = (html) => {
  const rest = html.replaceAll(OURS, "");
  if (/<script/i.test(rest)) throw new TypeError("an answer with a script in it is not shown");
  return rest;
};
const refuse = () => {
  throw new TypeError("nothing is compiled here");
};
const policy = window.trustedTypes?.createPolicy("folkmoot", { createHTML: noScript }) ?? { createHTML: noScript };

htmx.registerExtension("folkmoot", { init: (inside) => inside.initSecurity(policy, refuse, refuse) });
// A press is answered at once: the button says so and keeps its size (look.md, States).
document.addEventListener("htmx:before:request", (event) => busy(event, true));
document.addEventListener("htmx:finally:request", (event) => busy(event, false));

function busy(event, is) {
  const button = event.target?.querySelector?.("button[data-busy]");
  if (!button) return;
  if (is) {
    button.style.minWidth = `${button.offsetWidth}px`;
    button.dataset.idle = button.textContent;
    button.textContent = button.dataset.busy;
  } else if (button.dataset.idle !== undefined) {
    button.textContent = button.dataset.idle;
    delete button.dataset.idle;
  }
}
