// What a service opens to: its doors, and its endpoints with the reason for the state of each.

import { verb } from '/drain.js';
import { cell, chip, make, Rows, say } from '/elements.js';
import { bytes, causes, clock, count, micros, percent, sum } from '/words.js';

const MOST = 200;
const TONES = { ready: 'good', terminating: 'warn', 'not ready': 'bad', ejected: 'bad', trial: 'warn', spared: 'warn', drained: 'warn' };
// What needs a look comes first where not all are shown.
const ORDER = ['ejected', 'trial', 'spared', 'not ready', 'drained', 'terminating', 'unused', 'ready'];
const HEADS = [['Endpoint'], ['State'], ['Share of new connections'], ['In flight', 'number'], ['Opened', 'number'],
  ['Failed', 'number'], ['Connect p50 / p99', 'number'], ['Bytes up / down', 'number'], ['Last error'], ['']];

class EndpointRow {
  constructor(endpoint, change) {
    this.endpoint = endpoint;
    this.state = make('span');
    this.reason = make('div', { class: 'reason' });
    this.fill = make('i');
    this.fair = make('b');
    this.bar = make('div', { class: 'bar', role: 'img' }, this.fill, this.fair);
    this.share = make('span', { class: 'reason' });
    const numbers = HEADS.slice(3, 8).map(([label, kind]) => cell(label, kind));
    [this.flight, this.opened, this.failed, this.connect, this.bytes] = numbers;
    this.error = cell('Last error', '');
    this.button = make('button', { class: 'small', click: () => change(this.endpoint) });
    this.elements = [make('tr', { role: 'row' },
      cell('Endpoint', '', make('div', {}, endpoint.address, make('div', { class: 'reason' }, endpoint.node ? `on ${endpoint.node}` : ''))),
      cell('State', '', make('div', {}, this.state, this.reason)),
      cell('Share', 'share', make('div', {}, this.bar, this.share)), ...numbers, this.error, cell('', '', this.button))];
  }

  update(endpoint) {
    this.endpoint = endpoint;
    const { share, fairShare, lastError } = endpoint;
    chip(this.state, endpoint.state === 'terminating' && endpoint.used ? 'terminating but serving' : endpoint.state,
      TONES[endpoint.state] ?? '');
    const reason = endpoint.reason ?? endpoint.why ?? '';
    say(this.reason, reason === endpoint.state ? '' : reason);
    this.bar.hidden = share === null && fairShare === null;
    this.fair.hidden = fairShare === null;
    this.fill.style.width = `${Math.min(1, share ?? 0) * 100}%`;
    this.fair.style.left = `${Math.min(1, fairShare ?? 0) * 99}%`;
    const words = `${percent(share)}${fairShare === null ? '' : `, fair ${percent(fairShare)}`}`;
    this.bar.setAttribute('aria-label', words);
    say(this.share, words);
    say(this.flight, count(endpoint.inFlight));
    say(this.opened, count(endpoint.opened));
    const failed = sum(endpoint.failed);
    say(this.failed, count(failed));
    this.failed.title = causes(endpoint.failed);
    this.failed.classList.toggle('some', failed > 0);
    say(this.connect, `${micros(endpoint.connectP50Micros)} / ${micros(endpoint.connectP99Micros)}`);
    say(this.bytes, `${bytes(endpoint.bytesUp)} / ${bytes(endpoint.bytesDown)}`);
    say(this.error, lastError ? `${lastError.cause} at ${clock(lastError.at)}` : 'none');
    say(this.button, endpoint.state === 'drained' ? 'Undrain' : 'Drain');
    this.button.setAttribute('aria-label', `${this.button.textContent} ${endpoint.address}`);
  }
}

/** The inside of one opened service port. */
export class Opened {
  /** @param changed is called after somebody drained something */
  constructor(service, why, changed) {
    this.why = why;
    this.name = `${service.namespace}/${service.name}`;
    this.drained = service.state === 'drained';
    this.facts = make('p', { class: 'reason' }, 'asking ...');
    this.failures = make('p', { class: 'reason' });
    this.button = make('button', { class: 'small', click: () => verb(this.drained ? 'undrain' : 'drain', this.name, null, changed) });
    this.fronts = make('ul', { class: 'fronts', 'aria-label': 'Addresses' });
    this.note = make('p', { class: 'reason' });
    const body = make('tbody', { role: 'rowgroup' });
    const heads = HEADS.map(([label, kind]) => make('th', { role: 'columnheader', scope: 'col', class: kind ?? null },
      label || make('span', { class: 'unseen' }, 'Change')));
    this.rows = new Rows(body, (endpoint) => endpoint.address, (endpoint) => new EndpointRow(endpoint,
      (now) => verb(now.state === 'drained' ? 'undrain' : 'drain', this.name, now.address, changed)));
    this.element = make('div', {},
      make('div', { class: 'inside-head' }, this.facts, this.failures, make('div', { class: 'buttons' }, this.button)),
      this.fronts,
      make('table', { role: 'table', class: 'stacks endpoints' }, make('caption', { class: 'unseen' }, `Endpoints of ${this.name}`),
        make('thead', { role: 'rowgroup' }, make('tr', { role: 'row' }, ...heads)), body), this.note);
  }

  refused(text) {
    say(this.facts, text);
  }

  update(port) {
    const endpoints = port.endpoints ?? [];
    this.drained = endpoints.length > 0 && endpoints.every((one) => one.state === 'drained');
    say(this.button, this.drained ? 'Undrain the service' : 'Drain the service');
    say(this.facts, [`balancer ${port.balancer}`,
      port.affinitySeconds ? `clients stay for ${count(port.affinitySeconds)} s` : null,
      `internal policy ${port.internalTrafficPolicy}, external ${port.externalTrafficPolicy}`,
      port.limit ? `at most ${count(port.limit.perSecond)} new connections a second` : null].filter(Boolean).join(', '));
    const failed = causes(port.failed);
    say(this.failures, [failed ? `failed: ${failed}` : null,
      port.triedAnyway ? `${count(port.triedAnyway)} tried although all were ejected` : null].filter(Boolean).join('; '));
    this.#doors(port.frontends ?? [], port.protocol);
    const first = endpoints.length <= MOST ? endpoints
      : [...endpoints].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state)).slice(0, MOST);
    this.rows.show(first);
    say(this.note, endpoints.length === 0 ? 'It has no endpoint.'
      : first.length < endpoints.length ? `${MOST} of ${count(endpoints.length)} endpoints, those that need a look first` : '');
  }

  #doors(frontends, protocol) {
    const words = frontends.map((one) => `${one.kind} ${one.address}: door ${one.door}${one.why ? `, ${one.why}` : ''}`);
    if ([...this.fronts.children].map((item) => item.firstChild.textContent).join('\n') === words.join('\n')) {
      return;
    }
    this.fronts.replaceChildren(...frontends.map((one, index) => {
      const address = one.address.replace(/\/(TCP|UDP)$/, '');
      return make('li', {}, make('span', {}, words[index]), ' ', make('button', { class: 'small',
        'aria-label': `Why? ${address}`, click: () => this.why(address, protocol) }, 'Why?'));
    }));
  }
}
