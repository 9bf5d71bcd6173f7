// htmx, loaded by pages that use it. What a policy without inline style and eval needs stands in
// the page (meta htmx-config), for htmx reads that before anything here can run.
import htmx from "htmx.org";

let started = false;

export function start(enhance) {
  if (started) return;
  started = true;
  Object.assign(htmx.config, {
    allowScriptTags: false,
    selfRequestsOnly: true,
    historyCacheSize: 0,
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      { code: "422", swap: true },
      { code: "[45]..", swap: false, error: true },
    ],
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector('meta[name="csrf-token"]');
    if (token) event.detail.headers["X-CSRFToken"] = token.content;
  });
  document.addEventListener("htmx:afterSwap", (event) => enhance(event.detail.target));
  readTypedBefore();
}

// On a slow network people type before this file is here: nobody has heard those keys.
function readTypedBefore() {
  for (const field of document.querySelectorAll("input[data-hx-get]"))
    if (field.value !== field.defaultValue) htmx.trigger(field, "change");
}
