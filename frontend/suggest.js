// A text field that offers what the server finds for what has been typed so far, as the ARIA
// combobox pattern has it. The field keeps what is typed; a suggestion only fills it in.
// <input data-suggest="/places/search"> asks /places/search?q=… for
// {"options": [{"value": "Xã Hỏa Lựu", "note": "Hậu Giang"}]}.
const WAIT = 180;
let count = 0;

export function suggest(input) {
  if (input.hasAttribute("role")) return;
  const list = listFor(input);
  let options = [];
  let chosen = -1;
  let timer = 0;
  let asked = "";

  const show = (found) => {
    options = found;
    chosen = -1;
    list.replaceChildren(...found.map((option, i) => item(list.id, option, i)));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    if (!list.hidden) list.scrollIntoView({ block: "nearest" }); // out from under the bar at the bottom
  };
  const mark = (i) => {
    chosen = (i + options.length) % options.length;
    [...list.children].forEach((li, n) => li.setAttribute("aria-selected", String(n === chosen)));
    list.children[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", list.children[chosen].id);
  };
  const close = () => {
    clearTimeout(timer);
    asked = null;
    show([]);
  };
  const take = (i) => {
    input.value = options[i].value;
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
    if ("sendOnChoice" in input.dataset) input.form.requestSubmit();
  };
  const ask = async () => {
    asked = input.value.trim();
    if (asked.length < 2) return show([]);
    const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(asked)}`);
    const { options: found } = answer.ok ? await answer.json() : { options: [] };
    if (document.activeElement === input && asked === input.value.trim()) show(found);
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => ask().catch(() => show([])), WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") mark(chosen + 1);
    else if (event.key === "ArrowUp") mark(chosen < 0 ? -1 : chosen - 1);
    else if (event.key === "Enter" && chosen >= 0) take(chosen);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const li = event.target.closest("li");
    if (li) take([...list.children].indexOf(li));
  });
}

function listFor(input) {
  const list = document.createElement("ul");
  list.id = `suggestions-${++count}`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", document.body.dataset.suggestions);
  const holder = document.createElement("div");
  holder.className = "suggestions";
  holder.append(list);
  input.after(holder);
  for (const [name, value] of Object.entries({
    role: "combobox", autocomplete: "off", "aria-autocomplete": "list",
    "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);
  return list;
}

function item(prefix, option, i) {
  const li = document.createElement("li");
  li.id = `${prefix}-${i}`;
  li.setAttribute("role", "option");
  li.setAttribute("aria-selected", "false");
  li.append(option.value);
  if (option.note) {
    const note = document.createElement("small");
    note.textContent = option.note;
    li.append(note);
  }
  return li;
}
