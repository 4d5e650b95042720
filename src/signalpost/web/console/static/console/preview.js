/* Keeps what was chosen in the preview, and fits the window of an e-mail into the panel. */
(() => {
  "use strict";
  const kept = () => new URLSearchParams(decodeURIComponent((document.cookie.match(/(?:^|; )sp_preview=([^;]*)/) || ["", ""])[1]));
  const choose = (place) => {
    const all = kept();
    all.set(place.dataset.choose, place.value);
    document.cookie = `sp_preview=${encodeURIComponent(all.toString())}; path=/; max-age=31536000; samesite=strict`;
    window.location.reload();
  };
  for (const place of document.querySelectorAll("button[data-choose]")) place.addEventListener("click", () => choose(place));
  for (const place of document.querySelectorAll("select[data-choose], input[data-choose]")) place.addEventListener("change", () => choose(place));

  const told = document.querySelector("[data-told]");
  for (const button of document.querySelectorAll("[data-proof]")) {
    button.addEventListener("click", async () => {
      button.disabled = true;
      told.textContent = "Sending a proof to you …";
      const { sample, language, channel, token } = button.dataset;
      try {
        const body = new URLSearchParams({ sample, language, channel });
        const answer = await fetch(button.dataset.proof, { method: "POST", body, headers: { "x-csrftoken": token } });
        told.textContent = answer.ok ? (await answer.json()).told : `Not sent: the server answered ${answer.status}.`;
      } catch {
        told.textContent = "Not sent: no answer from the server.";
      }
      button.disabled = false;
    });
  }

  const fit = () => {
    for (const place of document.querySelectorAll(".window[data-width]")) {
      const frame = place.firstElementChild, wanted = Number(place.dataset.width);
      const scale = Math.min(1, place.clientWidth / wanted);
      frame.style.transform = `scale(${scale})`;
      place.style.maxWidth = `${wanted + 2}px`;
      place.style.height = `${Math.round(Number(frame.height) * scale)}px`;
    }
  };
  window.addEventListener("resize", fit);
  fit();
})();
