/* The desk: a letter moves to a button, Enter presses it; the tick box turns that off. */
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    const keys = document.getElementById("keys"), at = event.target;
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) && at.type !== "checkbox" && at.type !== "radio";
    if (!keys || !keys.checked || typing || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
    const button = document.querySelector(`[data-key="${CSS.escape(event.key.toUpperCase())}"]`);
    if (button) { event.preventDefault(); button.focus(); }
  });
})();
