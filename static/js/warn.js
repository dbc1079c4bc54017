/* Before words are sent from this phone: say what in them may point to a person, once for the same words, and never
   stand in the way. The check is fetched when somebody goes to a field for words, to keep the page light;
   where it is not here, words are sent, and the server holds them until the facilitator has looked. */
(() => {
  "use strict";
  const one = (selector, from = document) => from.querySelector(selector);
  const told = new Set();
  let fetching = null, find = null;

  async function load() {
    const { find: script, rules } = one("#names-words").dataset;
    try {
      const [names, answer] = await Promise.all([import(script), fetch(rules)]);
      const prepared = names.prepare(await answer.json());
      find = (text) => names.findNames(text, prepared);
      one("#names-words").dataset.ready = "";
    } catch { fetching = null; } // asked again at the next chance
  }

  const fetchOnce = () => { fetching = fetching || load(); };

  function submitted(event) {
    const form = event.target, place = one("#names", form);
    if (!place) return;
    place.replaceChildren();
    const boxes = [...form.querySelectorAll("textarea")].filter((box) => box.value && !told.has(box.value));
    const found = find ? boxes.flatMap((box) => find(box.value).map((finding) => ({ box, ...finding }))) : [];
    if (!found.length) return;
    event.preventDefault();
    event.stopPropagation();
    boxes.forEach((box) => told.add(box.value));
    warn(place, found);
  }

  function warn(place, found) {
    const part = one("#names-words").content.cloneNode(true), list = one("ul", part);
    const lines = new Map(); // what was found twice is said once
    found.forEach(({ box, start, end, kind }) => {
      const line = one(`[data-kind="${kind}"]`, part).cloneNode(true);
      one("strong", line).textContent = box.value.slice(start, end);
      lines.set(line.textContent, line);
    });
    list.replaceChildren(...lines.values());
    one("[type=button]", part).addEventListener("click", () => {
      const { box, start, end } = found[0];
      box.focus();
      box.setSelectionRange(start, end);
    });
    place.replaceChildren(part);
  }

  function typed({ target }) {
    const place = target.form && one("#names", target.form);
    if (place && target.matches("textarea")) place.replaceChildren();
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (!one("#names-words")) return;
    document.addEventListener("submit", submitted, true); // before keep.js
    document.addEventListener("input", typed);
    document.addEventListener("focusin", ({ target }) => { if (target.matches("textarea")) fetchOnce(); });
  });
})();
