/* The desk: a letter moves to a button, Enter presses it; what is private is fetched when it is opened; what is being
   typed outlives a move of the session; a press that did not get through is said. */
(() => {
  "use strict";
  const KEYS = "midpoint-keys", LONGEST_PRESS = 2000; // milliseconds
  const missed = new Set(); // by name: news that came while a button was held down
  const store = (() => { try { return window.localStorage; } catch { return null; } })(); // refused: not remembered
  let off = Boolean(store) && store.getItem(KEYS) === "off", written = null, unfolded = [], held = false;

  function press(event) {
    const at = event.target;
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) && at.type !== "checkbox" && at.type !== "radio";
    if (off || typing || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
    const button = document.querySelector(`[data-key="${CSS.escape(event.key.toUpperCase())}"]`);
    if (button) { event.preventDefault(); button.focus(); }
  }

  function choose({ target }) {
    if (target.id !== "keys") return;
    off = !target.checked;
    if (store) store.setItem(KEYS, off ? "off" : "on");
  }

  function mark() {
    const keys = document.getElementById("keys");
    if (keys) keys.checked = !off;
  }

  /* In the page only while it is open, and then as it is now. */
  function fetchOpened(details) {
    const place = details.querySelector("[hx-get]");
    if (details.open) window.htmx.trigger(place, "opened");
    else place.replaceChildren();
  }

  function counted() {
    document.querySelectorAll("details[data-fetch][open]").forEach(fetchOpened);
  }

  const title = () => document.querySelector("#desk h1").textContent;

  /* Words for a stage that another desk has left: they stay in sight until they are added; that they were, until the stage
     is another one. So does an unfolded log. */
  function leaving({ detail }) {
    if (detail.target.id === "desk") unfolded = [...document.querySelectorAll("#desk details[data-stays][open]")].map(({ id }) => id);
    const aloud = document.querySelector("#desk .aloud"), box = aloud && aloud.querySelector("textarea");
    const typed = box && box.value.trim(), told = box && aloud.querySelector("[role=status]");
    written = detail.target.id === "desk" && (typed || told) ? { aloud, at: document.activeElement, of: typed ? null : title() } : null;
  }

  function arrived() {
    mark();
    unfolded.forEach((id) => { const details = document.getElementById(id); if (details) details.open = true; });
    unfolded = [];
    if (!written) return;
    const { aloud, at, of } = written, now = document.querySelector("#desk .aloud");
    if (now && now !== aloud && (of === null || of === title())) now.replaceWith(aloud);
    if (aloud.contains(at)) at.focus();
    written = null;
  }

  function sent(failed) {
    return ({ detail }) => {
      const line = document.getElementById("not-done");
      if (line && detail.requestConfig.verb !== "get") line.hidden = !failed;
    };
  }

  /* What stands under a pointer that is down stays there until it is up, or the press would be lost; then news is asked for anew. */
  function down({ button }) {
    if (button) return;
    held = true;
    setTimeout(up, LONGEST_PRESS);
  }

  function up() {
    held = false;
    setTimeout(() => { // the press itself comes first
      missed.forEach((name) => document.body.dispatchEvent(new CustomEvent(name, { bubbles: true })));
      missed.clear();
    });
  }

  function wait({ detail }) {
    const [, name] = /^(\w+) from:body/.exec(detail.elt.getAttribute("hx-trigger")) || [];
    if (!held || !name) return;
    detail.shouldSwap = false;
    missed.add(name);
  }

  document.addEventListener("DOMContentLoaded", () => {
    mark();
    document.addEventListener("pointerdown", down, true);
    ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, up, true));
    document.body.addEventListener("htmx:beforeSwap", wait);
    document.addEventListener("keydown", press);
    document.addEventListener("change", choose);
    document.addEventListener("toggle", ({ target }) => { if (target.matches("details[data-fetch]")) fetchOpened(target); }, true);
    document.body.addEventListener("tally", counted);
    document.body.addEventListener("htmx:beforeSwap", leaving);
    document.body.addEventListener("htmx:afterSwap", arrived);
    document.body.addEventListener("htmx:beforeSend", sent(false));
    ["htmx:responseError", "htmx:sendError"].forEach((name) => document.body.addEventListener(name, sent(true)));
  });
})();
