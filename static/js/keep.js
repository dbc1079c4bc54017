/* An answer is kept on this phone from the press of the button until the server has confirmed it, and no longer.

   One entry a workshop and stage: the newest wins. It is sent again, after a reload too, until the server says
   "saved", "refused" or "closed". Sending twice is harmless: the server holds one answer a phone and stage.
   Every answer is as long as the next: who watches the network does not tell a 10 from a 9, or words from none.
   What was not saved is set aside as words to copy, until they are put away. No clock is read here.
   Tells the page by events on body: "kept" (not sent yet), "answered" (what the server said), "elsewhere" (saved in
   another tab). Where this does not run, forms are sent as ever. */
(() => {
  "use strict";
  const SOON = 1000, LONGEST = 30000, SLOW = 2500, PATIENCE = 15000; // milliseconds
  const memory = new Map(), here = new Set(); // for a browser that refuses to store; stages answered on this page
  const one = (selector, from = document) => from.querySelector(selector);
  const tell = (name, detail) => document.body.dispatchEvent(new CustomEvent(name, { detail }));
  let prefix = "", wait = SOON, timer = 0, sending = false, again = false;

  /* What is kept: `what` is "send" or "aside". */
  const place = (what, stage) => `${prefix}${what}/${stage}`;
  const store = {
    get(what, stage) {
      try { return memory.get(place(what, stage)) || JSON.parse(localStorage.getItem(place(what, stage))); } catch { return null; }
    },
    put(what, stage, entry) {
      const key = place(what, stage);
      memory.set(key, entry);
      try { localStorage.setItem(key, JSON.stringify(entry)); memory.delete(key); } catch { /* it stays in memory */ }
    },
    drop(what, stage) {
      memory.delete(place(what, stage));
      try { localStorage.removeItem(place(what, stage)); } catch { /* it was only in memory */ }
    },
    stages(what) {
      const keys = new Set(memory.keys()), start = place(what, "");
      try { Object.keys(localStorage).forEach((key) => keys.add(key)); } catch { /* only what is in memory */ }
      return [...keys].filter((key) => key.startsWith(start)).map((key) => key.slice(start.length));
    },
    clear(what) { store.stages(what).forEach((stage) => store.drop(what, stage)); },
  };

  function read(form) {
    const data = new FormData(form);
    data.delete("csrfmiddlewaretoken"); // what is sent after a reload is sent with the new page's token
    const chosen = [...form.querySelectorAll("[name=value]:checked, [name=imperative]:checked")];
    const labels = chosen.map((input) => (one("span", input.labels[0]) || input.labels[0]).firstChild.textContent);
    const typed = [...form.querySelectorAll("textarea")].map((box) => box.value);
    const words = [one("h1, label", form).textContent, ...labels, ...typed].filter(Boolean).join("\n");
    return { url: form.getAttribute("action"), body: String(new URLSearchParams(data)), words };
  }

  function submitted(event) {
    const form = event.target, stage = form.dataset.stage;
    if (form.matches("[data-clears]")) ["send", "aside"].forEach((what) => store.clear(what));
    if (!form.matches("form[data-stage]")) return;
    event.preventDefault();
    if (!navigator.onLine && !form.reportValidity()) return; // the server would have said what is missing
    const entry = read(form);
    here.add(stage);
    store.put("send", stage, entry);
    setTimeout(() => { if ((store.get("send", stage) || {}).body === entry.body) notSent(stage); }, SLOW);
    sendNow();
  }

  const padded = (body) => new URLSearchParams(`${body}&pad=${"0".repeat(1024 - ((body.length + 5) % 1024))}`);
  const notSent = (stage) => tell("kept", { stage, stored: !memory.has(place("send", stage)) });
  const sendNow = () => { wait = SOON; send(); };

  function limit() {
    const control = new AbortController();
    setTimeout(() => control.abort(), PATIENCE);
    return control.signal;
  }

  /* One tab at a time sends, where the browser can see to that; a tab that fell asleep meanwhile holds up no other. */
  async function alone(work) {
    if (!navigator.locks) return work();
    try { await navigator.locks.request(prefix, { signal: limit() }, work); } catch { await work(); }
  }

  async function send() {
    clearTimeout(timer);
    again = true;
    if (sending) return;
    sending = true;
    while (again) {
      again = false;
      await alone(async () => { for (const stage of store.stages("send")) await sendOne(stage); });
    }
    sending = false;
    if (!store.stages("send").length) return;
    timer = setTimeout(send, wait);
    wait = Math.min(wait * 2, LONGEST);
  }

  async function sendOne(stage) {
    if (!here.has(stage)) await new Promise((go) => setTimeout(go, SOON / 4)); // another tab's: it may just have sent it
    const entry = store.get("send", stage);
    if (!entry) return;
    const headers = { "X-CSRFToken": document.body.dataset.csrf, "HX-Request": "true" };
    let answer, html;
    try {
      answer = await fetch(entry.url, { method: "POST", body: padded(entry.body), headers, signal: limit() });
      html = await answer.text();
    } catch { return notSent(stage); }
    const outcome = answer.headers.get("Midpoint-Answer"), elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) location.assign(elsewhere); // this phone has to join again; then the answer is sent
    if (!outcome) return notSent(stage); // a wifi's own sign-in page answers too, but not with this
    const now = store.get("send", stage);
    if (now && now.body !== entry.body) return void (again = true); // changed meanwhile: the newer one follows
    store.drop("send", stage);
    const seen = here.has(stage) && Boolean(one(`form[data-stage="${stage}"]`));
    if (outcome === "closed" || (outcome === "refused" && !seen)) setAside(stage, why(html), entry.words);
    tell("answered", { stage, outcome, html, body: entry.body, seen });
  }

  /* Words that did not make it stay on the phone, to be copied. */
  const why = (html) => one("#alert p", new DOMParser().parseFromString(html, "text/html")).textContent;

  function setAside(stage, reason, words) {
    const before = store.get("aside", stage);
    store.put("aside", stage, { reason, words: before ? `${before.words}\n\n${words}` : words });
    showAside();
  }

  function showAside() {
    const kept = store.stages("aside").map((stage) => store.get("aside", stage));
    one("#kept").hidden = !kept.length;
    one("#kept-parts").replaceChildren(...kept.map(({ reason, words }) => {
      const part = one("#kept-part").content.cloneNode(true);
      one(".kept__why", part).textContent = reason;
      one(".kept__words", part).textContent = words;
      return part;
    }));
  }

  document.addEventListener("DOMContentLoaded", () => {
    prefix = `midpoint/${document.body.dataset.keep}/`;
    document.addEventListener("submit", submitted);
    document.addEventListener("visibilitychange", sendNow);
    document.body.addEventListener("stage", sendNow);
    document.body.addEventListener("unsaved", ({ detail }) => setAside(detail.stage, document.body.dataset.moved, detail.words));
    one("#kept button").addEventListener("click", () => { store.clear("aside"); showAside(); });
    ["online", "pageshow"].forEach((name) => window.addEventListener(name, sendNow));
    window.addEventListener("storage", ({ key, newValue }) => {
      showAside();
      if (key && key.startsWith(place("send", "")) && !newValue) tell("elsewhere", { stage: key.slice(place("send", "").length) });
    });
    showAside();
    send();
  });
})();
