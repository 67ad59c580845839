// The list of services, searched, sorted and cut into pages by the process.

import { ask, oneAtATime, Refusal } from '/api.js';
import { byId, cell, chip, make, Rows, say } from '/elements.js';
import { Opened } from '/endpoints.js';
import { bytes, count, NOTHING } from '/words.js';

const PAGE = 100;
const COLUMNS = 9;
const TONES = { ok: 'good', degraded: 'warn', down: 'bad', drained: 'warn' };
// What is worth seeing first where it is much.
const GREATEST_FIRST = new Set(['open', 'accepted', 'failed', 'bytes', 'endpoints']);

const keyOf = (service) =>
  [service.namespace, service.name, service.port ?? '', service.number, service.protocol, service.family].join(' ');

/** How a service port is called: web:http, or web:80 where the port has no name. */
const called = (service) => `${service.name}:${service.port || service.number}`;

class Row {
  constructor(service, toggle) {
    this.opener = make('button', { class: 'opener', 'aria-expanded': 'false', click: () => toggle(service) }, called(service));
    this.address = make('span');
    this.more = make('span', { class: 'soft' });
    this.state = make('span');
    this.why = make('div', { class: 'reason' });
    this.cells = Object.fromEntries(['endpoints', 'open', 'accepted', 'failed', 'bytes']
      .map((name) => [name, cell(name[0].toUpperCase() + name.slice(1), 'number')]));
    this.line = make('tr', { role: 'row', class: 'row' },
      cell('Namespace', '', service.namespace), cell('Service', 'service', make('div', {}, this.opener, make('div', { class: 'reason' },
        [service.protocol, service.family === 'IPv6' ? 'IPv6' : null, service.balancer].filter(Boolean).join(' · ')))),
      cell('Address', 'address', make('div', {}, this.address, ' ', this.more)), cell('State', '', make('div', {}, this.state, this.why)),
      ...Object.values(this.cells));
    this.elements = [this.line];
  }

  update(service) {
    const addresses = service.addresses ?? [];
    say(this.address, addresses[0] ?? 'none');
    say(this.more, addresses.length > 1 ? `and ${addresses.length - 1} more` : '');
    chip(this.state, service.state, TONES[service.state] ?? 'bad');
    say(this.why, service.why ?? '');
    const { endpoints, open, accepted, failed } = this.cells;
    say(endpoints, `${count(service.usable)} of ${count(service.endpoints)}`);
    say(open, count(service.open));
    say(accepted, count(service.accepted));
    say(failed, count(service.failed));
    failed.classList.toggle('some', service.failed > 0);
    say(this.cells.bytes, service.bytesUp === null ? NOTHING : bytes(service.bytesUp + service.bytesDown));
  }

  open(inside) {
    this.opener.setAttribute('aria-expanded', 'true');
    this.line.classList.add('open');
    this.elements = [this.line,
      make('tr', { role: 'row', class: 'inside' }, make('td', { role: 'cell', colspan: COLUMNS }, inside))];
    this.line.after(this.elements[1]);
  }

  close() {
    this.opener.setAttribute('aria-expanded', 'false');
    this.line.classList.remove('open');
    this.elements[1]?.remove();
    this.elements = [this.line];
  }
}

/** The panel of services. */
export class Services {
  #asked = { search: '', state: '', sort: 'name', descending: false, offset: 0 };
  #opened = null;
  #rows = new Map();
  #ticks = 0;
  #list = oneAtATime(() => this.#refreshList());
  #inside = oneAtATime(() => this.#refreshOpened());

