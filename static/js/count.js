/* What is left while a form is filled in: characters of a box, dots of a vote; and how many answers were sent without
   their question being on the screen. */
(() => {
  "use strict";
  const SHOWN = 10000; // milliseconds
  let sent = 0, quiet = 0;
  const one = (selector, from) => from.querySelector(selector);

  function characters(out) {
    const box = document.getElementById(out.dataset.count), words = document.body.dataset.left;
    const count = () => { out.textContent = words.replace("0", box.maxLength - box.value.length); };
    box.addEventListener("input", count);
    if (box.value) count();
  }

  function dots(card) {
    const votes = one("[data-votes]", card), out = one("#votes-out", card);
    if (!votes || !out) return;
    const form = votes.closest("form"), most = Number(votes.dataset.votes);
    const count = () => {
      const boxes = [...votes.querySelectorAll("input[type=checkbox]")]; // others after a refusal
      const placed = boxes.filter((box) => box.checked).length;
      out.textContent = document.body.dataset.dots.replace("0", placed).replace("3", most);
      boxes.forEach((box) => box.setAttribute("aria-disabled", String(placed >= most && !box.checked)));
    };
    form.addEventListener("change", count);
    votes.addEventListener("click", (event) => {
      if (event.target.getAttribute("aria-disabled") === "true" && event.target.checked) event.preventDefault();
    });
    count();
  }

  function answered({ detail: { outcome, seen } }) {
    if (outcome !== "saved" || seen) return;
    const lines = one("#sent-lines", document).content.children, place = one("#sent", document);
    sent += 1;
    place.textContent = lines[Math.min(sent, lines.length) - 1].textContent;
    clearTimeout(quiet);
    quiet = setTimeout(() => { place.textContent = ""; sent = 0; }, SHOWN);
  }

  document.body.addEventListener("answered", answered);
  document.body.addEventListener("card", ({ detail: card }) => {
    card.querySelectorAll("[data-count]").forEach(characters);
    dots(card);
  });
})();
