/* A form that is judged while somebody writes it: the page shows what is said about it as it stands. */
(() => {
  const PAUSE_MS = 300;
  const form = document.querySelector("form[data-check]");
  if (!form) return;
  const said = document.querySelector("[data-check-said]");
  const voice = document.querySelector("[data-check-voice]");
  let timer = 0;
  let number = 0;

  const fit = () => {
    const source = form.querySelector("[name=source]:checked");
    const audience = form.querySelector("[name=audience]");
    for (const part of form.querySelectorAll("[data-for]")) {
      const wanted = part.dataset.for;
      part.hidden = wanted === "role" ? audience.value !== "role" : source && source.value !== wanted;
    }
  };
  const ask = async () => {
    const mine = ++number;
    const answer = await fetch(form.dataset.check, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    if (!answer.ok || mine !== number) return;
    said.innerHTML = await answer.text();
    const bad = said.querySelectorAll("[data-tone=bad]").length;
    voice.textContent = bad ? `${bad} to put right` : "Nothing to object to";
  };
  form.addEventListener("input", () => {
    fit();
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, PAUSE_MS);
  });
  fit();
})();
