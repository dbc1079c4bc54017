/* Copies what a field shows, and says so. Without this script there is no button: the field is text to select. */
(() => {
  "use strict";

  async function copied(field) {
    try {
      await navigator.clipboard.writeText(field.value);
      return true;
    } catch { // no permission, or an address without TLS, where browsers have the old way only
      field.focus();
      field.select();
      return document.execCommand("copy");
    }
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy), said = document.getElementById(`${field.id}-said`);
    button.hidden = false;
    button.addEventListener("click", async () => {
      said.textContent = "";
      const done = await copied(field);
      if (done) button.focus();
      said.textContent = done ? button.dataset.copied : button.dataset.selected;
    });
  }
})();
