/* The phone: put the open question in place when it is pushed, show what became of an answer, lose no word. */
(() => {
  "use strict";
  const JITTER = 1000, UNHURRIED = 3000; // milliseconds
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const serial = (form) => { // as keep.js sends it
    const data = new FormData(form);
    data.delete("csrfmiddlewaretoken");
    return String(new URLSearchParams(data));
  };
  let fetching = 0, asked = 0;

  /* Say it once to a screen reader, and leave the focus where it is. */
  function say(words) {
    one("#told").textContent = "";
    setTimeout(() => { one("#told").textContent = words; }, 50);
  }

  /* Words typed and not given to be saved, and words that a closed question refused. */
  function unsaved(card) {
    const form = one("form[data-stage]", card), was = new URLSearchParams(form ? form.dataset.was : "");
    const typed = all("textarea", card).filter((box) => box.value.trim() && box.value !== was.get(box.name));
    return [...typed.map((box) => box.value), ...all("[data-kept-words]", card).map((words) => words.textContent)];
  }

  const begun = (form) => form && serial(form) !== form.dataset.was;

  function arrived(card) {
    const title = one("h1", card).textContent;
    document.title = document.title.replace(/^.* - /, title + " - ");
    one("#sent").textContent = "";
    say(one("[data-told]", card).dataset.told);
    window.scrollTo(0, 0);
  }

  function parse(html) {
    const fragment = document.createElement("template");
    fragment.innerHTML = html;
    return fragment.content;
  }

  function put(html) {
    const old = one("#card"), card = one("#card", parse(html));
    if (!card) return;
    const moved = card.dataset.stage !== old.dataset.stage, words = unsaved(old).join("\n\n");
    const parts = moved ? [] : all("[data-part]", old), same = parts.every((part) => one("#" + part.id, card));
    if (parts.length && same) return parts.forEach((part) => renew(part, one("#" + part.id, card))); // the rest stays
    if (!moved && one("form[data-stage]", card) && begun(one("form[data-stage]", old))) return; // it is being filled in
    if (words) document.body.dispatchEvent(new CustomEvent("unsaved", { detail: { stage: old.dataset.stage, words } }));
    old.replaceWith(card);
    prepare(card);
    if (moved) arrived(card);
  }

  /* A form stays while it is in use, and once it was sent from here: what was fetched may be older. */
  function renew(part, now) {
    const form = one("form[data-stage]", part);
    if (form && (begun(form) || "sent" in form.dataset || form.contains(document.activeElement))) return;
    part.replaceWith(now);
    prepare(now);
  }

  function forget() {
    clearTimeout(fetching);
    return asked += 1;
  }

  function fetchSoon(within) {
    forget();
    fetching = setTimeout(fetchOwn, Math.random() * within);
  }

  /* What is asked for here is put in place unless something newer has come meanwhile. */
  async function fetchOwn() {
    const { live, card } = document.body.dataset, mine = forget();
    try {
      const headers = { "HX-Request": "true" };
      const answer = await fetch(live ? card : location.href, { headers, cache: "no-store" });
      if (answer.headers.get("HX-Redirect")) return location.assign(answer.headers.get("HX-Redirect"));
      if (!answer.ok) throw new Error(answer.status);
      const html = await answer.text();
      if (mine === asked) put(html);
    } catch {
      if (mine !== asked) return;
      fetching = setTimeout(fetchOwn, UNHURRIED + Math.random() * JITTER);
    }
  }

  /* What is pushed is the same for all; a phone that may have an answer of its own fetches the card with it. */
  function staged({ detail }) {
    const old = one("#card"), same = old.dataset.stage === detail.stage;
    const changed = detail.news && one("[data-votes], [data-own]", old); // answers were added, or words kept back
    if (same && one("form[data-stage], [data-own]", old)) return void (changed && fetchSoon(UNHURRIED));
    if (!same) { forget(); all("[data-own]", old).forEach((part) => part.remove()); } // what is of the stage before goes
    if (detail.fresh) put(detail.html);
    if (one("[data-own]")) fetchSoon(UNHURRIED);
    else if (!detail.fresh && !same) fetchSoon(JITTER);
  }

  function prepare(card) {
    const form = one("form[data-stage]", card);
    if (form) form.dataset.was = serial(form);
    document.body.dispatchEvent(new CustomEvent("card", { detail: card }));
  }

  /* Put a part of the form in the place of the one with the same id; the button keeps the focus. */
  function change(part) {
    const old = document.getElementById(part.id), held = old.contains(document.activeElement);
    old.replaceWith(part);
    if (held && one("button", part)) one("button", part).focus({ preventScroll: true });
  }

  const shown = (stage) => one(`form[data-stage="${stage}"]`);

  /* Not sent yet: state 5 of a question, until the server has answered. */
  function kept({ detail: { stage, stored } }) {
    const form = shown(stage), part = one(stored ? "#kept-dock" : "#unkept-dock").content.cloneNode(true).firstElementChild;
    if (!form || one(".state--kept", form)) return;
    Object.assign(form.dataset, { was: serial(form), sent: "" });
    change(part);
    say(one(".state", part).textContent);
  }

  function answered({ detail: { stage, outcome, html, body, seen } }) {
    const form = shown(stage);
    if (form && outcome === "closed") form.dataset.was = body; // keep.js has set it aside
    if (form && (outcome === "closed" || !seen)) return fetchOwn();
    if (!form) return;
    Object.assign(form.dataset, { was: outcome === "saved" ? body : "", sent: "" });
    [...parse(html).children].forEach((part) => change(part));
    form.dispatchEvent(new Event("change"));
    const alert = one("#alert .alert", form);
    if (alert) { alert.focus(); alert.scrollIntoView({ block: "center" }); }
    if (outcome === "saved") say(one("#dock .state", form).textContent);
  }

  function elsewhere({ detail: { stage } }) {
    const form = shown(stage);
    if (form && !begun(form)) { delete form.dataset.sent; fetchOwn(); } // what is being filled in here is left alone
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (!one("#card")) return document.body.addEventListener("answered", () => location.reload()); // a list of answers
    prepare(one("#card"));
    Object.entries({ stage: staged, kept, answered, elsewhere }).forEach(([name, hear]) => document.body.addEventListener(name, hear));
    /* A page that comes back from the back button shows what is open now. */
    window.addEventListener("pageshow", (event) => { if (event.persisted) fetchOwn(); });
  });
})();
