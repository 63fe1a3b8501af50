// Arrow keys in a list (https://www.w3.org/WAI/ARIA/apg/practices/keyboard-interface/): one stop for Tab, in which the
// arrows, Home and End go from item to item.

const SIDEWAYS = { ArrowRight: "ArrowDown", ArrowLeft: "ArrowUp" };

/**
 * Makes the elements that match `selector` in `container` such a list. options: before, what has the focus before the first one;
 * sideways, whether the items may be beside one another, so that all four arrows go along them.
 */
export function roving(container, selector, { before, sideways = false } = {}) {
  const items = () => [...container.querySelectorAll(selector)];

  container.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const all = items();
    const at = all.findIndex((item) => item.contains(document.activeElement));
    const to = target((sideways && SIDEWAYS[event.key]) || event.key, at, all.length);
    if (to === null) return;
    event.preventDefault();
    if (to < 0) before?.focus();
    else all[Math.min(to, all.length - 1)]?.focus();
  });

  container.addEventListener("focusin", (event) => {
    const focused = event.target.closest(selector);
    if (focused) mark(items(), focused);
  });

  /** To be called when the list has changed: exactly one item is a stop for Tab. */
  return (preferred) => {
    const all = items();
    mark(all, all.find((item) => item === preferred) ?? all.find((item) => item.tabIndex === 0) ?? all[0]);
  };
}

function mark(items, stop) {
  for (const item of items) {
    const index = item === stop ? 0 : -1;
    if (item.tabIndex !== index || !item.hasAttribute("tabindex")) item.tabIndex = index;
  }
}

function target(key, at, count) {
  switch (key) {
    case "ArrowDown":
      return at + 1;
    case "ArrowUp":
      return at < 0 ? count - 1 : at - 1;
    case "Home":
      return at < 0 ? null : 0;
    case "End":
      return at < 0 ? null : count - 1;
    default:
      return null;
  }
}
