/* The timer: count down from the seconds that the server says are left, by a clock of our own that nobody can set.
   Silent for screen readers, but for two notes on a phone: one minute left, and the end. */
(() => {
  "use strict";
  const TICK = 250, JITTER = 500, SLEPT = 1500; // milliseconds
  const came = new WeakMap(); // when each clock came onto the page
  const last = new Map(); // by timer: the seconds left when we last looked
  const phone = () => document.body.classList.contains("phone");
  const tell = (detail) => document.body.dispatchEvent(new CustomEvent("stage", { bubbles: true, detail }));
  let drift = Date.now() - performance.now();

  function left(clock) {
    if (!came.has(clock)) came.set(clock, performance.now());
    const passed = "paused" in clock.dataset ? 0 : (performance.now() - came.get(clock)) / 1000;
    return Math.max(0, Number(clock.dataset.left) - passed);
  }

  function words(clock, seconds) {
    if (!seconds) return clock.dataset.over;
    const whole = Math.ceil(seconds);
    return [`${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`, clock.dataset.paused].filter(Boolean).join(" ");
  }

  function note(clock, seconds) {
    const before = last.get(clock.dataset.timer), told = document.getElementById("told");
    last.set(clock.dataset.timer, seconds);
    if (before === undefined || "paused" in clock.dataset) return;
    if (told && before > 60 && seconds <= 60) told.textContent = clock.dataset.minute;
    if (!before || seconds) return;
    if (told) told.textContent = clock.dataset.over;
    if ("closes" in clock.dataset) setTimeout(() => tell({ stage: "over", fresh: false }), Math.random() * JITTER);
  }

  function tick() {
    document.querySelectorAll("[data-timer]").forEach((clock) => {
      const seconds = left(clock), out = clock.querySelector("[data-clock]"), text = words(clock, seconds);
      if (out.textContent !== text) out.textContent = text;
      note(clock, seconds);
    });
  }

  const parse = (html) => new DOMParser().parseFromString(html, "text/html");
  const named = (from) => (from.querySelector("[data-timer]") || { dataset: {} }).dataset.timer;

  /* Put the timer that is in this card into the card on the page; nothing else of it is touched. */
  function put(card) {
    const old = document.querySelector("#card [data-timer]"), clock = card.querySelector("[data-timer]");
    if (old) old.remove();
    if (clock) document.querySelector("#card .bar .brand").after(clock);
    tick();
  }

  async function fetchCard() {
    try {
      const answer = await fetch(document.body.dataset.card, { headers: { "HX-Request": "true" }, cache: "no-store" });
      if (answer.status === 503) throw new Error(answer.status);
      const card = answer.ok && parse(await answer.text()).getElementById("card");
      if (!card) return;
      if (card.dataset.stage === document.getElementById("card").dataset.stage) put(card);
      else tell({ stage: card.dataset.stage, fresh: false }); // its time was over meanwhile
    } catch {
      setTimeout(fetchCard, 10 * JITTER);
    }
  }

  /* What is pushed may have been made a while ago: that there is another timer is news, how long it has left is asked. */
  function staged({ detail }) {
    if (!phone() || !detail || !detail.html) return;
    const card = parse(detail.html).getElementById("card"), mine = document.getElementById("card");
    if (!card || card.dataset.stage !== mine.dataset.stage || named(card) === named(mine)) return;
    if (named(card)) setTimeout(fetchCard, Math.random() * JITTER);
    else put(card);
  }

  /* After a sleep our own clock has stood still. */
  function awake() {
    const now = Date.now() - performance.now(), slept = Math.abs(now - drift) > SLEPT;
    drift = now;
    if (document.visibilityState !== "visible" || !slept || !document.querySelector("[data-timer]")) return;
    if (phone()) fetchCard();
    else tell();
  }

  document.addEventListener("DOMContentLoaded", () => {
    setInterval(tick, TICK);
    tick();
    document.body.addEventListener("stage", staged);
    document.addEventListener("visibilitychange", awake);
  });
})();
