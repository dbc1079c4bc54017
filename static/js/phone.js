/* The phone: put the open question in place when it is pushed, and never lose a word that was typed. */
(() => {
  "use strict";
  const JITTER = 1000;
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  /* Words typed and not saved, and words that a closed question refused. */
  function unsaved(card) {
    const typed = all("textarea", card).filter((box) => box.value.trim() && box.value !== box.defaultValue);
    return [...typed.map((box) => box.value), ...all("[data-kept-words]", card).map((words) => words.textContent)];
  }

  function keep(words) {
    if (!words.length) return;
    const kept = one("#kept"), place = one(".kept__words", kept);
    place.textContent = [place.textContent, ...words].filter(Boolean).join("\n\n");
    kept.hidden = false;
  }

  function arrived(card) {
    const title = one("h1", card);
    if (!title) return;
    one("#told").textContent = title.textContent;
    document.title = document.title.replace(/^.* - /, title.textContent + " - ");
    window.scrollTo(0, 0);
  }

  function put(html) {
    const old = one("#card"), fragment = document.createElement("template");
    fragment.innerHTML = html;
    const card = one("#card", fragment.content);
    if (!card || card.outerHTML === old.dataset.as) return;
    const moved = card.dataset.stage !== old.dataset.stage;
    keep(unsaved(old));
    card.dataset.as = card.outerHTML;
    old.replaceWith(card);
    window.htmx.process(card);
    prepare(card);
    if (moved) arrived(card);
  }

  async function fetchOwn() {
    try {
      const answer = await fetch(document.body.dataset.card, { headers: { "HX-Request": "true" }, cache: "no-store" });
      if (answer.headers.get("HX-Redirect")) location.assign(answer.headers.get("HX-Redirect"));
      else if (answer.ok) put(await answer.text());
    } catch {
      setTimeout(fetchOwn, 3 * JITTER);
    }
  }

  function staged({ detail }) {
    const old = one("#card");
    if (old.dataset.stage === detail.stage && one("form[data-stage]", old)) return;
    if (detail.fresh) put(detail.html);
    else if (old.dataset.stage !== detail.stage) setTimeout(fetchOwn, Math.random() * JITTER);
  }

  /* Counters: characters left, dots left. */
  function prepare(card) {
    all("[data-count]", card).forEach((out) => {
      const box = document.getElementById(out.dataset.count), words = document.body.dataset.left;
      const say = () => { out.textContent = words.replace("0", box.maxLength - box.value.length); };
      box.addEventListener("input", say);
      if (box.value) say();
    });
    const votes = one("[data-votes]", card), out = one("#votes-out", card);
    if (!votes || !out) return;
    const boxes = all("input[type=checkbox]", votes), most = Number(votes.dataset.votes);
    const count = () => {
      const placed = boxes.filter((box) => box.checked).length;
      out.textContent = document.body.dataset.dots.replace("0", placed).replace("3", most);
      boxes.forEach((box) => box.setAttribute("aria-disabled", String(placed >= most && !box.checked)));
    };
    votes.addEventListener("change", count);
    votes.addEventListener("click", (event) => {
      if (event.target.getAttribute("aria-disabled") === "true" && event.target.checked) event.preventDefault();
    });
    count();
  }

  function answered({ detail }) {
    const form = detail.elt.closest("form[data-stage]");
    if (!form) return;
    if (detail.failed || detail.xhr.status === 0) {
      const alert = one("#alert", form), words = one("#not-sent").content.cloneNode(true);
      if (alert) alert.replaceChildren(words);
    } else if (!one("#alert *", form)) {
      all("textarea", form).forEach((box) => { box.defaultValue = box.value; });
    }
    const alert = one("#alert .alert", form);
    if (alert) { alert.focus(); alert.scrollIntoView({ block: "center" }); }
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (!one("#card")) return;
    prepare(one("#card"));
    document.body.addEventListener("stage", staged);
    document.body.addEventListener("htmx:afterRequest", answered);
    document.body.addEventListener("htmx:afterSettle", ({ detail }) => {
      if (detail.target.id === "card") prepare(one("#card"));
    });
    one("#kept button").addEventListener("click", () => {
      one(".kept__words").textContent = "";
      one("#kept").hidden = true;
    });
    /* A page that comes back from sleep or the back button must not send an old form twice over a newer answer. */
    window.addEventListener("pageshow", (event) => { if (event.persisted) fetchOwn(); });
  });
})();