  /** @param why is called with an address and a protocol that somebody wants explained */
  constructor(why) {
    this.why = why;
    this.table = new Rows(byId('service-rows'), keyOf, (service) => {
      const row = new Row(service, (one) => this.#toggle(one));
      this.#rows.set(keyOf(service), row);
      return row;
    });
    byId('service-search').addEventListener('input', (event) => this.#change({ search: event.target.value.trim() }));
    byId('service-state').addEventListener('change', (event) => this.#change({ state: event.target.value }));
    byId('service-sort').addEventListener('change', (event) => this.#sort(event.target.value, true));
    document.querySelectorAll('#service-table > thead button').forEach((button) =>
      button.addEventListener('click', () => this.#sort(button.dataset.sort, false)));
    byId('service-back').addEventListener('click', () => this.#turn(-PAGE));
    byId('service-on').addEventListener('click', () => this.#turn(PAGE));
    byId('services').addEventListener('keydown', (event) => this.#keys(event));
  }

  /** Each second while the panel is shown. */
  tick(now = false) {
    if (now || this.#ticks++ % 2 === 0) {
      this.#list();
    }
    this.#inside();
  }

  escape(event) {
    const search = byId('service-search');
    if (this.#opened) {
      const { opener } = this.#opened.row;
      this.#close();
      opener.focus();
    } else if (event.target === search && search.value) {
      search.value = '';
      this.#change({ search: '' });
    }
    event.preventDefault();
  }

  #keys(event) {
    const openers = [...document.querySelectorAll('#service-rows .opener')];
    const search = byId('service-search');
    const at = openers.indexOf(event.target);
    if (event.target === search && event.key === 'Enter' && openers.length > 0) {
      openers[0].focus();
      openers[0].click();
    } else if ((at >= 0 || event.target === search) && event.key === 'ArrowDown') {
      openers[at + 1]?.focus();
    } else if (at >= 0 && event.key === 'ArrowUp') {
      (openers[at - 1] ?? search).focus();
    } else {
      return;
    }
    event.preventDefault();
  }

  #change(what) {
    Object.assign(this.#asked, { offset: 0 }, what);
    this.#list();
  }

  #sort(sort, keepsDirection) {
    const same = sort === this.#asked.sort && !keepsDirection;
    this.#change({ sort, descending: same ? !this.#asked.descending : GREATEST_FIRST.has(sort) });
    byId('service-sort').value = sort;
    for (const button of document.querySelectorAll('#service-table > thead button')) {
      const direction = this.#asked.descending ? 'descending' : 'ascending';
      button.parentElement.setAttribute('aria-sort', button.dataset.sort === sort ? direction : 'none');
    }
  }

  #turn(by) {
    this.#asked.offset = Math.max(0, this.#asked.offset + by);
    this.#list();
    byId('service-table').scrollIntoView({ block: 'start' });
  }

  async #refreshList() {
    const asked = { ...this.#asked };
    const answer = await ask('/api/v1/services/list', { ...asked, limit: PAGE });
    if (JSON.stringify(asked) !== JSON.stringify(this.#asked)) {
      return;
    }
    if (answer.services.length === 0 && asked.offset > 0) {
      this.#asked.offset = Math.max(0, Math.floor((answer.matching - 1) / PAGE) * PAGE);
      this.#list();
      return;
    }
    const keys = new Set(answer.services.map(keyOf));
    if (this.#opened && !keys.has(this.#opened.key)) {
      this.#close();
    }
    [...this.#rows.keys()].filter((key) => !keys.has(key)).forEach((key) => this.#rows.delete(key));
    this.table.show(answer.services);
    this.#around(answer, asked.offset);
  }

  #around(answer, offset) {
    const { matching, total, services } = answer;
    say(byId('service-count'), matching === total ? `${count(total)} services` : `${count(matching)} of ${count(total)} services`);
    const none = byId('service-none');
    none.hidden = services.length > 0;
    say(none, total === 0 ? 'Fairlead knows of no service yet.' : 'No service is like that.');
    byId('service-table').hidden = services.length === 0;
    byId('service-pager').hidden = matching <= PAGE;
    say(byId('service-range'), `${count(offset + 1)} to ${count(offset + services.length)} of ${count(matching)}`);
    byId('service-back').disabled = offset === 0;
    byId('service-on').disabled = offset + services.length >= matching;
  }

  #toggle(service) {
    const key = keyOf(service);
    const again = this.#opened?.key === key;
    this.#close();
    if (!again) {
      const view = new Opened(service, this.why, () => this.tick(true));
      const row = this.#rows.get(key);
      row.open(view.element);
      this.#opened = { key, service, view, row };
      this.#inside();
    }
  }

  #close() {
    this.#opened?.row.close();
    this.#opened = null;
  }

  async #refreshOpened() {
    const opened = this.#opened;
    if (!opened) {
      return;
    }
    try {
      const { namespace, name } = opened.service;
      const answer = await ask('/api/v1/services', { service: `${namespace}/${name}` });
      const port = answer.services.find((one) => keyOf(one) === opened.key);
      if (this.#opened === opened && port) {
        opened.view.update(port);
      }
    } catch (failure) {
      if (!(failure instanceof Refusal)) {
        throw failure;
      }
      opened.view.refused(failure.message);
    }
  }
}
