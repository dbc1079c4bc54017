// Passkeys: ask the browser for one, put it into the form, and send that. Where there can be none the form stays hidden.
"use strict";
(() => {
  const named = !/^[\d.]+$|:/.test(location.hostname); // a passkey belongs to a name, never to a number
  if (!window.PublicKeyCredential || !window.isSecureContext || !named) return;

  async function read(form) {
    const kept = document.getElementById("passkey-options");
    if (kept) return JSON.parse(kept.textContent);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    return answer.json();
  }

  async function ask(form) {
    const options = await read(form);
    if (form.dataset.passkey === "get") return webauthnJSON.get(options.request_options);
    const wanted = options.creation_options;
    Object.assign(wanted.publicKey.authenticatorSelection, {
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    });
    return webauthnJSON.create(wanted);
  }

  for (const note of document.querySelectorAll("[data-without-passkey]")) note.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const failed = form.querySelector("[role=alert]");
      failed.hidden = true;
      try {
        form.elements.credential.value = JSON.stringify(await ask(form));
        form.submit();
      } catch {
        failed.hidden = false;
      }
    });
  }
})();
