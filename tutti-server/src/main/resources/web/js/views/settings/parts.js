// The parts that topics of the settings are made of.

import { h } from "../../ui/dom.js";
import { regainFocus } from "../../ui/focus.js";

/** A text field with a label, and a hint perhaps. */
export function field(label, input, hint) {
  if (hint) input.setAttribute("aria-describedby", `${input.dataset.testid}-hint`);
  return h("label.field", {}, h("span.label", {}, label), input,
    hint && h("span.hint", { id: `${input.dataset.testid}-hint` }, hint));
}

/** A form that says below itself how it went. save() throws a Problem, and gives what to say when it is done. */
export function savedForm(testid, label, fields, save) {
  const error = h("p.error", { role: "alert", testid: `${testid}-error` });
  const done = h("p.done", { role: "status", testid: `${testid}-done` });
  const submit = h("button.primary", { type: "submit", testid: `${testid}-save` }, label);
  return h("form", { testid, onsubmit: async (event) => {
    event.preventDefault();
    error.textContent = done.textContent = "";
    submit.disabled = true;
    try {
      done.textContent = (await save()) ?? "";
    } catch (problem) {
      error.textContent = problem.message;
    }
    submit.disabled = false;
    regainFocus(submit);
  } }, fields, h("div.outcome", {}, error, done, submit));
}

/** A switch with an explanation; choose(on) gives whether it is so now. */
export function choiceSwitch(testid, label, hint, on, choose) {
  const input = h("input", { type: "checkbox", role: "switch", testid, checked: on, onchange: async () => {
    input.disabled = true;
    input.checked = await choose(input.checked);
    input.disabled = false;
    regainFocus(input);
  } });
  return h("label.switch", {}, h("span.about", {}, h("span", {}, label), h("span.hint", {}, hint)), input);
}

/** A list that is being loaded: ask() gives an answer, and rows(answer) what to show of the latest one. Returns {element, load()}. */
export function loadedList(testid, label, nothing, ask, rows) {
  const list = h("ul.rows", { testid, "aria-label": label });
  const empty = h("p.hint", { testid: `${testid}-empty`, hidden: true }, nothing);
  const error = h("p.error", { role: "alert" });
  let asked = 0;
  return {
    element: h("div.loaded", { tabindex: -1 }, list, empty, error),
    async load() {
      const mine = ++asked;
      try {
        const answer = await ask();
        if (mine !== asked) return; // the answer to an earlier question may come later
        const shown = rows(answer);
        error.textContent = "";
        list.replaceChildren(...shown);
        empty.hidden = shown.length > 0;
      } catch (problem) {
        if (mine === asked) error.textContent = problem.message;
      }
    },
  };
}
