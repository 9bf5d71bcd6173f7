// Every page works without this file. It adds: focus on the error summary, suggestions while
// typing, one submit per press, copying, smaller photos, and htmx where a page uses it.
import { suggest } from "./suggest.js";

const HTMX = "[hx-get], [hx-post], [data-hx-get], [data-hx-post]";

function focusErrors(root) {
  root.querySelector(".error-summary")?.focus();
}

function sendOnce(event) {
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  if (form.method === "post" && !form.hasAttribute("hx-post")) {
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 8000);
  }
}

async function copy(event) {
  const button = event.target.closest("[data-copy]");
  if (!button || !navigator.clipboard) return;
  await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent);
  const done = document.querySelector(button.dataset.copied);
  if (done) done.hidden = false;
}

function sendOnChange(event) {
  if (event.target.matches("[data-send-on-change]")) event.target.form.requestSubmit();
}

// A form that is sent while photos are made small waits for them.
let shrinking = null;

async function shrinkPhotos(event) {
  const input = event.target;
  if (!input.matches("[data-shrink]") || !input.files.length) return;
  shrinking = import("./shrink.js").then((module) => module.shrink(input)).catch(() => {});
  await shrinking;
  shrinking = null;
}

async function afterShrinking(event) {
  if (!shrinking || event.defaultPrevented) return;
  const { target, submitter } = event;
  event.preventDefault();
  await shrinking;
  delete target.dataset.sent;
  target.requestSubmit(submitter);
}

// htmx begins when the document is ready, and misses that moment when it comes after
// DOMContentLoaded and before everything has loaded, as it does on slow networks.
const complete = new Promise((go) =>
  document.readyState === "complete" ? go() : addEventListener("load", go, { once: true }),
);

async function enhance(root) {
  root.querySelectorAll('input[data-suggest^="/"]').forEach(suggest);
  if (!document.querySelector(HTMX)) return;
  await complete;
  (await import("./htmx.js")).start(enhance);
}

document.addEventListener("submit", sendOnce);
document.addEventListener("submit", afterShrinking);
document.addEventListener("click", copy);
document.addEventListener("change", sendOnChange);
document.addEventListener("change", shrinkPhotos);
addEventListener("pageshow", () =>
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent),
);
focusErrors(document);
enhance(document);
