// Where the focus goes when what had it was removed, hidden or disabled: else the keyboard begins again at the top of the page.

/** Whether nothing that one can use has the focus. A browser notices only with the next frame that an element is hidden or disabled. */
export function focusLost() {
  const { activeElement } = document;
  return !activeElement || activeElement === document.body || activeElement.disabled || activeElement.getClientRects().length === 0;
}

/** Focuses the first of `elements` that can have it, if nothing has the focus. */
export function regainFocus(...elements) {
  for (const element of elements) {
    if (!focusLost()) return;
    element?.focus({ preventScroll: true });
  }
}

/** The element below `container` that stands for one that was there before: the one with its test id. */
export function counterpart(element, container) {
  const { testid } = element.dataset;
  return testid ? container.querySelector(`[data-testid="${CSS.escape(testid)}"]`) : null;
}

/** Replaces the children of `container`: what stands for the one that had the focus has it then. */
export function replaceChildren(container, ...children) {
  const focused = container.contains(document.activeElement) ? document.activeElement : null;
  container.replaceChildren(...children);
  if (focused && focusLost()) counterpart(focused, container)?.focus({ preventScroll: true });
}

/**
 * Does something that replaces the items of a list, perhaps later. If the focus was in the list, the button in the same place has
 * it then, or the last one, or else the first of `others` that can have it.
 */
export async function keepPlace(list, change, ...others) {
  const buttons = () => [...list.querySelectorAll("button")];
  const at = buttons().indexOf(document.activeElement);
  await change();
  const now = buttons();
  regainFocus(at < 0 ? null : now[Math.min(at, now.length - 1)], ...others);
}
