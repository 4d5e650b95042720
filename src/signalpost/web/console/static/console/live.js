/* Keeps the overview's numbers current: asks every few seconds, rests while the tab is hidden or the person paused it,
   and tells a screen reader only when something starts or stops failing. */
(() => {
  "use strict";
  const root = document.querySelector("[data-live]");
  if (!root) return;
  const everyMs = 4000, slowestMs = 60000;
  const button = document.querySelector("[data-live-pause]");
  const asOf = document.querySelector("[data-live-at]");
  const voice = document.querySelector("[data-live-voice]");
  let timer = 0, waitMs = everyMs, isPaused = false, spoken = root.dataset.liveSummary;

  const put = (found) => {
    for (const [name, text] of Object.entries(found.numbers)) {
      const place = root.querySelector(`[data-number="${name}"]`);
      if (place && place.textContent !== text) place.textContent = text;
    }
    for (const [name, isShown] of Object.entries(found.shown)) {
      const place = root.querySelector(`[data-fail="${name}"]`);
      if (place) place.hidden = !isShown;
    }
    for (const [name, state] of Object.entries(found.states)) {
      const place = root.querySelector(`[data-stage="${name}"]`);
      if (place) place.dataset.state = state;
    }
    for (const [name, html] of Object.entries(found.parts)) {
      const place = root.querySelector(`[data-part="${name}"]`);
      // Whoever has the focus inside keeps it: the part is replaced the next time.
      if (place && place.dataset.was !== html && !place.contains(document.activeElement)) {
        place.innerHTML = html;
        place.dataset.was = html;
      }
    }
    asOf.textContent = found.at;
    if (found.summary !== spoken) voice.textContent = spoken = found.summary;
  };

  const ask = async () => {
    timer = 0;
    try {
      const answer = await fetch(root.dataset.live, { headers: { "x-requested-with": "XMLHttpRequest" } });
      if (!answer.ok) throw new Error(String(answer.status));
      put(await answer.json());
      waitMs = everyMs;
    } catch {
      waitMs = Math.min(waitMs * 2, slowestMs);
      asOf.textContent = "no answer from the server, trying again";
    }
    plan(waitMs);
  };
  const plan = (ms) => {
    if (!timer && !isPaused && !document.hidden) timer = setTimeout(ask, ms);
  };
  const rest = () => { clearTimeout(timer); timer = 0; };

  document.addEventListener("visibilitychange", () => { document.hidden ? rest() : plan(0); });
  button.addEventListener("click", () => {
    isPaused = !isPaused;
    button.textContent = isPaused ? "Go on updating" : "Pause updates";
    isPaused ? rest() : plan(0);
  });
  plan(everyMs);
})();
