// A list of elements that follows a list of descriptions, touching only what changed: so that focus, selection and scroll
// position stay, and a screen reader hears nothing twice.

import { counterpart } from "./focus.js";

export class Keyed {
  #container;
  #items = new Map(); // key -> {element, signature}

  constructor(container) {
    this.#container = container;
  }

  /**
   * Shows `descriptions`, each {key, signature, build(), update(element)?}: an element is built anew when its signature
   * changed, and updated in place every time.
   */
  show(descriptions) {
    const kept = new Map();
    this.#removeAllBut(new Set(descriptions.map(({ key }) => key)));
    let place = this.#container.firstElementChild;
    for (const { key, signature, build, update } of descriptions) {
      let item = this.#items.get(key);
      this.#items.delete(key);
      if (item?.signature !== signature) {
        const element = build();
        element.dataset.key = key;
        if (item) {
          if (place === item.element) place = element;
          replace(item.element, element);
        }
        item = { element, signature };
      }
      update?.(item.element);
      if (place === item.element) place = place.nextElementSibling;
      else move(this.#container, item.element, place);
      kept.set(key, item);
    }
    this.#items = kept;
  }

  /** Before the others are put in order: else all behind them would be moved. */
  #removeAllBut(keys) {
    for (const [key, { element }] of this.#items) if (!keys.has(key)) element.remove();
  }

  element(key) {
    return this.#items.get(key)?.element ?? null;
  }

  clear() {
    this.#items.clear();
    this.#container.replaceChildren();
  }
}

const focusedIn = (element) => (element.contains(document.activeElement) ? document.activeElement : null);

/** Puts an element elsewhere: the focus goes with it. */
function move(container, element, place) {
  const focused = focusedIn(element);
  container.insertBefore(element, place);
  focused?.focus({ preventScroll: true });
}

/** Puts another in an element's place, and the focus where it was. */
function replace(element, other) {
  const focused = focusedIn(element);
  element.replaceWith(other);
  if (focused) (counterpart(focused, other) ?? other).focus({ preventScroll: true });
}
