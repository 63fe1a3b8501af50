// A field that looks for something while one types, with the results below it; the arrow keys go from one to the other.

import { composes, h, icon } from "../ui/dom.js";
import { roving } from "../ui/roving.js";

const PAUSE_MS = 180;

/**
 * find(query) gives sections, [{title, rows: [element]}], or a promise of them. options: label, testid, nothing: what to
 * say if there are none.
 */
export class Search {
  element;
  input;
  #find;
  #nothing;
  #results;
  #stops;
  #timer = 0;
  #asked = 0;
  #shown = null;

  constructor(find, { label, testid, nothing }) {
    this.#find = find;
    this.#nothing = nothing;
    this.input = h("input", {
      type: "search", testid, "aria-label": label, placeholder: label, autocomplete: "off", autocapitalize: "none",
      spellcheck: "false", maxlength: 64, enterkeyhint: "search",
      oninput: () => this.#typed(), onkeydown: (event) => this.#key(event),
    });
    this.#results = h("div.results", { testid: `${testid}-results`, "aria-live": "polite", "aria-busy": "false" });
    this.#stops = roving(this.#results, "button.row", { before: this.input });
    this.element = h("div.search", {}, h("div.search-field", {}, icon("search"), this.input), this.#results);
  }

  clear() {
    this.input.value = "";
    this.input.focus();
    return this.look();
  }

  /** Shows what is found now. */
  async look() {
    clearTimeout(this.#timer);
    const mine = ++this.#asked;
    this.#results.setAttribute("aria-busy", "true");
    const query = this.input.value.trim();
    const found = await Promise.resolve(this.#find(query)).catch((problem) => problem);
    if (mine !== this.#asked) return;
    this.#shown = query;
    this.#results.setAttribute("aria-busy", "false");
    this.#results.inert = false;
    if (found instanceof Error) {
      this.#results.replaceChildren(h("p.error", { role: "alert" }, found.message));
      return;
    }
    const sections = found.filter(({ rows }) => rows.length > 0);
    this.#results.replaceChildren(...sections.map(({ title, rows }) =>
      h("section", { "aria-label": title }, h("h3", {}, title), h("ul", {}, rows.map((row) => h("li", {}, row))))));
    if (sections.length === 0) this.#results.append(h("p.empty", {}, this.#nothing(query)));
    this.#stops();
  }

  /** The results that are still shown are not those that are asked for: they cannot be chosen any more. */
  #typed() {
    this.#results.inert = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.look(), PAUSE_MS);
  }

  #key(event) {
    if (composes(event)) return;
    const first = this.#results.querySelector("button.row");
    if (event.key === "ArrowDown" && first) {
      event.preventDefault();
      first.focus();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.#takeFirst();
    }
  }

  /** The first of what was asked for, not of what happens to be shown still. */
  async #takeFirst() {
    if (this.#shown !== this.input.value.trim()) await this.look();
    this.#results.querySelector("button.row")?.click();
  }
}
