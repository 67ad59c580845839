// What happened, newest first.

import { ask } from '/api.js';
import { byId, make, say } from '/elements.js';
import { clock, count } from '/words.js';

const MOST = 500;
const TONES = { ejected: 'bad', 'step-failed': 'bad', 'source-fault': 'bad', defect: 'bad', readmitted: 'good', 'source-recovered': 'good' };

function item(event) {
  const [first, ...rest] = event.text.trimEnd().split('\n');
  const text = make('div', {}, event.service && !first.includes(event.service) ? `${event.service}: ${first}` : first);
  if (rest.length > 0) {
    text.append(make('pre', {}, rest.join('\n')));
  }
  return make('li', {}, make('time', { datetime: event.time }, clock(event.time)),
    make('span', { class: `kind ${TONES[event.kind] ?? ''}` }, event.kind), text);
}

/** The panel of events, and the line that says the latest one whatever panel is shown. */
export class Events {
  #last = 0;
  // While what happened before is asked for, what happens is not taken from the stream: it would come first.
  #behind = true;
  #missed = false;

  constructor(latest) {
    this.latest = latest;
    this.list = byId('event-list');
    byId('event-search').addEventListener('input', () => this.#filter());
    this.#filter();
  }

  tick() {
    this.#filter();
  }

  escape() {
    byId('event-search').value = '';
    this.#filter();
  }

  /** All since the last one that is known here. */
  async catchUp() {
    this.#behind = true;
    do {
      this.#missed = false;
      const { events } = await ask('/api/v1/events', { since: this.#last, limit: MOST });
      events.forEach((event) => this.#take(event));
    } while (this.#missed);
    this.#behind = false;
  }

  /** Another process counts anew; what the last one told stays. */
  startedAnew() {
    this.#last = 0;
    this.#add({ time: new Date().toISOString(), kind: 'started anew', service: null, text: 'Fairlead was started anew; what follows below is from before' });
  }

  /** One event of the stream. */
  happened(event) {
    if (this.#behind) {
      this.#missed = true;
    } else {
      this.#take(event);
    }
  }

  #take(event) {
    if (event.id > this.#last) {
      this.#last = event.id;
      this.#add(event);
    }
  }

  #add(event) {
    const element = item(event);
    this.list.prepend(element);
    while (this.list.children.length > MOST) {
      this.list.lastElementChild.remove();
    }
    say(this.latest, `Latest: ${clock(event.time)} ${event.kind} ${element.lastElementChild.firstChild.textContent}`);
    this.#filter();
  }

  #filter() {
    const wanted = byId('event-search').value.trim().toLowerCase();
    let fitting = 0;
    for (const element of this.list.children) {
      element.hidden = !element.textContent.toLowerCase().includes(wanted);
      fitting += element.hidden ? 0 : 1;
    }
    const all = this.list.children.length;
    say(byId('event-count'), fitting === all ? `${count(all)} events` : `${count(fitting)} of ${count(all)} events`);
    byId('event-none').hidden = fitting > 0;
    say(byId('event-none'), all === 0 ? 'Nothing has happened yet.' : 'No event is like that.');
  }
}
