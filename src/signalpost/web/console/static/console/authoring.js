/* What a form of authoring does beside its fields: judges conditions, counts SMS, reads JSON, shows what is wrong where
   it is wrong. Every judgement comes from the server; without an answer nothing is claimed. */
(() => {
  "use strict";
  const data = document.getElementById("sp-authoring");
  if (!data) return;
  const given = JSON.parse(data.textContent);
  const make = (name, attributes, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (value !== false && value !== undefined) made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  };
  const ask = async (what, text, more = {}) => {
    const body = new FormData();
    const token = document.querySelector("[name=csrfmiddlewaretoken]");
    for (const [key, value] of Object.entries({ ...given.key, text, ...more })) body.append(key, String(value));
    const answer = await fetch(given.asks[what], { method: "POST", body, headers: { "X-CSRFToken": token ? token.value : "" } });
    if (!answer.ok && answer.status !== 413) throw new Error(String(answer.status));
    return answer.json();
  };
  const later = (run, ms) => { let timer = 0; return (...all) => { clearTimeout(timer); timer = setTimeout(() => run(...all), ms); }; };
  let count = 0;
  const below = (input, attributes) => {
    const made = make("div", { id: `sp-below-${count += 1}`, ...attributes });
    input.insertAdjacentElement("afterend", made);
    input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") || ""} ${made.id}`.trim());
    return made;
  };

  /* Conditions: a helper for simple comparisons, and what the condition comes to. */
  const OPERATORS = {
    text: [["is", "=="], ["is not", "!="], ["is there", "has"], ["is not there", "!has"]],
    code: [["is", "=="], ["is not", "!="], ["is there", "has"], ["is not there", "!has"]],
    number: [["is", "=="], ["is more than", ">"], ["is at least", ">="], ["is less than", "<"], ["is at most", "<="], ["is not", "!="], ["is there", "has"], ["is not there", "!has"]],
    money: [["is more than", ">"], ["is less than", "<"], ["is there", "has"], ["is not there", "!has"]],
    yes_or_no: [["is yes", "yes"], ["is no", "no"]],
    list: [["has at least one", "some"], ["is empty", "none"], ["has more than", "size"]],
    moment: [["is there", "has"], ["is not there", "!has"]],
  };
  const built = (field, operator, value) => {
    const path = field.path, text = JSON.stringify(value), number = value.trim() || "0";
    const amount = field.kind === "money" ? `double(${path}.amount)` : path;
    switch (operator) {
      case "has": return `has(${path})`;
      case "!has": return `!has(${path})`;
      case "yes": return path;
      case "no": return `!${path}`;
      case "some": return `size(${path}) > 0`;
      case "none": return `size(${path}) == 0`;
      case "size": return `size(${path}) > ${number}`;
      default: {
        const isNumber = field.kind === "number" || field.kind === "money";
        const right = field.kind === "money" && !/[.]/.test(number) ? `${number}.0` : number;
        const compared = `${amount} ${operator} ${isNumber ? right : text}`;
        return field.is_required ? compared : `has(${path}) && ${compared}`;
      }
    }
  };
  const helper = (input) => {
    const fields = given.fields.filter((field) => !field.each);
    if (!fields.length) return null;
    const id = `sp-build-${count += 1}`;
    const which = make("select", { id: `${id}-f` }, ...fields.map((field) => make("option", { value: field.path }, field.label)));
    const how = make("select", { id: `${id}-o` });
    const value = make("input", { id: `${id}-v`, type: "text", list: `${id}-l` });
    const codes = make("datalist", { id: `${id}-l` });
    const valueBox = make("div", {}, make("label", { for: value.id }, "Value"), value, codes);
    const field = () => fields.find((one) => one.path === which.value);
    const change = () => {
      how.replaceChildren(...(OPERATORS[field().kind] || OPERATORS.text).map(([label, name]) => make("option", { value: name }, label)));
      codes.replaceChildren(...field().codes.map((code) => make("option", { value: code })));
      ask2();
    };
    const ask2 = () => { valueBox.hidden = ["has", "!has", "yes", "no", "some", "none"].includes(how.value); };
    const take = (joint) => {
      const text = built(field(), how.value, value.value), before = input.value.trim();
      input.value = joint && before ? `${before} ${joint} ${text}` : text;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
      input.focus();
    };
    which.addEventListener("change", change);
    how.addEventListener("change", ask2);
    const buttons = [["Use it", ""], ["And", "&&"], ["Or", "||"]].map(([label, joint]) => make("button", { type: "button", class: "button button-small button-secondary", onclick: () => take(joint) }, label));
    const box = make("details", { class: "sp-build" }, make("summary", {}, "Build a simple condition"),
      make("div", { class: "sp-build__row" }, make("div", {}, make("label", { for: which.id }, "Field"), which), make("div", {}, make("label", { for: how.id }, "How"), how), valueBox, make("div", { class: "sp-build__go" }, ...buttons)));
    change();
    return box;
  };
  const showCondition = (out, text, found) => {
    out.replaceChildren();
    if (!text) { out.append(make("p", { class: "sp-quiet" }, "Write a condition, or build one below.")); return; }
    if (found.fault) { out.append(make("p", { class: "sp-wrong" }, `It cannot be read yet: ${found.fault}`)); return; }
    for (const path of found.unknown) out.append(make("p", { class: "sp-wrong" }, `The data has no field “${path}”.`));
    if (!found.samples.length) { out.append(make("p", { class: "sp-good" }, "It can be read.")); return; }
    const list = make("ul", { class: "sp-truth" });
    for (const sample of found.samples) {
      const [tone, word] = sample.holds === null ? ["bad", "cannot be said"] : sample.holds ? ["good", "holds"] : ["calm", "does not hold"];
      list.append(make("li", { "data-tone": tone, title: sample.why || "" }, make("strong", {}, word), ` ${sample.name}`));
    }
    out.append(make("p", { class: "sp-quiet" }, "For your samples:"), list);
  };
  const condition = (input) => {
    const out = below(input, { class: "sp-said", role: "status" });
    const box = helper(input);
    if (box) out.insertAdjacentElement("afterend", box);
    const judge = later(async () => {
      const text = input.value.trim();
      try {
        const found = text ? await ask("condition", text) : {};
        if (text === input.value.trim()) showCondition(out, text, found);
      } catch { out.replaceChildren(); }
    }, 250);
    input.addEventListener("input", judge);
    judge();
  };

  /* Paths of lists and of fields of their elements. */
  const lists = make("datalist", { id: "sp-lists" }, ...given.fields.filter((field) => field.kind === "list" && !field.each).map((field) => make("option", { value: field.path }, field.label)));
  document.body.append(lists);
  const path = (input) => {
    if (input.dataset.spPath === "list") { input.setAttribute("list", "sp-lists"); input.placeholder = given.fields.some((field) => field.kind === "list") ? "Choose a list …" : ""; }
    if (input.dataset.spPath === "item") {
      const options = make("datalist", { id: `sp-items-${count += 1}` });
      input.after(options);
      input.setAttribute("list", options.id);
      input.addEventListener("focus", () => {
        const list = window.signalpost ? window.signalpost.listAround(input) : "";
        options.replaceChildren(...given.fields.filter((field) => field.each === list && list).map((field) => make("option", { value: field.path }, field.label)));
      });
    }
  };

  /* Sources: JSON with the place of an error, schemas as a tree, SVG as a picture. */
  const position = (text, error) => {
    const at = /position (\d+)/.exec(error.message);
    const before = text.slice(0, at ? Number(at[1]) : text.length).split("\n");
    return { line: before.length, column: before[before.length - 1].length + 1 };
  };
  const tree = (fields) => {
    const box = make("details", { class: "sp-tree", open: "" }, make("summary", {}, `${fields.length} field${fields.length === 1 ? "" : "s"} to speak of`));
    const table = make("table", {}, make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Field"), make("th", { scope: "col" }, "What it is"), make("th", { scope: "col" }, "Always there"))));
    const rows = make("tbody");
    for (const field of fields) {
      const kind = { yes_or_no: "yes or no", moment: "date and time", list: "list", code: field.codes.join(", ") }[field.kind] || field.kind;
      rows.append(make("tr", { "data-item": field.each ? "" : false }, make("td", {}, make("strong", {}, field.label), make("code", {}, field.each ? `${field.each} → ${field.path}` : field.path)), make("td", {}, field.description ? `${kind}: ${field.description}` : kind), make("td", {}, field.is_required ? "yes" : "no")));
    }
    table.append(rows);
    box.append(make("div", { class: "sp-tree__scroll", tabindex: "0", role: "region", "aria-label": "Fields of the data contract" }, table));
    return box;
  };
  const put = (input, text) => {
    input.value = text;
    for (const name of ["input", "change"]) input.dispatchEvent(new Event(name, { bubbles: true }));
  };
  const tools = (input, kind) => {
    const small = (label, run) => make("button", { type: "button", class: "button button-small button-secondary", onclick: run }, label);
    const row = make("p", { class: "sp-line" }, small("Lay the JSON out", () => { try { put(input, JSON.stringify(JSON.parse(input.value), null, 2)); } catch { input.focus(); } }));
    const speaks = document.querySelector("input[name=speaks_of]");
    if (kind === "schema" && speaks) row.append(small("Start from what events of this type give", async () => {
      const found = await ask("begin", speaks.value);
      const say = document.getElementById(input.id).nextElementSibling;
      if (found.fault) { say.replaceChildren(make("p", { class: "sp-wrong" }, found.fault)); speaks.focus(); return; }
      if (input.value.trim().length > 60 && !window.confirm("Replace the data contract that is there?")) return;
      put(input, found.schema);
    }));
    return row;
  };
  const source = (input) => {
    const kind = input.dataset.spSource;
    const out = below(input, { class: "sp-said", role: "status" });
    const shown = make("div");
    if (kind === "schema") input.before(shown); else out.after(shown);
    if (kind === "schema" || kind === "sample") out.after(tools(input, kind));
    const look = later(async () => {
      const text = input.value;
      out.replaceChildren();
      shown.replaceChildren();
      if (!text.trim()) return;
      if (kind === "schema" || kind === "sample") {
        try { JSON.parse(text); } catch (error) {
          const { line, column } = position(text, error);
          out.append(make("p", { class: "sp-wrong" }, `Line ${line}, column ${column}: ${error.message.replace(/^JSON\.parse: | in JSON at position.*$/g, "")}. It is kept as you wrote it.`),
            make("button", { type: "button", class: "button button-small button-secondary", onclick: () => { const at = text.split("\n").slice(0, line - 1).join("\n").length + column - 1; input.focus(); input.setSelectionRange(at, at + 1); } }, "Go there"));
          return;
        }
      }
      if (kind === "sample") shown.append(sampleForm(input));
      try {
        if (kind === "schema") {
          const found = await ask("schema", text);
          if (found.fault) out.append(make("p", { class: "sp-wrong" }, `It is no JSON Schema: ${found.fault}`));
          else shown.append(tree(found.fields));
        }
        if (kind === "svg") {
          const found = await ask("logo", text);
          if (found.fault) out.append(make("p", { class: "sp-wrong" }, found.fault));
          else shown.append(make("img", { class: "sp-logo-shown", alt: "The logo", src: `data:image/svg+xml;base64,${btoa(unescape(encodeURIComponent(found.svg)))}` }));
        }
      } catch { /* No answer: nothing is claimed. */ }
    }, 400);
    input.addEventListener("input", look);
    look();
  };

  /* A sample as a form: its simple values, each written back into the JSON. */
  const sampleForm = (input) => {
    const box = make("details", { class: "sp-sample" }, make("summary", {}, "Fill in as a form"));
    box.addEventListener("toggle", () => {
      if (!box.open || box.dataset.made) return;
      box.dataset.made = "yes";
      const rows = make("div", { class: "sp-sample__rows" });
      const fields = given.fields.filter((field) => !field.each && field.kind !== "list");
      const at = (facts, parts, value) => {
        const last = parts[parts.length - 1];
        let inner = facts;
        for (const name of parts.slice(0, -1)) inner = (typeof inner[name] === "object" && inner[name]) || (value === undefined ? {} : (inner[name] = {}));
        if (value === undefined) return inner[last];
        if (value === "") delete inner[last]; else inner[last] = value;
        return value;
      };
      for (const field of fields) {
        const id = `sp-sample-${count += 1}`, parts = field.kind === "money" ? [...field.path.split("."), "amount"] : field.path.split(".");
        const now = at(JSON.parse(input.value), parts);
        const control = make("input", { id, type: "text", value: now === undefined || now === null ? "" : String(now), list: field.codes.length ? `${id}-l` : false });
        control.addEventListener("change", () => {
          const facts = JSON.parse(input.value), text = control.value.trim();
          const value = text === "" ? "" : field.kind === "number" && !Number.isNaN(Number(text)) ? Number(text) : field.kind === "yes_or_no" ? text === "true" || text === "yes" : text;
          at(facts, parts, value);
          input.value = JSON.stringify(facts, null, 2);
          input.dispatchEvent(new Event("change", { bubbles: true }));
        });
        rows.append(make("div", {}, make("label", { for: id }, field.label), control, ...(field.codes.length ? [make("datalist", { id: `${id}-l` }, ...field.codes.map((code) => make("option", { value: code })))] : [])));
      }
      box.append(fields.length ? rows : make("p", { class: "sp-quiet" }, "The data contract has no fields yet."));
    });
    return box;
  };

  /* Colours, with the contrast of the two while they are chosen. */
  const colour = (input) => {
    const picker = make("input", { type: "color", "aria-label": `${input.labels && input.labels[0] ? input.labels[0].textContent.trim() : "Colour"}: choose`, value: /^#[0-9a-f]{6}$/i.test(input.value) ? input.value : "#000000" });
    const row = make("div", { class: "sp-colour" });
    input.before(row);
    row.append(input, picker);
    picker.addEventListener("input", () => { input.value = picker.value; input.dispatchEvent(new Event("input", { bubbles: true })); });
    input.addEventListener("input", () => { if (/^#[0-9a-f]{6}$/i.test(input.value)) picker.value = input.value; contrast(); });
  };
  const contrast = later(async () => {
    const [one, other] = ["primary", "on_primary"].map((name) => document.querySelector(`input[name=${name}]`));
    if (!one || !other) return;
    let out = document.getElementById("sp-contrast");
    if (!out) (other.closest(".sp-colour") || other).after(out = make("div", { id: "sp-contrast", class: "sp-said", role: "status" }));
    try {
      const found = await ask("contrast", one.value, { other: other.value });
      const swatch = make("span", { class: "sp-swatch" }, "Text on the colour");
      swatch.style.background = one.value;
      swatch.style.color = other.value;
      out.replaceChildren(found.fault ? make("p", { class: "sp-wrong" }, found.fault) : make("p", { class: found.isEnough ? "sp-good" : "sp-wrong" }, swatch, ` Contrast ${found.ratio} to 1. ${found.isEnough ? "Easy to read." : "Wanted at least 4.5: choose a darker or lighter colour."}`));
    } catch { out.replaceChildren(); }
  }, 200);

  /* SMS: how many segments it takes, with the values of the samples. */
  const texts = new Map();
  const countSms = async (input) => {
    let out = document.getElementById(`${input.id}-segments`);
    if (!out) (input.parentElement.querySelector("[data-draftail-editor-wrapper]") || input).after(out = make("div", { id: `${input.id}-segments`, class: "sp-said", role: "status" }));
    try {
      const found = await ask("sms", input.value);
      const isOver = found.segments > found.budget;
      const parts = [make("p", { class: isOver ? "sp-wrong" : "sp-good" }, `${found.segments} of ${found.budget} segment${found.budget === 1 ? "" : "s"}, ${found.units} of ${found.limit} characters (${found.encoding})${found.isSamples ? ", at most, with the values of your samples" : ""}.${isOver ? " Shorten the text." : ""}`)];
      if (found.odd) parts.push(make("p", { class: "sp-quiet" }, `${[...found.odd].map((one) => `“${one}”`).join(" ")} makes the whole message Unicode, with 70 instead of 160 characters in a segment.`));
      out.replaceChildren(...(found.units ? parts : []));
    } catch { out.replaceChildren(); }
  };
  const smsInputs = () => [...document.querySelectorAll("input[type=hidden][data-draftail-input]")].filter((input) => /(^|-)sms$/.test(input.name));
  setInterval(() => {
    if (document.hidden) return;
    for (const input of smsInputs()) if (texts.get(input) !== input.value) { texts.set(input, input.value); countSms(input); }
  }, 700);

  /* What is wrong, at its field and in a list above. */
  const fieldAt = (place) => {
    const id = place.replace(/\[(\d+)\]/g, "-$1-value").replace(/\./g, "-");
    for (let name = id; name; name = name.replace(/-?[^-]+$/, "")) {
      const found = document.getElementById(name) || document.querySelector(`[name="${CSS.escape(name)}"]`) || document.getElementById(`id_${name}`);
      if (found) return found;
      const block = document.querySelector(`[name="${CSS.escape(name.replace(/-value$/, ""))}-type"]`);
      if (block) return block.closest("section, [data-streamfield-child]") || block.parentElement;
    }
    return null;
  };
  const go = (place) => {
    const field = fieldAt(place);
    if (!field) return;
    const seen = field.closest("[data-contentpath]") || field.parentElement;
    for (let box = field.closest("[data-panel], .w-panel"); box; box = box.parentElement.closest(".w-panel")) {
      const toggle = box.querySelector("[data-panel-toggle][aria-expanded=false]");
      if (toggle) toggle.click();
    }
    seen.scrollIntoView({ block: "center", behavior: "auto" });
    const target = field.type === "hidden" ? seen.querySelector("[contenteditable=true]") : field;
    if (target && target.focus) target.focus({ preventScroll: true });
    seen.classList.add("sp-here");
    setTimeout(() => seen.classList.remove("sp-here"), 4000);
  };
  const own = (place) => {
    const found = /^editions\[([^\]]+)\]\.?(.*)$/.exec(place);
    if (!found) return { place, isHere: !given.key.edition };
    return { place: given.key.edition ? found[2] : place, isHere: given.key.edition && found[1] === given.language };
  };
  const showFindings = (found) => {
    document.querySelectorAll(".sp-at").forEach((one) => one.remove());
    const box = document.getElementById("sp-findings");
    if (!box) return;
    const errors = found.findings.filter((one) => one.severity === "error").length, all = found.findings.length + found.more;
    box.hidden = !all;
    box.dataset.tone = errors ? "bad" : "warn";
    box.querySelector("h2").textContent = errors ? `${errors} thing${errors === 1 ? "" : "s"} to put right before you submit` : `${all} thing${all === 1 ? "" : "s"} to look at`;
    box.querySelector("ul").replaceChildren(...found.findings.map((one) => {
      const { place, isHere } = own(one.place), field = isHere ? fieldAt(place) : null;
      const words = make("span", {}, make("strong", {}, one.severity === "error" ? "Error: " : "Warning: "), one.message, make("span", { class: "sp-quiet" }, ` What to do: ${one.remedy}.`));
      if (field) {
        const seen = field.closest("[data-contentpath]") || field.parentElement;
        const note = make("p", { class: "sp-at", "data-tone": one.severity === "error" ? "bad" : "warn" }, one.message, make("span", {}, ` ${one.remedy}.`));
        (seen.querySelector(".w-field__input, [data-field-input]") || seen).append(note);
      }
      return make("li", {}, words, ...(field ? [" ", make("button", { type: "button", class: "button button-small button-secondary", onclick: () => go(place) }, "Go there")] : []));
    }));
  };
  const check = later(async () => {
    if (given.isNew || !["communication"].includes(given.key.kind)) return;
    try { showFindings(await ask("findings", "")); } catch { /* No answer: what was said stays. */ }
  }, 600);

  /* What is pasted has a limit: a whole file in a field is a mistake, and nobody waits for the browser to swallow it. */
  const say = (text) => {
    let voice = document.getElementById("sp-voice");
    if (!voice) document.body.append(voice = make("div", { id: "sp-voice", class: "sp-voice", role: "alert" }));
    voice.textContent = text;
    voice.hidden = false;
    clearTimeout(voice.timer);
    voice.timer = setTimeout(() => { voice.hidden = true; }, 9000);
  };
  document.addEventListener("paste", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLTextAreaElement || input instanceof HTMLInputElement) || !event.clipboardData) return;
    const most = input.dataset.spSource ? 500000 : 20000, length = event.clipboardData.getData("text").length;
    if (length <= most) return;
    event.preventDefault();
    say(`This field holds at most ${most.toLocaleString("en")} characters; what you paste has ${length.toLocaleString("en")}. Nothing was pasted.`);
  }, true);

  /* The name of something new follows its title until somebody writes another one. */
  const naming = () => {
    const title = document.querySelector("input[name=title]"), name = document.querySelector("input[name=name]");
    if (!given.isNew || !title || !name || name.value) return;
    let mine = "";
    title.addEventListener("input", () => {
      if (name.value !== mine) return;
      name.value = mine = title.value.normalize("NFKD").replace(/[^a-zA-Z0-9]+/g, "-").replace(/^-+|-+$/g, "").toLowerCase().slice(0, 100);
    });
  };

  /* Everything that comes into the form, now or when a block is added. */
  const kinds = [["[data-sp-condition]", condition], ["[data-sp-path]", path], ["[data-sp-source]", source], ["[data-sp-colour]", colour]];
  const equip = (root) => {
    for (const [selector, run] of kinds) for (const input of root.querySelectorAll(selector)) if (!input.dataset.spReady) { input.dataset.spReady = "yes"; run(input); }
    for (const editor of root.querySelectorAll(".public-DraftEditor-content:not([aria-label])")) {
      const input = editor.closest("[data-draftail-editor-wrapper]").parentElement.querySelector("input[data-draftail-input]");
      const label = input && document.querySelector(`label[for="${CSS.escape(input.id)}"]`);
      editor.setAttribute("aria-label", label ? label.textContent.trim().replace(/\s*\*$/, "") : "Text");
    }
    for (const map of document.querySelectorAll(".w-minimap__list:not([tabindex])")) map.tabIndex = 0;
    if (given.direction === "rtl" || given.language) {
      for (const editor of root.querySelectorAll(".public-DraftEditor-content, [data-sp-direction]")) { editor.setAttribute("lang", given.language); editor.dir = given.direction; }
    }
  };
  const begin = () => {
    equip(document);
    naming();
    new MutationObserver((changes) => { for (const change of changes) for (const node of change.addedNodes) if (node.nodeType === 1) equip(node.parentElement || node); }).observe(document.getElementById("main") || document.body, { childList: true, subtree: true });
    if (document.querySelector("[data-sp-colour]")) contrast();
    check();
    document.addEventListener("w-autosave:success", check);
    const at = /^#at=(.+)$/.exec(window.location.hash);
    if (at) setTimeout(() => go(decodeURIComponent(at[1])), 800);
  };
  if (document.readyState === "complete") begin(); else window.addEventListener("load", begin);
})();
