/* Says in the contents which section is being read, and closes those that lie over the page once they have been used.
   Without this script they are opened and closed by hand. */
(() => {
  "use strict";

  const lists = [...document.querySelectorAll("[data-contents]")];
  const over = lists.find((list) => list.matches("details"));
  const here = over && over.querySelector("[data-here]");
  const links = lists.flatMap((list) => [...list.querySelectorAll("a")]);
  const sections = [...document.querySelectorAll(".journal__part")];

  function mark() {
    const line = innerHeight / 3; // what reaches above it is being read
    const read = sections.filter((section) => section.getBoundingClientRect().top < line).pop();
    for (const link of links) {
      const current = Boolean(read) && link.hash === `#${read.id}`;
      if (current === link.hasAttribute("aria-current")) continue;
      link.toggleAttribute("aria-current", current);
      if (current) link.setAttribute("aria-current", "true");
    }
    const current = read && links.find((link) => link.hash === `#${read.id}`);
    if (here) here.textContent = current ? current.textContent : "";
  }

  let waiting = false;
  function soon() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark();
    });
  }
  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon);
  mark();

  if (!over) return;
  document.addEventListener("click", (event) => {
    if (event.target.closest("[href='#contents']")) over.open = true;
    else if (!over.contains(event.target) || event.target.closest("a")) over.open = false;
  });
  over.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !over.open) return;
    over.open = false;
    over.querySelector("summary").focus();
  });
})();
