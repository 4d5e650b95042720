/* The editor of texts: values from the data as chips, links, and what may be typed and pasted. It extends Wagtail's
   rich text editor (Draftail); what is stored is the template language, and the server translates both ways. */
(() => {
  "use strict";
  const { React, DraftJS, draftail } = window;
  const { EditorState, Modifier, SelectionState } = DraftJS;
  const h = React.createElement;
  const TEXT_MAX = 20000;
  const PLACEHOLDER = /^\{\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*(?:\|\s*([a-z_-]+(?::\w*)?)\s*)?\}$/;

  // The tools stand above the text from the first time on: who has pinned them elsewhere keeps that.
  try { if (!localStorage.getItem("wagtail:draftail-toolbar")) localStorage.setItem("wagtail:draftail-toolbar", "sticky"); } catch { /* no storage, no choice kept */ }

  const place = document.getElementById("sp-authoring");
  const given = place ? JSON.parse(place.textContent) : { fields: [], formats: {} };
  let lastEditor = null, intent = "";
  document.addEventListener("focusin", (event) => {
    lastEditor = event.target.closest("[data-draftail-editor-wrapper]") || lastEditor;
  });

  /* Below a table or list that runs over a list of the data, the element is "item". */
  const listAround = (editor) => {
    for (const input of document.querySelectorAll("input[data-sp-path=list]")) {
      const block = input.closest(".struct-block");
      if (editor && block && block.contains(editor)) return input.value.trim();
    }
    return "";
  };
  const fieldsFor = (editor) => {
    const list = listAround(editor);
    return given.fields.filter((field) => field.formats.length && (!field.each || field.each === list));
  };
  const labelOf = (path, form) => {
    const field = given.fields.find((one) => one.path === path);
    const name = field ? field.label : path.replace(/[._]/g, " ");
    return form ? `${name} (${form.replace(/[_:]/g, " ")})` : name;
  };
  const read = (source) => {
    const found = PLACEHOLDER.exec(source);
    return found ? { path: found[1], form: found[2] || "" } : { path: source, form: "" };
  };

  const element = (name, attributes, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (value !== false && value !== undefined) made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  };

  /* A dialog over the page. `fill(body, close)` puts its content in; `done` is called once with what was chosen. */
  const dialog = (title, fill, done) => {
    const body = element("div", { class: "sp-dialog__body" });
    const head = element("h2", { id: "sp-dialog-title" }, title);
    const box = element("dialog", { class: "sp-dialog", "aria-labelledby": "sp-dialog-title" });
    let chosen = null;
    const close = (value) => { chosen = value === undefined ? null : value; box.close(); };
    const shut = element("button", { type: "button", class: "button button-small button-secondary", onclick: () => close() }, "Close");
    box.append(element("div", { class: "sp-dialog__head" }, head, shut), body);
    box.addEventListener("close", () => { box.remove(); done(chosen); });
    // What is pressed in the dialog is not for the form behind it.
    box.addEventListener("keydown", (event) => event.stopPropagation());
    document.body.append(box);
    fill(body, close);
    box.showModal();
  };

  const chooseField = (before, done) => {
    const all = fieldsFor(lastEditor);
    dialog("Value from the data", (body, close) => {
      const search = element("input", { type: "search", id: "sp-search", placeholder: "Name, date, amount …", autocomplete: "off" });
      const list = element("ul", { class: "sp-fields" });
      const told = element("p", { class: "sp-quiet", role: "status" });
      const formats = element("div", { class: "sp-formats" });
      const pick = (field) => {
        formats.replaceChildren(element("h3", {}, field.label), element("p", { class: "sp-quiet" }, "Shown as"));
        const row = element("div", { class: "sp-formats__row" });
        for (const form of field.formats) {
          const words = given.formats[form] || form;
          row.append(element("button", { type: "button", class: "button button-small", onclick: () => close({ path: field.path, form }) }, words));
        }
        formats.append(row);
        row.querySelector("button").focus();
      };
      const show = () => {
        const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
        const fits = all.filter((field) => words.every((word) => `${field.label} ${field.path} ${field.description}`.toLowerCase().includes(word)));
        list.replaceChildren(...fits.slice(0, 60).map((field) => {
          const note = field.is_required ? field.path : `${field.path}, not always there`;
          return element("li", {}, element("button", { type: "button", "data-path": field.path, onclick: () => (field.formats.length === 1 ? close({ path: field.path, form: field.formats[0] }) : pick(field)) },
            element("strong", {}, field.label), element("span", {}, field.description || note)));
        }));
        told.textContent = fits.length ? `${fits.length} field${fits.length === 1 ? "" : "s"}` : "No field fits. What there is, the data contract of the communication says.";
      };
      search.addEventListener("input", show);
      search.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== "ArrowDown") return;
        event.preventDefault();
        const first = list.querySelector("button");
        if (first && event.key === "Enter") first.click(); else if (first) first.focus();
      });
      list.addEventListener("keydown", (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const buttons = [...list.querySelectorAll("button")];
        (buttons[buttons.indexOf(document.activeElement) + step] || search).focus();
      });
      body.append(element("label", { for: "sp-search" }, "Search"), search, told, list, formats);
      show();
      const now = before && all.find((field) => field.path === before.path);
      if (now) pick(now); else search.focus();
    }, done);
  };

  const chooseAddress = (before, needsWords, done) => {
    dialog("Link", (body, close) => {
      const words = element("input", { type: "text", id: "sp-link-words" });
      const address = element("input", { type: "text", id: "sp-link", value: before, placeholder: "https://…", spellcheck: "false", autocapitalize: "off" });
      const wrong = element("p", { class: "sp-wrong", role: "alert" });
      const take = () => {
        const url = address.value.trim();
        if (!url || /[\s()]/.test(url)) { wrong.textContent = "Write an address without spaces or brackets: https://…, mailto:… or tel:…"; address.focus(); return; }
        if (needsWords && !words.value.trim()) { wrong.textContent = "Write the words that carry the link."; words.focus(); return; }
        close({ url, words: words.value.trim() });
      };
      if (needsWords) body.append(element("label", { for: "sp-link-words" }, "Words"), words);
      body.append(element("label", { for: "sp-link" }, "Address"), address, wrong);
      const links = given.fields.filter((field) => field.path.startsWith("links."));
      if (links.length) {
        const row = element("div", { class: "sp-formats__row" }, ...links.map((field) => element("button", { type: "button", class: "button button-small button-secondary", onclick: () => { address.value = `{${field.path}}`; address.focus(); } }, field.label)));
        body.append(element("p", { class: "sp-quiet" }, "Or a link from the data:"), row);
      }
      body.append(element("div", { class: "sp-dialog__foot" }, element("button", { type: "button", class: "button", onclick: take }, "Set link"),
        ...(before ? [element("button", { type: "button", class: "button button-secondary", onclick: () => close({ url: "" }) }, "Take the link away")] : [])));
      for (const input of [words, address]) input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); take(); } });
      (needsWords ? words : address).focus();
    }, done);
  };

  const put = (state, source) => {
    const { path, form } = read(source);
    const content = state.getCurrentContent().createEntity("VARIABLE", "IMMUTABLE", { source, link: "" });
    const key = content.getLastCreatedEntityKey();
    const style = state.getCurrentInlineStyle();
    const next = Modifier.replaceText(content, state.getSelection(), labelOf(path, form), style, key);
    return EditorState.push(state, next, "insert-characters");
  };

  /* Draftail shows a source when the button is pressed or a chip is edited; ours is a dialog and draws nothing itself. */
  class VariableSource extends React.Component {
    componentDidMount() {
      const { editorState, entity, onComplete, onClose } = this.props;
      if (intent === "remove") {
        intent = "";
        const next = Modifier.removeRange(editorState.getCurrentContent(), editorState.getSelection(), "forward");
        onComplete(EditorState.push(editorState, next, "remove-range"));
        return;
      }
      chooseField(entity ? read(entity.getData().source) : null, (chosen) => {
        if (!chosen) { onClose(); return; }
        onComplete(put(editorState, chosen.form ? `{${chosen.path} | ${chosen.form}}` : `{${chosen.path}}`));
      });
    }
    render() { return null; }
  }

  const pieces = (state) => {
    const content = state.getCurrentContent(), selection = state.getSelection(), found = [];
    const first = selection.getStartKey(), last = selection.getEndKey();
    let isInside = false;
    for (const block of content.getBlocksAsArray()) {
      isInside = isInside || block.getKey() === first;
      if (!isInside) continue;
      const from = block.getKey() === first ? selection.getStartOffset() : 0;
      const to = block.getKey() === last ? selection.getEndOffset() : block.getLength();
      for (let at = from; at < to; at += 1) {
        const key = block.getEntityAt(at), before = found[found.length - 1];
        const kind = key ? content.getEntity(key).getType() : "";
        if (before && before.block === block.getKey() && before.end === at && before.key === key) before.end = at + 1;
        else found.push({ block: block.getKey(), start: at, end: at + 1, key, kind });
      }
      if (block.getKey() === last) break;
    }
    return found;
  };

  class LinkSource extends React.Component {
    componentDidMount() {
      const { editorState, entity, onComplete, onClose } = this.props;
      const isCollapsed = editorState.getSelection().isCollapsed();
      chooseAddress(entity ? entity.getData().url : "", isCollapsed, (chosen) => {
        if (!chosen) { onClose(); return; }
        let content = editorState.getCurrentContent();
        if (isCollapsed) {
          content = content.createEntity("LINK", "MUTABLE", { url: chosen.url });
          content = Modifier.insertText(content, editorState.getSelection(), chosen.words, null, content.getLastCreatedEntityKey());
        } else {
          for (const piece of pieces(editorState)) {
            const range = SelectionState.createEmpty(piece.block).merge({ anchorOffset: piece.start, focusOffset: piece.end });
            if (piece.kind === "VARIABLE") content = content.mergeEntityData(piece.key, { link: chosen.url });
            else if (!chosen.url) content = Modifier.applyEntity(content, range, null);
            else {
              content = content.createEntity("LINK", "MUTABLE", { url: chosen.url });
              content = Modifier.applyEntity(content, range, content.getLastCreatedEntityKey());
            }
          }
        }
        onComplete(EditorState.push(editorState, content, "apply-entity"));
      });
    }
    render() { return null; }
  }

  const Chip = ({ children, contentState, entityKey, onEdit }) => {
    const { source, link } = contentState.getEntity(entityKey).getData();
    const { path, form } = read(source);
    const isKnown = !given.fields.length || given.fields.some((field) => field.path === path) || !PLACEHOLDER.test(source);
    const edit = (event) => { event.preventDefault(); onEdit(entityKey); };
    const remove = (event) => { event.preventDefault(); event.stopPropagation(); intent = "remove"; onEdit(entityKey); };
    return h("span", { className: `sp-chip${isKnown ? "" : " sp-chip--unknown"}${link ? " sp-chip--link" : ""}`, title: isKnown ? `${source}${link ? `, leads to ${link}` : ""}` : `${source}: the data contract has no such field`, onDoubleClick: edit },
      children,
      h("button", { type: "button", className: "sp-chip__edit", contentEditable: false, suppressContentEditableWarning: true, "aria-label": `Change how ${labelOf(path, form)} is shown`, onMouseDown: edit, onKeyDown: (event) => { if (event.key === "Enter" || event.key === " ") edit(event); } }, "▾"),
      h("button", { type: "button", className: "sp-chip__x", contentEditable: false, suppressContentEditableWarning: true, "aria-label": `Remove ${labelOf(path, form)}`, onMouseDown: remove, onKeyDown: (event) => { if (event.key === "Enter" || event.key === " ") remove(event); } }, "×"));
  };
  const Link = ({ children, contentState, entityKey, onEdit }) => {
    const { url } = contentState.getEntity(entityKey).getData();
    return h("span", { className: "sp-link", title: `Leads to ${url}; double-click to change`, onDoubleClick: (event) => { event.preventDefault(); onEdit(entityKey); } }, children);
  };

  /* Whoever types a placeholder in braces gets the chip, too. */
  const chipAround = (state) => {
    const selection = state.getSelection();
    if (!selection.isCollapsed()) return 0;
    const content = state.getCurrentContent(), block = content.getBlockForKey(selection.getStartKey()), at = selection.getStartOffset();
    const key = at > 0 && block.getEntityAt(at - 1);
    if (!key || block.getEntityAt(at) !== key || content.getEntity(key).getType() !== "VARIABLE") return 0;
    let end = at;
    while (block.getEntityAt(end) === key) end += 1;
    return end;
  };
  const tools = (given) => given.find((one) => one && one.setEditorState);
  const typed = (character, state, ...given) => {
    const { setEditorState } = tools(given);
    const selection = state.getSelection();
    const inside = chipAround(state);
    if (inside) {
      // A chip is one piece: what is typed inside of it comes after it.
      const after = selection.merge({ anchorOffset: inside, focusOffset: inside });
      const next = Modifier.insertText(state.getCurrentContent(), after, character, state.getCurrentInlineStyle());
      setEditorState(EditorState.push(state, next, "insert-characters"));
      return "handled";
    }
    if (character !== "}" || !selection.isCollapsed()) return "not-handled";
    const block = state.getCurrentContent().getBlockForKey(selection.getStartKey());
    const before = block.getText().slice(0, selection.getStartOffset()), start = before.lastIndexOf("{");
    if (start < 0 || !PLACEHOLDER.test(`${before.slice(start)}}`)) return "not-handled";
    const range = selection.merge({ anchorOffset: start, focusOffset: selection.getStartOffset() });
    setEditorState(put(EditorState.acceptSelection(state, range), `${before.slice(start)}}`));
    return "handled";
  };
  const say = (text) => {
    let voice = document.getElementById("sp-voice");
    if (!voice) document.body.append(voice = element("div", { id: "sp-voice", class: "sp-voice", role: "alert" }));
    voice.textContent = text;
    voice.hidden = false;
    clearTimeout(voice.timer);
    voice.timer = setTimeout(() => { voice.hidden = true; }, 9000);
  };
  const pasted = (hasLines) => (text, html, state, ...given) => {
    const { setEditorState } = tools(given);
    const length = state.getCurrentContent().getPlainText().length + (text || "").length;
    if (length > TEXT_MAX) {
      say(`One text holds at most ${TEXT_MAX.toLocaleString("en")} characters; with what you paste it would be ${length.toLocaleString("en")}. Nothing was pasted.`);
      return "handled";
    }
    if (!chipAround(state) && (hasLines || !/[\r\n]/.test((text || "").trim()) || html && html.includes("data-draftjs"))) return "not-handled";
    const inside = chipAround(state), selection = inside ? state.getSelection().merge({ anchorOffset: inside, focusOffset: inside }) : state.getSelection();
    const next = Modifier.replaceText(state.getCurrentContent(), selection, text.trim().replace(/\s*[\r\n]+\s*/g, " "), state.getCurrentInlineStyle());
    setEditorState(EditorState.push(state, next, "insert-characters"));
    if (/[\r\n]/.test((text || "").trim())) say("What you pasted had several lines. They are one text here: add a block for each paragraph.");
    return "handled";
  };

  draftail.registerPlugin({ type: "VARIABLE", source: VariableSource, decorator: Chip }, "entityTypes");
  draftail.registerPlugin({ type: "LINK", source: LinkSource, decorator: Link }, "entityTypes");
  draftail.registerPlugin({ type: "sp-line", handleReturn: () => "handled", handleBeforeInput: typed, handlePastedText: pasted(false) }, "plugins");
  draftail.registerPlugin({ type: "sp-lines", handleBeforeInput: typed, handlePastedText: pasted(true) }, "plugins");
  window.signalpost = { given, element, dialog, say, listAround };
})();
