// The conversations that one looks at, in whichever tab of this browser. A lock of the browser says it, which ends with the tab, however
// that ends. Without secure contexts there are no such locks: then each tab knows of itself alone.

const LOCK = "tutti.looking.";

export class Looking {
  #at = null;
  #release = null; // AbortController: of the lock for #at

  /** One looks at this conversation in this tab; null if at none. */
  at(id) {
    if (id === this.#at) return;
    this.#release?.abort();
    this.#release = null;
    this.#at = id;
    if (id !== null && navigator.locks) this.#release = hold(LOCK + id);
  }

  /** Whether one looks at it in any tab. */
  async anywhere(id) {
    if (id === this.#at) return true;
    const { held = [] } = (await navigator.locks?.query().catch(() => null)) ?? {};
    return held.some(({ name }) => name === LOCK + id);
  }
}

/** Holds a lock that several tabs may have, until what is returned is aborted. */
function hold(name) {
  const until = new AbortController();
  const { signal } = until;
  const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve));
  navigator.locks.request(name, { mode: "shared", signal }, () => aborted).catch(() => {}); // it ended before it was had
  return until;
}
