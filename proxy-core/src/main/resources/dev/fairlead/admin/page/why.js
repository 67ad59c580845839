// What becomes of a connection just now, and why.

import { askText, oneAtATime, Refusal } from '/api.js';
import { byId, say } from '/elements.js';

/** The panel that asks the process to explain. */
export class Why {
  #asked = null;
  #ticks = 0;
  #refresh = oneAtATime(() => this.#ask());

  constructor() {
    byId('why-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#asked = { to: byId('why-to').value.trim(), from: byId('why-from').value.trim(), protocol: byId('why-protocol').value };
      this.#refresh();
    });
  }

  /** Each second while the panel is shown. */
  tick(now = false) {
    if (this.#asked && (now || this.#ticks++ % 2 === 0)) {
      this.#refresh();
    }
  }

  /** Asks about an address that somebody clicked at. */
  about(address, protocol) {
    byId('why-to').value = address;
    byId('why-protocol').value = protocol;
    byId('why-form').requestSubmit();
    byId('why-answer').focus();
  }

  async #ask() {
    const answer = byId('why-answer');
    try {
      say(answer, await askText('/api/v1/explain', this.#asked));
      answer.classList.remove('refused');
    } catch (failure) {
      if (!(failure instanceof Refusal)) {
        throw failure;
      }
      say(answer, failure.message);
      answer.classList.add('refused');
    }
    answer.hidden = false;
  }
}
