// A list of elements that follows a list of descriptions, touching only what changed: so that focus, selection and scroll
// position stay, and a screen reader hears nothing twice.

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
      else this.#container.insertBefore(item.element, place);
      kept.set(key, item);
    }
    for (const { element } of this.#items.values()) element.remove();
    this.#items = kept;
  }

  element(key) {
    return this.#items.get(key)?.element ?? null;
  }

  clear() {
    this.#items.clear();
    this.#container.replaceChildren();
  }
}

/** Puts another in an element's place, and the focus where it was. */
function replace(element, other) {
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  element.replaceWith(other);
  if (!focused) return;
  const name = focused.dataset.testid;
  const same = name && name !== other.dataset.testid ? other.querySelector(`[data-testid="${CSS.escape(name)}"]`) : null;
  (same ?? other).focus({ preventScroll: true });
}
