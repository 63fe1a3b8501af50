// Where one is in a list that grows at both ends: at its end one stays there, elsewhere what one reads stays in place.

const AT_END_PX = 48;
const NEAR_START_PX = 600;

export class ScrollPlace {
  #list;
  #sticks = true;
  #top = 0; // where one was last
  #moved;

  /** moved() is told when one has scrolled, or the list has changed its size. */
  constructor(list, { moved }) {
    this.#list = list;
    this.#moved = moved;
    list.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#resized()).observe(list);
  }

  /** Whether one stays at the end, whatever comes. */
  get sticks() {
    return this.#sticks;
  }

  get atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    return scrollHeight - scrollTop - clientHeight < AT_END_PX;
  }

  get nearStart() {
    return this.#list.scrollTop < NEAR_START_PX;
  }

  /** From now on at the end, whatever comes. */
  stick() {
    this.#sticks = true;
  }

  /** From now on wherever one is. */
  leaveEnd() {
    this.#sticks = false;
  }

  toEnd() {
    this.#sticks = true;
    this.#list.scrollTop = this.#list.scrollHeight;
    this.#top = this.#list.scrollTop;
  }

  /** Changes the list, and keeps one's place in it. */
  keep(change) {
    if (this.#sticks) {
      change();
      this.toEnd();
      return;
    }
    const anchor = this.#firstVisible();
    const top = anchor?.offsetTop;
    const key = anchor?.dataset.key;
    change();
    const now = key && [...this.#list.children].find((child) => child.dataset.key === key);
    if (now) this.#list.scrollTop += now.offsetTop - top;
  }

  /** The first message that is seen, if only in part. */
  #firstVisible() {
    const { scrollTop, children } = this.#list;
    return [...children].find((child) => child.matches(".message") && child.offsetTop + child.offsetHeight > scrollTop);
  }

  /** One leaves the end by going up; a list that has become smaller, or longer, moves it away from nobody. */
  #scrolled() {
    const { scrollTop } = this.#list;
    const up = scrollTop < this.#top;
    this.#top = scrollTop;
    this.#sticks = this.atEnd || (this.#sticks && !up);
    this.#moved();
  }

  #resized() {
    if (this.#sticks) this.toEnd();
    this.#moved();
  }
}
