/* Follow the workshop: one event stream a page; a poll where a network holds streams back.
   Tells the page by the events "stage" and "tally" on body; the page is complete without this file. */
(() => {
  "use strict";
  const PATIENCE = 3000, POLL = 4000, QUIET = 40000; // the server is heard every 15 seconds
  let stream = null, poll = 0, patience = 0, quiet = 0;

  const tell = (name, detail) => document.body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));

  function heard(data) {
    clearTimeout(patience); patience = 0;
    document.body.classList.remove("is-lost");
    if (data.revision < Number(document.body.dataset.revision)) return; // asked for before something newer came
    const news = String(data.revision) !== document.body.dataset.revision;
    document.body.dataset.revision = data.revision;
    if (news || data.html) tell("stage", { ...data, news });
  }

  async function ask() {
    try {
      const url = document.body.dataset.live + "&after=" + document.body.dataset.revision;
      const answer = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (answer.status === 403) return location.reload();
      document.body.classList.toggle("is-lost", !answer.ok);
      if (answer.status === 200) heard(await answer.json());
      tell("tally");
    } catch {
      document.body.classList.add("is-lost");
    }
  }

  function fallBack() {
    if (!poll) { poll = setInterval(ask, POLL); ask(); }
  }

  function leave() {
    clearTimeout(patience); clearTimeout(quiet); clearInterval(poll);
    poll = 0;
    if (stream) stream.close();
  }

  /* A network may forget a connection and tell neither end, and a browser gives up a stream that is refused once:
     one that is not heard is begun anew. */
  function alive() {
    clearTimeout(quiet);
    quiet = setTimeout(connect, QUIET);
  }

  function follow() {
    leave();
    connect();
  }

  function connect() {
    if (!window.EventSource) return fallBack();
    if (stream) stream.close();
    alive();
    clearTimeout(patience);
    stream = new EventSource(`${document.body.dataset.live}&after=${document.body.dataset.revision}`);
    patience = setTimeout(fallBack, PATIENCE);
    stream.addEventListener("stage", (event) => { clearInterval(poll); poll = 0; heard(JSON.parse(event.data)); });
    stream.addEventListener("tally", () => tell("tally"));
    ["open", "stage", "tally", "beat"].forEach((name) => stream.addEventListener(name, alive));
    stream.addEventListener("open", () => tell("tally")); // what was counted while nobody listened
    stream.addEventListener("error", () => {
      document.body.classList.add("is-lost");
      if (stream.readyState === EventSource.CLOSED) fallBack();
      patience = patience || setTimeout(fallBack, PATIENCE); // it tries again by itself; in vain where a network is in the way
    });
  }

  /* News of which a wall or desk could not fetch its part, because the database or the server was away, is told again. */
  function missed({ detail }) {
    const [, name] = /^(stage|tally)\b/.exec(detail.elt.getAttribute("hx-trigger")) || [];
    if (name) setTimeout(() => tell(name), POLL);
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (!document.body.dataset.live) return;
    follow();
    ["htmx:responseError", "htmx:sendError"].forEach((name) => document.body.addEventListener(name, missed));
    const isPhone = document.body.classList.contains("phone");
    const look = () => {
      if (document.visibilityState === "visible") follow();
      else if (isPhone) leave();
    };
    document.addEventListener("visibilitychange", look);
    window.addEventListener("online", look); // at once, not when the next attempt is due
    window.addEventListener("pageshow", (event) => { if (event.persisted) follow(); });
    window.addEventListener("pagehide", leave);
  });
})();
